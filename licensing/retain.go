package licensing

import (
	"context"
	"time"

	"seatdeck/model"
)

// Retainer is a journal whose oldest records can be given up.
type Retainer interface {
	// Old returns the records that Retain would drop.
	Old(ctx context.Context, before time.Time) (model.OldRecords, error)
	// Retain drops whole files in which every record is older than before, and
	// returns what went. What is still to be settled stays.
	Retain(ctx context.Context, before time.Time) (model.OldRecords, error)
}

// ForgetRecords drops the records of the journal from before a time, as far as
// whole files hold nothing younger, or only tells which those are. Nothing does
// that by itself: somebody asked.
func (d *Desk) ForgetRecords(ctx context.Context, before time.Time, tell bool) (model.OldRecords, error) {
	const op = "forget old records"
	ctx, done, err := d.begin(ctx, op)
	if err != nil {
		return model.OldRecords{}, err
	}
	defer done()
	keeper, ok := d.p.Journal.(Retainer)
	switch {
	case !ok:
		return model.OldRecords{}, model.Fail(model.ClassUnsupported, op, "this journal keeps every record", "")
	case tell:
		return keeper.Old(ctx, before)
	}
	return keeper.Retain(ctx, before)
}

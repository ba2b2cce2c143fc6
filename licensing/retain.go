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

const forgetRecords = "forget old records"

// OldRecords returns what [Desk.ForgetRecords] would drop.
func (d *Desk) OldRecords(ctx context.Context, before time.Time) (model.OldRecords, error) {
	return d.retain(ctx, before, Retainer.Old)
}

// ForgetRecords drops the records of the journal from before a time, as far as
// whole files hold nothing younger. Nothing does that by itself: somebody asked.
func (d *Desk) ForgetRecords(ctx context.Context, before time.Time) (model.OldRecords, error) {
	return d.retain(ctx, before, Retainer.Retain)
}

func (d *Desk) retain(ctx context.Context, before time.Time, do func(Retainer, context.Context, time.Time) (model.OldRecords, error)) (model.OldRecords, error) {
	ctx, done, err := d.begin(ctx, forgetRecords)
	if err != nil {
		return model.OldRecords{}, err
	}
	defer done()
	keeper, ok := d.p.Journal.(Retainer)
	if !ok {
		return model.OldRecords{}, model.Fail(model.ClassUnsupported, forgetRecords, "this journal keeps every record", "")
	}
	return do(keeper, ctx, before)
}

package licensing

import (
	"context"
	"time"

	"seatdeck/model"
)

// OldRecords are the records of the journal from before a time, as far as whole
// files hold nothing younger.
func (d *Desk) OldRecords(ctx context.Context, before time.Time) (model.OldRecords, error) {
	return d.p.Journal.Old(ctx, before)
}

// ForgetRecords drops the records that [Desk.OldRecords] returns, for good.
// Nothing does that by itself: somebody asked.
func (d *Desk) ForgetRecords(ctx context.Context, before time.Time) (model.OldRecords, error) {
	ctx, done, err := d.begin(ctx, "forget old records")
	if err != nil {
		return model.OldRecords{}, err
	}
	defer done()
	return d.p.Journal.Retain(ctx, before)
}

package licensing

import (
	"context"
	"encoding/json"
	"time"

	"seatdeck/model"
)

const (
	// hostPause keeps runs on the server apart that nobody asked for by name: each
	// starts GitLab's Ruby (gitlab-host §9.4).
	hostPause = time.Minute
	// pinsFresh is how long what the server said of its configuration file is good
	// enough for a plan, unless it stands in the plan's way.
	pinsFresh = 10 * time.Minute
)

// PinsDue reports whether the next plan for the registration switches asks the
// server what its configuration file pins, which starts GitLab's Ruby and may
// take a minute. Only where the profile syncs by way of the server.
func (d *Desk) PinsDue() bool {
	known := d.snapshot().Pins
	most := pinsFresh
	if known.Value.Pinned.Or(true) {
		most = hostPause
	}
	return d.pinsOlder(most)
}

// pinsOlder reports whether the pins may be read here, and are older than that.
func (d *Desk) pinsOlder(most time.Duration) bool {
	d.mu.Lock()
	tried := d.pinsTried
	d.mu.Unlock()
	now, known := d.now(), d.snapshot().Pins
	switch {
	case d.p.Host == nil, d.SyncDriver("") != model.DriverHost, d.p.Info.Mode.Allow(model.OpHostPins) != nil:
		return false
	case now.Sub(tried) < hostPause && !now.Before(tried):
		return false
	}
	return !known.Known() || known.AsOf.Age(now) >= most
}

// ReadPins asks the server what its configuration file pins, unless that was
// read within the last minute or the profile does not sync by way of the server.
// It changes nothing there. What came of it, an error too, is among the facts.
func (d *Desk) ReadPins(ctx context.Context) error {
	ctx, done, err := d.begin(ctx, model.OpHostPins.What)
	if err != nil {
		return err
	}
	defer done()
	if d.pinsOlder(hostPause) {
		return d.readPins(ctx)
	}
	return nil
}

// readPins reads the pins and keeps them. Only the end of ctx is an error: a plan
// can do without them.
func (d *Desk) readPins(ctx context.Context) error {
	d.mu.Lock()
	d.pinsTried = d.now()
	d.mu.Unlock()
	var pins model.Pins
	err := guarded(model.OpHostPins.What, func() (err error) {
		pins, err = d.p.Host.Pins(ctx)
		return err
	})
	e := model.AsError(model.OpHostPins.What, err)
	if e != nil && e.Class == model.ClassCancelled {
		return e
	}
	facts := d.change(func(f *model.Facts) {
		if e != nil {
			f.Pins = f.Pins.Failed(e)
		} else {
			f.Pins = model.Read(pins, model.AsOf{At: d.now(), Source: model.SourceHost})
		}
	})
	d.settle(TaskSave, d.p.Cache.Save(context.WithoutCancel(ctx), facts, nil))
	return nil
}

// tooSoon is why a timer may not have the server sync yet: another one did less
// than a minute ago, by whichever process.
func (d *Desk) tooSoon() *model.Error {
	now := d.now()
	for _, e := range d.journaled() {
		var in model.Intent
		if e.Kind != model.EntryIntent || json.Unmarshal(e.Body, &in) != nil || in.Plan.Kind != model.ActSyncHost || in.Plan.Trigger != model.TriggerTimer {
			continue
		}
		if since := now.Sub(in.At); since >= 0 && since < hostPause {
			return model.Fail(model.ClassLocked, askForSync, "a timer asked the server less than a minute ago", "each run starts GitLab's Ruby: let timers keep their distance")
		}
	}
	return nil
}

package licensing

import (
	"context"
	"time"

	"seatdeck/model"
)

// syncReading is the last sync time and the terms as the instance shows them
// now. Parts that its version does not have are left out.
func (d *Desk) syncReading(ctx context.Context) (model.Reading, error) {
	in, now := d.p.Instance, model.Live(d.now())
	lic, err := in.License(ctx)
	if err != nil {
		return nil, err
	}
	f := model.Facts{License: model.Read(lic, now)}
	if terms, err := in.Future(ctx); err == nil {
		f.Future = model.Read(terms, now)
	} else if !unsupported(err) {
		return nil, err
	}
	if adds, err := in.AddOns(ctx); err == nil {
		f.AddOns = model.Read(adds, now)
	} else if !unsupported(err) {
		return nil, err
	}
	return model.SyncReading(lic.LastSync, model.TermsKeyOf(&f)), nil
}

func unsupported(err error) bool {
	return model.AsError(askForSync, err).Class == model.ClassUnsupported
}

// checkSync is what both acts of a sync ask right before they send. A sync that
// came between plan and act is one too: another is not added.
func (d *Desk) checkSync(ctx context.Context, a Attempt) (model.Reading, error) {
	now, err := d.syncReading(ctx)
	if err != nil {
		return nil, err
	}
	if model.SyncMoved(a.Step.Precondition, now) {
		at := now.LastSync().Or(time.Time{})
		return nil, model.Fail(model.ClassLocked, askForSync, "another sync came in between, at "+at.UTC().Format("15:04:05 UTC"), "nothing was sent; seatdeck sync history shows it")
	}
	return now, nil
}

// confirmSync watches the last sync time, reads the terms, and judges.
func (d *Desk) confirmSync(ctx context.Context, a Attempt, e *model.SyncEvidence, patience time.Duration) (model.Verdict, error) {
	e.Before, e.Lost, e.Settling, e.Began = a.Before, a.Lost, a.Settling, a.Began
	after, err := d.pollSync(ctx, a.Waiting, a.Before, patience, a.Looked)
	if err == nil && model.SyncMoved(a.Before, after) {
		a.Tell(model.StagePull, "reading the terms")
		if after, err = d.syncReading(ctx); err == nil {
			a.Tell(model.StagePull, "licence and terms read")
		}
	}
	if err != nil {
		if !e.Host.Known() {
			return model.Verdict{}, err
		}
		after = nil // the server's own word is left
	}
	e.After = after
	return model.JudgeSync(e), nil
}

// patienceOf is how long the last sync time is watched.
func (d *Desk) patienceOf(a Attempt, host model.HostSync) time.Duration {
	switch {
	case a.Settling:
		return 0
	case host.Verdict != "" && host.Verdict != model.HostNotQueued:
		return 2 * pollQuick // the server has watched; the database that was asked may lag behind (gitlab-host §9.4)
	}
	return d.SyncPatience()
}

// hostSync is the act of asking the GitLab server.
type hostSync struct{ d *Desk }

func (hostSync) tellsStages() {}

func (s hostSync) Check(ctx context.Context, a Attempt) (model.Reading, error) {
	now, err := s.d.checkSync(ctx, a)
	if e := model.AsError(askForSync, err); e != nil && e.Class == model.ClassDenied {
		// A token that may not read the licence: the server itself tells.
		return model.Reading{}, nil
	}
	return now, err
}

// Send has the server sync, and passes its stages on. Once the server was asked,
// nobody's waiting keeps the program on the server either: the job goes on
// without it.
func (s hostSync) Send(ctx context.Context, a Attempt) (Reply, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a.Tell(model.StageCheck, "starting GitLab's own code on the server")
	f := &following{a: a, d: s.d, leave: cancel}
	var out model.HostSync
	err := f.while(func(stages func(model.HostStage)) error {
		return guarded(askForSync, func() (err error) {
			out, err = s.d.p.Host.Sync(ctx, model.HostSyncOrder{Watch: s.d.SyncPatience(), Gentle: a.Plan.Trigger == model.TriggerTimer}, stages)
			return err
		})
	})
	if f.left && out.Sent == model.SentYes {
		err = nil // the server's yes was plain; nobody waited for more
	}
	return hostReply(out, err)
}

// following passes on what the server tells while it syncs. Acts are told of it
// in one goroutine, whichever the server's stages come from.
type following struct {
	a     Attempt
	d     *Desk
	leave context.CancelFunc

	asked time.Time // when the server was asked; zero before
	looks int
	left  bool // nobody waits any more, and the program was told to end
}

// while runs sync and passes its stages on until it returns. A stage that comes
// later still goes nowhere.
func (f *following) while(sync func(stages func(model.HostStage)) error) error {
	stages, over, end := make(chan model.HostStage), make(chan struct{}), make(chan error, 1)
	defer close(over)
	go func() {
		end <- sync(func(h model.HostStage) {
			select {
			case stages <- h:
			case <-over:
			}
		})
	}()
	gone := f.a.Waiting.Done()
	for {
		select {
		case h := <-stages:
			f.stage(h)
		case <-gone:
			gone = nil
		case err := <-end:
			return err
		}
		if gone == nil && !f.asked.IsZero() && !f.left {
			f.left = true
			f.leave()
		}
	}
}

// stage takes one stage of the server. The job's own stage comes again while
// nothing is new: that is one more look.
func (f *following) stage(h model.HostStage) {
	if h.Name == "trigger" && h.State == "done" {
		f.asked = f.d.now()
	}
	tellHost(f.a, h)
	if h.Name == "job" {
		f.a.Looked(f.looks, f.asked.Add(f.d.SyncPatience()))
		f.looks++
	}
}

// hostReply tells what an ended run came to: refused and a retry that waits are
// plain answers after which nothing was sent.
func hostReply(h model.HostSync, err error) (Reply, error) {
	reply := Reply{NotSent: h.Sent == model.SentNo, Told: h, Details: h.Details(), Before: h.ReadingBefore()}
	switch {
	case err != nil:
		return reply, err
	case h.Verdict == model.HostRefused:
		reason, next := h.Refusal.Words()
		return reply, model.Fail(model.ClassRefused, askForSync, reason, next)
	}
	return reply, nil
}

// tellHost words a stage of the server as one of ours.
func tellHost(a Attempt, h model.HostStage) {
	stage, note := model.StageTrigger, hostNotes[h.Name+" "+h.State]
	switch h.Name {
	case "check":
		stage = model.StageCheck
	case "packet":
		stage = model.StagePacket
	case "job":
		stage = model.StageConfirm
	}
	if note == "" {
		note = h.Name + " " + h.State
	}
	detail := h.Detail.String()
	switch h.Name {
	case "check":
		detail, _ = model.HostRefusal(detail).Words()
	case "trigger":
		detail = "" // the way that this version has
	case "packet":
		if p, ok := h.Packet.Get(); ok {
			note = packetNote(p)
		}
	}
	if detail != "" {
		note += ": " + detail
	}
	a.Tell(stage, note)
}

// packetNote is what a packet holds, in a few words.
func packetNote(p model.Packet) string {
	count := func(n model.Opt[int]) string {
		if v, ok := n.Get(); ok {
			return model.Thousands(int64(v))
		}
		return "–"
	}
	note := count(p.Billable) + " billable, peak " + count(p.Maximum)
	if at, ok := p.Row.Get(); ok {
		note += ", of the daily row of " + model.DayOf(at).String()
	}
	return note
}

// hostNotes are the server's stages in plain words.
var hostNotes = map[string]string{
	"check begin":   "GitLab's code answers on the server",
	"check done":    "this licence syncs",
	"check refused": "GitLab would not sync",
	"packet done":   "GitLab told what it sends",
	"retry retry":   "an earlier sync waits for its next try",
	"trigger begin": "asking GitLab's own code",
	"trigger done":  "GitLab was asked, once",
	"job waiting":   "the job waits in its queue",
	"job scheduled": "the job waits for its time",
	"job running":   "the job runs",
	"job retry":     "the job failed and waits for its next try",
	"job dead":      "GitLab gave the job up",
	"job gone":      "the job is gone from its queue",
	"job done":      "the job is done",
}

func (s hostSync) Confirm(ctx context.Context, a Attempt) (model.Verdict, error) {
	e := &model.SyncEvidence{Driver: model.DriverHost}
	host, told := a.Reply.Told.(model.HostSync)
	if told {
		e.Host = model.Some(host)
	}
	return s.d.confirmSync(ctx, a, e, s.d.patienceOf(a, host))
}

// activation is the act of repeating the activation.
type activation struct{ d *Desk }

func (s activation) Check(ctx context.Context, a Attempt) (model.Reading, error) {
	// The record is read again: another process may have activated since.
	s.d.readJournal(ctx)
	c := s.d.driverContext()
	c.LastActivation = lastActivation(s.d.journaled(), a.Plan.ID)
	if err := c.Refuse(model.DriverActivation); err != nil {
		return nil, err
	}
	return s.d.checkSync(ctx, a)
}

func (s activation) Send(ctx context.Context, _ Attempt) (Reply, error) {
	code, err := s.d.p.ActivationCode(ctx)
	if err != nil {
		return Reply{NotSent: true}, err
	}
	_, err = s.d.p.Instance.Activate(ctx, code)
	return Reply{NotSent: neverBegan(model.AsError(askForSync, err))}, err
}

func (s activation) Confirm(ctx context.Context, a Attempt) (model.Verdict, error) {
	patience := s.d.patienceOf(a, model.HostSync{})
	if a.Lost != nil && a.Lost.Class == model.ClassFailed {
		patience = 0 // the instance told what failed
	}
	return s.d.confirmSync(ctx, a, &model.SyncEvidence{Driver: model.DriverActivation}, patience)
}

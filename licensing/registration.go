package licensing

import (
	"context"
	"encoding/json"

	"seatdeck/model"
)

// RegistrationPlan is a plan for the switches of registration with all that is
// shown of it: a dialog and a verb need nothing else. Its receipts are those of
// the disclosures.
type RegistrationPlan struct {
	model.ChangePlan
	Change      model.RegistrationChange
	Disclosures []model.Disclosure // what goes out as things stand
	AsOf        model.AsOf         // when the settings were read
	Blocked     *model.Error       // why it cannot be applied from here; nil when it can
}

// PlanRegistration reads the instance anew and works out what the wish takes; where
// the profile syncs by way of the server, that is asked what its configuration
// file pins, unless it was a moment ago. It sends nothing that changes anything,
// so it works in read-only mode too, where Blocked says what to set. A plan
// without steps finds nothing to change.
func (d *Desk) PlanRegistration(ctx context.Context, wish model.RegistrationWish) (RegistrationPlan, error) {
	v, err := d.Refresh(ctx, RefreshOptions{NoRoster: true}, nil)
	if err != nil {
		return RegistrationPlan{}, err
	}
	if d.PinsDue() {
		if err := d.planPins(ctx); err != nil {
			return RegistrationPlan{}, err
		}
		v = d.View()
	}
	change, fault := model.RegistrationChangeOf(&v.Facts, d.p.Shelf.Catalogue, wish)
	if fault != nil {
		return RegistrationPlan{}, fault
	}
	p := RegistrationPlan{Change: change, Disclosures: model.DisclosuresOf(&v.Facts, v.Now), AsOf: v.Facts.Settings.AsOf}
	if p.ChangePlan, err = d.NewPlan(ctx, wish.Kind(), model.DangerOne, wish.Title()); err != nil {
		return RegistrationPlan{}, err
	}
	p.Gains, p.Losses, p.Warnings = change.Gains, change.Losses, change.Warnings
	for _, shown := range p.Disclosures {
		p.Shown = append(p.Shown, shown.Receipt())
	}
	if !change.Empty() {
		p.Steps = []model.Step{change.Step(v.Facts.Settings.Value)}
		if p.Blocked = d.p.Info.Mode.Allow(model.OpSettingsWrite); p.Blocked == nil {
			p.Blocked = v.Facts.Token.Value.Allow(model.OpSettingsWrite)
		}
	}
	return p, nil
}

// planPins reads the pins as a piece of work of the desk.
func (d *Desk) planPins(ctx context.Context) error {
	ctx, done, err := d.begin(ctx, model.OpHostPins.What)
	if err != nil {
		return err
	}
	defer done()
	return d.readPins(ctx)
}

// RegistrationForecasts works out by what is known, without reading anything, what
// each wish would send and bring. A wish that this instance cannot have is left
// out.
func (d *Desk) RegistrationForecasts() []model.RegistrationChange {
	f := d.snapshot()
	out := []model.RegistrationChange{}
	for _, wish := range []model.RegistrationWish{model.WishEnable, model.WishDisable, model.WishOptionalOn, model.WishOptionalOff} {
		if c, err := model.RegistrationChangeOf(f, d.p.Shelf.Catalogue, wish); err == nil {
			out = append(out, c)
		}
	}
	return out
}

// switches is the act behind plans for registration: one request that holds the
// planned fields and nothing else of the settings.
type switches struct{ d *Desk }

// Check reads the switches as they are.
func (s switches) Check(ctx context.Context, _ Attempt) (model.Reading, error) {
	now, err := s.d.p.Instance.Settings(ctx)
	return model.SwitchReading(now), err
}

// Send sends the fields. What the instance answers is not believed; it is read
// back.
func (s switches) Send(ctx context.Context, a Attempt) (Reply, error) {
	_, err := s.d.p.Instance.PutSettings(ctx, json.RawMessage(a.Step.Send))
	return Reply{NotSent: neverBegan(model.AsError(model.OpSettingsWrite.What, err))}, err
}

// neverBegan reports whether surely nothing was begun: no request left, or the
// instance takes none right now.
func neverBegan(e *model.Error) bool {
	return e != nil && (e.Class == model.ClassUnreachable || e.Class == model.ClassConfig || e.Class == model.ClassLocked || e.Class == model.ClassInternal)
}

// Confirm reads the switches back. The settings become the desk's own, so that
// the next view shows them.
func (s switches) Confirm(ctx context.Context, a Attempt) (model.Verdict, error) {
	now, err := s.d.p.Instance.Settings(ctx)
	if err != nil {
		return model.Verdict{}, err
	}
	s.d.change(func(f *model.Facts) { f.Settings = model.Read(now, model.Live(s.d.now())) })
	return model.JudgeSwitches(a.Step, model.SwitchReading(now), a.Lost, a.Late), nil
}

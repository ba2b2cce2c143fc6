package ui

import (
	"context"
	"strings"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/kit"
)

// The acts that a pane can ask for, beside the kinds of plans.
const actSync = "sync" // whatever the driver

// intent is an act that was asked for: what it is called, what it would do, and
// how it is planned.
type intent struct {
	title string          // of plan, progress and result: "Opt in to registration features"
	op    model.Operation // that it sends in the end; one that only reads sends nothing
	plan  func(context.Context, *licensing.Desk) (planned, error)
	watch *licensing.SyncOrder // instead of a plan: what is run at once, because it sends nothing
	does  string               // how, in plain words; "" where the title says it
	page  string               // that a person opens meanwhile; "" for none

	driver model.Driver // of a sync; "" for other acts
}

// planned is a plan with everything that is put before a person.
type planned struct {
	model.ChangePlan
	effects []model.SwitchEffect // of the registration switches, changed or not
	shown   []model.Disclosure
	asOf    model.AsOf   // of what the effects start from
	reason  string       // why there is nothing to do
	blocked *model.Error // why it cannot be applied from here
}

// intentOf is what a pane asked for. It reports whether there is such an act.
func (m *root) intentOf(b kit.Begin) (intent, bool) {
	switch b.Act {
	case string(model.ActRegistrationEnable):
		return switching(model.WishEnable), true
	case string(model.ActRegistrationDisable):
		return switching(model.WishDisable), true
	case string(model.ActRegistrationOptional):
		wish := model.RegistrationWish("optional " + b.Choice)
		return switching(wish), wish.Title() != ""
	case string(model.ActRecount):
		return recounting(), true
	case actSync:
		return m.syncing(m.desk.SyncDriver(b.Choice)), true
	}
	return intent{}, false
}

// switching is an intent about the registration switches.
func switching(wish model.RegistrationWish) intent {
	return intent{title: wish.Title(), op: model.OpSettingsWrite, plan: func(ctx context.Context, d *licensing.Desk) (planned, error) {
		p, err := d.PlanRegistration(ctx, wish)
		return planned{p.ChangePlan, p.Change.Effects, p.Disclosures, p.AsOf, p.Change.Reason, p.Blocked}, err
	}}
}

// recounting is the intent to have the billable users counted anew.
func recounting() intent {
	return intent{title: "Count the billable users anew", op: model.OpRecount, plan: func(ctx context.Context, d *licensing.Desk) (planned, error) {
		p, err := d.PlanRecount(ctx)
		return planned{ChangePlan: p}, err
	}}
}

// syncing is the intent to sync by a driver, or to watch for a sync where the
// driver sends nothing.
func (m *root) syncing(driver model.Driver) intent {
	if !driver.Sends() {
		order := licensing.SyncOrder{Driver: driver, Trigger: model.TriggerYou}
		it := intent{title: "Watch for a sync", op: model.OpLicense, watch: &order, driver: driver}
		it.page, _ = m.desk.SyncPage(driver)
		return it
	}
	it := intent{title: "Sync with the vendor", op: model.OpHostSync, driver: driver}
	if driver == model.DriverActivation {
		it.title, it.op = "Activate again", model.OpActivate
	}
	it.does = driver.Does() + "; it can claim " + driver.Claims()
	it.plan = func(ctx context.Context, d *licensing.Desk) (planned, error) {
		p, err := d.PlanSync(ctx, driver, model.TriggerYou)
		return planned{ChangePlan: p.ChangePlan, shown: p.Disclosures}, err
	}
	return it
}

// lowered begins a title in the middle of a sentence.
func lowered(title string) string {
	if title == "" {
		return ""
	}
	return strings.ToLower(title[:1]) + title[1:]
}

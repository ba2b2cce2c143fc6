package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// syncing is one run of the verb that syncs.
type syncing struct {
	consenting
	a         *app
	driver    string
	wait      time.Duration
	olderThan time.Duration
	timer     bool
}

// How long --wait waits when no time is given with it.
const usualWait = "5m"

const syncHelp = `Has the instance sync with the vendor by a driver of the profile, follows it, and says what truly
happened: changed, unchanged, terms refreshed, unconfirmed, unknown, refused, failed, not sent.
Only a later time of the last sync proves a sync. Ctrl+C before anything is sent cancels (exit 130);
afterwards it stops waiting (exit 5), and a later reading tells what became of it. The counts that
GitLab sends are those of its newest daily row; seatdeck itself sends nothing to the vendor. Plan and
result are in the journal.`

func (a *app) syncRunVerb() *cobra.Command {
	s := &syncing{a: a}
	cmd := &cobra.Command{
		Use: "run", Short: "Have the instance sync, and see whether it really happened", Long: syncHelp,
		Example:     "seatdeck sync run --dry-run\nseatdeck sync run --driver host --yes\nseatdeck sync run --if-older-than 20h --yes --quiet",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE:        func(cmd *cobra.Command, _ []string) error { return s.run(cmd.Context()) },
	}
	s.flags(cmd, model.DangerOne, model.DangerName)
	f := cmd.Flags()
	f.StringVar(&s.driver, "driver", "", "how: "+strings.Join(driverNames(), ", ")+"; the profile's otherwise")
	f.DurationVar(&s.wait, "wait", 0, "wait for a sync that is under way, and join it")
	f.Lookup("wait").NoOptDefVal = usualWait
	f.DurationVar(&s.olderThan, "if-older-than", 0, "do nothing when the last sync is younger, such as 20h")
	f.BoolVar(&s.timer, "timer", false, "a timer set it off, not you: the record says so")
	return cmd
}

// run syncs, or says why there is nothing to do.
func (s *syncing) run(ctx context.Context) (err error) {
	a := s.a
	switch {
	case a.offline:
		return usage("leave out --offline", "a sync cannot be run offline")
	case s.wait < 0 || s.olderThan < 0:
		return usage("such as --wait=5m --if-older-than 20h", "a time cannot be negative")
	}
	return a.withDesk(ctx, func(desk *licensing.Desk) error {
		driver := desk.SyncDriver(s.driver)
		if s.olderThan > 0 {
			if young, err := s.young(ctx, desk); err != nil || young {
				return err
			}
		}
		if s.dry {
			return s.show(ctx, desk, driver)
		}
		if page, ok := desk.SyncPage(driver); ok {
			a.say("open %s as an administrator and press Sync; seatdeck watches for %s", page, words.Took(desk.SyncPatience()))
		}
		result, err := desk.RunSync(ctx, s.order(ctx, driver), a.stages())
		if result.Outcome == "" || result.Outcome == model.OutcomeNotSent && err != nil {
			return err
		}
		return s.end(ctx, desk, driver, result, err)
	})
}

func driverNames() []string {
	var names []string
	for _, d := range model.Drivers() {
		names = append(names, string(d))
	}
	return names
}

func (s *syncing) order(ctx context.Context, driver model.Driver) licensing.SyncOrder {
	return licensing.SyncOrder{
		Driver: driver, Trigger: s.trigger(), Patience: s.wait,
		Agree: func(p licensing.SyncPlan) (model.Consent, error) {
			return s.a.agree(ctx, p.ChangePlan, p.Disclosures, s.consenting)
		},
	}
}

func (s *syncing) trigger() model.Trigger {
	if s.timer {
		return model.TriggerTimer
	}
	return model.TriggerYou
}

// young reports whether the last sync is young enough to leave it at that, and
// says so.
func (s *syncing) young(ctx context.Context, desk *licensing.Desk) (bool, error) {
	if err := desk.ReadForSync(ctx); err != nil {
		return false, err
	}
	v := desk.View()
	last, ok := v.Facts.License.Value.LastSync.Get()
	if !ok || v.Now.Sub(last) >= s.olderThan {
		return false, nil
	}
	r := model.Result{Outcome: model.OutcomeNothingToDo, Steps: []model.StepResult{},
		Note: model.Clean("the last sync was " + words.Event(last, v.Now, s.a.d.Zone))}
	return true, s.print(v, desk.SyncDriver(s.driver), r)
}

// show prints the plan of a driver that sends, and what another one would do.
func (s *syncing) show(ctx context.Context, desk *licensing.Desk, driver model.Driver) error {
	if !driver.Sends() {
		return s.a.printDrivers(desk)
	}
	plan, err := desk.PlanSync(ctx, driver, s.trigger())
	if err != nil {
		return err
	}
	return s.a.printPlan(plan.ChangePlan, plan.Disclosures)
}

// end reads the instance once more, so that what is kept is as new as the
// result, prints the result, and ends with its exit code.
func (s *syncing) end(ctx context.Context, desk *licensing.Desk, driver model.Driver, r model.Result, err error) error {
	if r.Sent() && ctx.Err() == nil {
		if _, old := desk.Refresh(context.WithoutCancel(ctx), licensing.RefreshOptions{NoRoster: true}, nil); old != nil {
			s.a.say("seatdeck: what is kept on this machine is older than the sync: %s", model.AsError("", old).Msg)
		}
	}
	if e := s.print(desk.View(), driver, r); e != nil {
		return e
	}
	if err != nil && r.Err == nil {
		return err
	}
	return resultError(r)
}

// syncRunDoc is "seatdeck.sync-run".
type syncRunDoc struct {
	head
	Instance instanceJSON `json:"instance"`
	Driver   model.Driver `json:"driver"`
	Claims   string       `json:"claims"`
	Result   model.Result `json:"result"`
	Exit     int          `json:"exit"`
	LastSync any          `json:"last_sync"`
}

func (s *syncing) print(v *licensing.View, driver model.Driver, r model.Result) error {
	doc := syncRunDoc{head: headOf("sync-run"), Instance: instanceOf(v), Driver: driver, Claims: driver.Claims(), Result: r, Exit: r.ExitCode()}
	// The history knows what the server told as well, where the API shows nothing.
	last := v.History.LastSync
	doc.LastSync = agedAt(utc(last), v.History.ReadAt)
	b := block{title: "Sync", note: "by " + string(driver), rows: [][]string{{"outcome", words.Outcome(r.Outcome).String(), r.Note.String()}}}
	for _, c := range changesOf(r) {
		b.rows = append(b.rows, []string{"changed: " + c.Field, words.Change(c.Before, c.After)})
	}
	b.rows = append(b.rows, []string{"last sync", words.EventOpt(last, v.Now, s.a.d.Zone), s.a.syncNote(v)})
	if r.Err != nil {
		b.rows = append(b.rows, []string{"cause", r.Err.Msg.String()})
		if !r.Err.Next.Empty() {
			b.rows = append(b.rows, []string{"what helps", r.Err.Next.String()})
		}
	}
	return s.a.print(document{body: doc, blocks: append([]block{b}, stageBlocks(r, s.a.d.Zone)...)})
}

func changesOf(r model.Result) []model.Change {
	var out []model.Change
	for _, s := range r.Steps {
		out = append(out, s.Changes...)
	}
	return out
}

// stageBlocks are the stages of what was begun, none where nothing was.
func stageBlocks(r model.Result, zone *time.Location) []block {
	if b := stageBlock(r.Stages(), zone); len(b.rows) > 0 {
		return []block{b}
	}
	return nil
}

// stageBlock is stages with what each found and the time it took.
func stageBlock(stages []model.StageRun, zone *time.Location) block {
	b := block{title: "Stages"}
	for _, g := range stages {
		b.rows = append(b.rows, []string{words.ClockSecond(g.Began, zone), string(g.Stage), words.Took(g.Ended.Sub(g.Began)), words.Stage(g)})
	}
	return b
}

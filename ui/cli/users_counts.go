package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// userCount is one number of users that somebody might quote, with what exactly
// it counts.
type userCount struct {
	key, title string
	value      model.Opt[int]
	estimate   bool
	definition string
	at         model.AsOf
}

type userCountJSON struct {
	Key        string         `json:"key"`
	Title      string         `json:"title"`
	Value      model.Opt[int] `json:"value"`
	Estimate   bool           `json:"estimate"`
	Definition string         `json:"definition"`
	AsOf       *time.Time     `json:"as_of"`
	Source     *model.Source  `json:"source"`
}

func (c userCount) doc() userCountJSON {
	g := agedAt(nil, c.at)
	return userCountJSON{c.key, c.title, c.value, c.estimate, c.definition, g.AsOf, g.Source}
}

// countsDoc is "seatdeck.users-counts".
type countsDoc struct {
	head
	Instance    instanceJSON    `json:"instance"`
	Counts      []userCountJSON `json:"counts"`
	Tally       aged            `json:"seat_rules"`
	Differences []string        `json:"differences"`
}

func (a *app) usersCountsVerb() *cobra.Command {
	return &cobra.Command{
		Use: "counts", Short: "Every number of users there is, what it counts, and why they differ",
		Example:     "seatdeck users counts\nseatdeck users counts -o json",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON, asCSV),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.read(cmd.Context(), needRoster, func(d *licensing.Desk, v licensing.View) error {
				return a.usersCounts(cmd.Context(), d, v)
			})
		},
	}
}

func (a *app) usersCounts(ctx context.Context, d *licensing.Desk, v licensing.View) error {
	r, err := d.Roster(ctx)
	if err != nil {
		return noRoster(err)
	}
	if !r.Complete() {
		return partialRoster("nothing can be counted", r)
	}
	tally := tallyOf(v, r)
	counts, why := countsOf(v, r, tally), differences(v, r, tally)
	doc := countsDoc{
		head: headOf("users-counts"), Instance: instanceOf(v),
		Tally: agedAt(tally, r.AsOf()), Differences: nonNil(why),
	}
	for _, c := range counts {
		doc.Counts = append(doc.Counts, c.doc())
	}
	s := countSheet(counts)
	blocks := []block{a.countBlock(v, counts)}
	if len(why) > 0 {
		blocks = append(blocks, block{title: "Why they differ", tail: why})
	}
	return a.print(document{body: doc, blocks: blocks, sheet: &s})
}

// tallyOf asks the seat rule about every account.
func tallyOf(v licensing.View, r *model.Roster) model.SeatTally {
	judge := model.NewSeatJudge(v.SeatContext())
	var t model.SeatTally
	for i := range r.Len() {
		t.Add(*judge.Of(r.Bare(i)))
	}
	return t
}

// countsOf lists the numbers, those of the subscription first.
func countsOf(v licensing.View, r *model.Roster, t model.SeatTally) []userCount {
	f, l := v.Facts, v.Facts.License.Value
	read, at := f.License.AsOf, r.AsOf()
	some := model.Some[int]
	out := []userCount{
		{"seats_in_subscription", "seats in subscription", l.Seats, false, "seats the licence was sold with", read},
		{"billable_users", "billable users", l.Daily, false, "the instance's own count, taken once a day; this is what a sync sends", countedAt(f.License)},
		{"maximum_users", "maximum users", l.Maximum, false, "the highest daily count of the term; renewal is charged by it", read},
		{"users_over_now", "users over now", l.OverNow, false, "billable users above the seats, today", read},
		{"users_over_subscription", "users over subscription", l.OverPeak, false, "the maximum above the seats, owed at renewal", read},
		{"billable_by_flag", "billable by flag", t.ByFlag(), false, "accounts that GitLab marks as using a seat, counted in the list", at},
		{"billable_by_rule", "billable by rule", t.ByRule(), false, "accounts that take a seat by the documented rules alone; unknown where a role decides that lists do not show", at},
		{"accounts", "accounts", some(r.Len()), false, "everybody in the list, bots and blocked ones too", at},
		{"users_estimate", "users in statistics", f.Statistics.Value.Users, true, "the database's own estimate of all accounts", f.Statistics.AsOf},
		{"active_users", "active users", f.Statistics.Value.ActiveUsers, false, "accounts in state active, bots and guests too; not the billable count", f.Statistics.AsOf},
	}
	b := model.BreakdownOf(r, v.QueryEnv(r))
	for _, s := range b.States {
		out = append(out, userCount{"state_" + s.State, "state " + s.State, some(s.Accounts), false, "accounts in this state, bots too", at})
	}
	return append(out,
		userCount{"humans", "people", some(b.Kinds.Humans), false, "accounts that are no bots, in any state", at},
		userCount{"bots", "bots", some(b.Kinds.Bots), false, "bots, service accounts and internal accounts, in any state", at},
		promotionCount(f),
	)
}

func promotionCount(f model.Facts) userCount {
	n := model.None[int]()
	if f.Promotions.Known() {
		n = model.Some(len(f.Promotions.Value))
	}
	return userCount{"waiting_promotions", "waiting for a billable role", n, false, "people whose promotion somebody must approve", f.Promotions.AsOf}
}

// differences says, one sentence each, why two of the numbers are not the same.
func differences(v licensing.View, r *model.Roster, t model.SeatTally) []string {
	l := v.Facts.License.Value
	if v.Facts.License.Known() && !l.Present() {
		return []string{"Without a licence the instance counts nobody as billable, so there is no such number."}
	}
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	daily, okD := l.Daily.Get()
	flagged, okF := t.ByFlag().Get()
	ruled, okR := t.ByRule().Get()
	if okD && okF && daily != flagged {
		add("Billable users (%s) and the flags in the list (%s) differ by %s: the count is taken once a day, the list is of now.",
			words.Int(daily), words.Int(flagged), words.Signed(flagged-daily))
	}
	if okF && okR && flagged != ruled {
		add("Flags (%s) and rules (%s) differ by %s: the instance counts by its flags.", words.Int(flagged), words.Int(ruled), words.Signed(ruled-flagged))
	}
	if t.Disagree > 0 {
		add("For %s the rule and GitLab's flag say different things: seatdeck users show names both; the instance counts by the flag.", words.Accounts(t.Disagree))
	}
	if t.Undecided > 0 {
		add("For %s the rules alone cannot tell: the deciding role is not in the list, so GitLab's flag stands.", words.Accounts(t.Undecided))
	}
	if peak, ok := l.Maximum.Get(); ok && okD && peak != daily {
		add("The maximum (%s) is %s above today's billable users: freeing seats does not lower it before renewal.", words.Int(peak), words.Int(peak-daily))
	}
	return append(out, statisticsDifferences(v, r, flagged, okF)...)
}

func statisticsDifferences(v licensing.View, r *model.Roster, flagged int, okF bool) []string {
	var out []string
	s := v.Facts.Statistics.Value
	if active, ok := s.ActiveUsers.Get(); ok && okF && active != flagged {
		out = append(out, fmt.Sprintf("Active users (%s) are not billable users (%s): bots count among them and, on some plans, guests.", words.Int(active), words.Int(flagged)))
	}
	if about, ok := s.Users.Get(); ok && about != r.Len() {
		out = append(out, fmt.Sprintf("The statistics (%s) estimate what the list counts (%s).", words.Int(about), words.Int(r.Len())))
	}
	return out
}

func (a *app) countBlock(v licensing.View, counts []userCount) block {
	b := block{head: []string{"count", "", "read", "what it counts"}}
	for _, c := range counts {
		value := words.Count(c.value)
		if c.estimate && c.value.Known() {
			value = "≈ " + value
		}
		b.rows = append(b.rows, []string{c.title, value, words.Age(c.at, v.Now, a.d.Zone).Text, c.definition})
	}
	return b
}

func countSheet(counts []userCount) sheet {
	return sheet{
		cols: []column{
			{"key", "count", false}, {"value", "value", true}, {"estimate", "estimate", false},
			{"as_of", "read", false}, {"source", "source", false}, {"definition", "what it counts", false},
		},
		n: len(counts),
		row: func(i int) []any {
			c := counts[i]
			return []any{c.key, c.value, model.Some(c.estimate), c.at.At, string(c.at.Source), c.definition}
		},
	}
}

package cli

import (
	"context"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

func (a *app) statusVerb() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "Subscription, users and seats, registration and sync in one page",
		Long: "Subscription, users and seats, registration and sync in one page, whatever could not be read. A part\n" +
			"that is missing is named, and the exit code is 3; 4 where the token may not read licence or settings.\n" +
			"An instance that does not answer is shown as it was read last, with exit code 0.",
		Example:     "seatdeck status\nseatdeck status -i lab -o json\nseatdeck status --offline",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE:        func(cmd *cobra.Command, _ []string) error { return a.status(cmd.Context()) },
	}
}

// status prints the four blocks, whatever could not be read: who asks for an
// overview wants what there is. It ends with a denial of the instance as a
// whole, of the licence or of the settings, and with exit code 3 where any other
// part is missing; that the network failed is no failure of the overview.
func (a *app) status(ctx context.Context) error {
	return a.read(ctx, need{overview: true}, func(_ *licensing.Desk, v *licensing.View) error {
		if err := a.print(document{body: statusBody(v), blocks: a.statusBlocks(v)}); err != nil {
			return err
		}
		for _, e := range []*model.Error{v.Offline, v.Facts.License.Err, v.Facts.Settings.Err} {
			if e != nil && e.Class == model.ClassDenied {
				return e
			}
		}
		return nil
	})
}

// instanceJSON names the instance in every document about one.
type instanceJSON struct {
	Name    string        `json:"name"`
	Host    string        `json:"host"`
	Mode    model.Mode    `json:"mode"`
	Sandbox bool          `json:"sandbox"`
	Version model.Version `json:"gitlab_version"`
}

// instanceOf says which instance a document is about. Inlined it would be in the
// program for every verb.
//
//go:noinline
func instanceOf(v *licensing.View) instanceJSON {
	i := v.Info
	return instanceJSON{i.Name, i.Host, i.Mode, i.Sandbox, v.Facts.Metadata.Value.Version}
}

// statusJSON is "seatdeck.status".
type statusJSON struct {
	head
	Instance     instanceJSON  `json:"instance"`
	Now          time.Time     `json:"now"`
	Alerts       []model.Alert `json:"alerts"`
	Subscription aged          `json:"subscription"`
	Users        usersJSON     `json:"users"`
	Registration aged          `json:"registration"`
	Sync         syncJSON      `json:"sync"`
}

// usersJSON is the block of users and seats.
type usersJSON struct {
	Billable aged `json:"billable_users"`
	Maximum  aged `json:"maximum_users"`
	Free     aged `json:"free_seats"`
	Accounts aged `json:"accounts"`
	Estimate aged `json:"accounts_estimate"`
	Recency  aged `json:"billable_by_recency"`
}

// syncJSON is the block of the sync history.
type syncJSON struct {
	Health   model.Health         `json:"health"`
	Why      string               `json:"why,omitempty"`
	LastSync aged                 `json:"last_sync"`
	NextFrom model.Opt[time.Time] `json:"next_window_from"`
	NextTo   model.Opt[time.Time] `json:"next_window_to"`
	Newest   *model.Record        `json:"newest_record"`
}

func statusBody(v *licensing.View) statusJSON {
	f := &v.Facts
	return statusJSON{
		head: headOf("status"), Instance: instanceOf(v), Now: v.Now.UTC(), Alerts: nonNil(v.Alerts),
		Subscription: agedOf(f.License, func(l model.License) any { return licenseOf(l, v.Now, false) }),
		Users:        usersOf(v),
		Registration: standingOf(v),
		Sync:         syncOf(v.History),
	}
}

// standingJSON is the registration without its features, which have a verb of
// their own.
type standingJSON struct {
	model.Registration
	Features *struct{} `json:"features,omitempty"`
}

// standingOf is never null: its state says what could not be read.
func standingOf(v *licensing.View) aged {
	g := registrationOf(v)
	g.Value = standingJSON{Registration: v.Registration}
	return g
}

func usersOf(v *licensing.View) usersJSON {
	f, l := v.Facts, v.Facts.License.Value
	return usersJSON{
		Billable: agedAt(l.Daily, f.CountedAt()),
		Maximum:  agedAt(l.Maximum, f.CountedAt()),
		Free:     agedAt(l.Free(), f.CountedAt()),
		Accounts: agedOf(f.Roster, itself[model.RosterSummary]),
		Estimate: agedAt(f.Statistics.Value.Users, f.Statistics.AsOf),
		Recency: agedOf(f.Breakdown, func(b model.Breakdown) any {
			if s, ok := b.Seats.Get(); ok && b.Complete {
				return s.Recency
			}
			return nil
		}),
	}
}

func syncOf(h model.History) syncJSON {
	s := syncJSON{
		Health: h.Health, Why: h.Why, LastSync: agedAt(utc(h.LastSync), h.ReadAt),
		NextFrom: utc(h.NextFrom), NextTo: utc(h.NextTo),
	}
	if len(h.Records) > 0 {
		s.Newest = &h.Records[0]
	}
	return s
}

func utc(t model.Opt[time.Time]) model.Opt[time.Time] {
	if v, ok := t.Get(); ok {
		return model.Some(v.UTC())
	}
	return t
}

func nonNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// statusBlocks is the status for people.
func (a *app) statusBlocks(v *licensing.View) []block {
	top := block{rows: [][]string{{"instance", v.Info.Name + " · " + v.Info.Host + " · " + v.Facts.Metadata.Value.Version.String() + " · " + words.Read(v.Facts.ReadAt, v.Now, a.d.Zone)}}}
	for _, al := range v.Alerts {
		top.rows = append(top.rows, []string{"attention", words.Status{Tone: words.LevelTone(al.Level), Word: al.Long}.String()})
	}
	return []block{top, a.subscriptionBlock(v), a.seatsBlock(v), a.registrationBlock(v), a.syncBlock(v)}
}

// termLeft is what is left of the term, marked as urgently as its alert is.
func termLeft(v *licensing.View) string {
	left := words.Status{Word: words.DaysLeft(v.Facts.License.Value.DaysLeft(v.Now))}
	for _, al := range v.Alerts {
		if al.Kind == model.AlertEnding || al.Kind == model.AlertExpired {
			left.Tone = words.LevelTone(al.Level)
		}
	}
	return left.String()
}

func (a *app) subscriptionBlock(v *licensing.View) block {
	p := v.Facts.License
	b := block{title: "Subscription", note: words.Part(p, v.Now, a.d.Zone).Text}
	if !p.Known() {
		b.rows = [][]string{{"licence", words.Unknown}}
		return b
	}
	l := p.Value
	if !l.Present() {
		b.rows = [][]string{{"licence", l.Kind.Title()}}
		return b
	}
	b.rows = [][]string{
		{"plan", l.Plan.Title() + " · " + l.Kind.Title()},
		{"licensee", either(l.Company, l.Name)},
		{"term", words.Term(l.Starts, l.Ends), termLeft(v)},
		{"seats in subscription", words.SeatLimit(l.Seats, l.NoLimit)},
	}
	for _, on := range v.Facts.AddOns.Value {
		b.rows = append(b.rows, []string{"add-on", words.AddOn(on.Name), words.Int(on.Assigned) + " of " + words.Seats(on.Purchased) + " assigned"})
	}
	return b
}

func either(a, b model.Text) string {
	switch {
	case !a.Empty():
		return a.String()
	case !b.Empty():
		return b.String()
	}
	return words.Unknown
}

func (a *app) seatsBlock(v *licensing.View) block {
	f, l := v.Facts, v.Facts.License.Value
	counted := words.PartOf(f.CountedAt(), f.License.Err, v.Now, a.d.Zone).Text
	note := ""
	if row, ok := v.Observed.Newest(); ok {
		note = "newest daily count " + words.Moment(row.At, v.Now, a.d.Zone)
	}
	b := block{title: "Users & seats", note: note, rows: [][]string{
		{"billable users", words.Count(l.Daily), words.Free(l.Free()), counted},
		{"maximum users", words.Count(l.Maximum), peakWords(l, v), counted},
		{"users over now", words.Count(l.OverNow), "billable users above the seats, today", counted},
		{"users over subscription", words.Count(l.OverPeak), "the maximum above the seats, owed at renewal", counted},
	}}
	accounts := words.Unknown
	if f.Roster.Known() {
		accounts = words.Int(f.Roster.Value.Accounts)
	} else if about, ok := f.Statistics.Value.Users.Get(); ok {
		b.rows = append(b.rows, []string{"accounts", "about " + words.Int(about), "the instance's own estimate", words.Part(f.Statistics, v.Now, a.d.Zone).Text})
		return b
	}
	note = words.Roster(f.Roster, v.Now, a.d.Zone).Text
	if !f.Roster.Known() && f.Roster.Err == nil && f.Statistics.Err != nil { // nobody asked for the list; what stands in the way of the estimate would of it too
		note = words.Part(f.Statistics, v.Now, a.d.Zone).Text
	}
	b.rows = append(b.rows, []string{"accounts", accounts, "", note})
	if s, ok := f.Breakdown.Value.Seats.Get(); ok && f.Breakdown.Value.Complete {
		c := s.Recency
		b.rows = append(b.rows, []string{"billable and dormant", words.Int(c.Dormant), strconv.Itoa(f.Breakdown.Value.DormantDays) + " days or more", words.Part(f.Breakdown, v.Now, a.d.Zone).Text},
			[]string{"billable, never seen", words.Int(c.Never), "", words.Part(f.Breakdown, v.Now, a.d.Zone).Text})
	}
	return b
}

func peakWords(l model.License, v *licensing.View) string {
	if !l.PeakOn.Known() {
		return "the peak of the term"
	}
	return "the peak of the term, on " + words.DayMonth(l.PeakOn, model.DayOf(v.Now))
}

func (a *app) registrationBlock(v *licensing.View) block {
	r := v.Registration
	b := block{title: "Registration", note: "settings " + words.Part(v.Facts.Settings, v.Now, a.d.Zone).Text}
	b.rows = append(b.rows, []string{"state", r.Verdict, r.Reason})
	for _, s := range r.Switches {
		b.rows = append(b.rows, []string{s.Title, words.Switch(s).String(), s.Decides})
	}
	return b
}

// syncNote is who told the last sync time and when, or why nobody did.
func (a *app) syncNote(v *licensing.View) string {
	if h := v.History; !h.ReadAt.IsZero() {
		return words.Age(h.ReadAt, v.Now, a.d.Zone).Text
	}
	return words.Part(v.Facts.License, v.Now, a.d.Zone).Text
}

func (a *app) syncBlock(v *licensing.View) block {
	h := v.History
	b := block{title: "Sync history", note: "journal · " + words.Entries(h.Entries)}
	b.rows = [][]string{
		{"daily sync", words.Health(h.Health).String(), h.Why},
		{"last sync", words.EventOpt(h.LastSync, v.Now, a.d.Zone), a.syncNote(v)},
		{"next window", words.WindowOpt(h.NextFrom, h.NextTo, time.UTC), "UTC"},
		{"days", words.Watched(h)},
	}
	return b
}

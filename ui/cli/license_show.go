package cli

import (
	"time"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// licenseJSON is a licence in a document. The licensee's e-mail is there only
// on request.
type licenseJSON struct {
	model.License
	LastSync model.Opt[time.Time] `json:"last_sync"`
	DaysLeft model.Opt[int]       `json:"days_left"`
	Free     model.Opt[int]       `json:"free_seats"`
	Email    *model.Text          `json:"email,omitempty"`
}

func licenseOf(l model.License, now time.Time, email bool) licenseJSON {
	j := licenseJSON{License: l, LastSync: utc(l.LastSync), DaysLeft: l.DaysLeft(now), Free: l.Free()}
	if email {
		j.Email = &l.Email
	}
	return j
}

// licenseDoc is "seatdeck.license".
type licenseDoc struct {
	head
	Instance instanceJSON `json:"instance"`
	License  aged         `json:"license"`
	Future   aged         `json:"future_terms"`
	AddOns   aged         `json:"add_ons"`
	Daily    aged         `json:"daily_counts"`

	Forecast model.Forecast         `json:"forecast"`
	Price    model.Opt[model.Price] `json:"seat_price"`
}

func (a *app) licenseShowVerb() *cobra.Command {
	var email bool
	cmd := &cobra.Command{
		Use: "show", Short: "The current licence with its counters, and what comes next",
		Example:     "seatdeck license show\nseatdeck license show -o json\nseatdeck licence show --email",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(cmd *cobra.Command, _ []string) error {
			shown := need{about: model.PartLicense, beside: []model.PartName{model.PartFuture, model.PartAddOns, model.PartDaily}}
			return a.read(cmd.Context(), shown, func(_ *licensing.Desk, v *licensing.View) error {
				return a.licenseShow(v, email)
			})
		},
	}
	cmd.Flags().BoolVar(&email, "email", false, "show the licensee's e-mail address too")
	return cmd
}

func (a *app) licenseShow(v *licensing.View, email bool) error {
	f := &v.Facts
	if err := principal(f.License, "the licence"); err != nil {
		return err
	}
	doc := licenseDoc{
		headOf("license"), instanceOf(v),
		agedOf(f.License, func(l model.License) any { return licenseOf(l, v.Now, email) }),
		agedOf(f.Future, func(ts []model.Term) any { return termsOf(ts, email) }),
		agedOf(f.AddOns, func(as []model.AddOn) any { return nonNil(as) }),
		dailyOf(v), forecastOf(v), v.Price,
	}
	return a.print(document{body: doc, blocks: a.licenseBlocks(v, email)})
}

func (a *app) licenseBlocks(v *licensing.View, email bool) []block {
	f, l := v.Facts, v.Facts.License.Value
	b := block{title: "Licence", note: words.Part(f.License, v.Now, a.d.Zone).Text}
	if !l.Present() {
		b.rows = [][]string{{"kind", l.Kind.Title()}}
		return []block{b}
	}
	b.rows = [][]string{
		{"plan", l.Plan.Title()}, {"kind", l.Kind.Title()}, {"number", text(l.Number)},
		{"licensee", text(l.Name)}, {"company", text(l.Company)},
	}
	if email {
		b.rows = append(b.rows, []string{"e-mail", text(l.Email)})
	}
	b.rows = append(b.rows, [][]string{
		{"term", words.Term(l.Starts, l.Ends)}, {"left", words.DaysLeft(l.DaysLeft(v.Now))},
		{"changes blocked from", words.Date(l.Blocks)}, {"activated", words.Date(l.Activated)}, {"added", words.Date(l.Added)},
		{"trial", words.YesNo(l.Trial)}, {"last sync", words.EventOpt(l.LastSync, v.Now, a.d.Zone)},
	}...)
	return append([]block{b, a.seatCountBlock(v), a.dailyBlock(v), a.forecastBlock(v)}, a.comingBlocks(v)...)
}

// seatCountBlock is the arithmetic of the licence: both overages, and why they
// may differ (contract §1.3).
func (a *app) seatCountBlock(v *licensing.View) block {
	l := v.Facts.License.Value
	return block{title: "Seats", note: words.Age(v.Facts.CountedAt(), v.Now, a.d.Zone).Text, rows: [][]string{
		{"seats in subscription", words.SeatLimit(l.Seats, l.NoLimit)},
		{"billable users", words.Count(l.Daily), words.Free(l.Free())},
		{"maximum users", words.Count(l.Maximum), peakWords(l, v)},
		{"users over now", words.Count(l.OverNow), "counts today's billable users"},
		{"users over subscription", words.Count(l.OverPeak), "counts the peak of the term"},
	}}
}

func (a *app) comingBlocks(v *licensing.View) []block {
	var out []block
	if f := v.Facts.Future; len(f.Value) > 0 {
		b := block{title: "Terms to come", note: words.Part(f, v.Now, a.d.Zone).Text}
		for _, t := range f.Value {
			b.rows = append(b.rows, []string{t.Plan.Title(), words.Term(t.Starts, t.Ends), words.SeatLimit(t.Seats, t.NoLimit) + " seats"})
		}
		out = append(out, b)
	}
	if f := v.Facts.AddOns; len(f.Value) > 0 {
		b := block{title: "Add-ons", note: words.Part(f, v.Now, a.d.Zone).Text}
		for _, on := range f.Value {
			b.rows = append(b.rows, []string{words.AddOn(on.Name), words.Int(on.Assigned) + " of " + words.Seats(on.Purchased) + " assigned"})
		}
		out = append(out, b)
	}
	return out
}

// text is a remote text, or the sign for none.
func text(t model.Text) string {
	if t.Empty() {
		return words.Unknown
	}
	return t.String()
}

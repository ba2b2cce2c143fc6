package cli

import (
	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
)

// termJSON is a licence row in a document.
type termJSON struct {
	model.Term
	Email *model.Text `json:"email,omitempty"`
}

func termOf(t model.Term, email bool) termJSON {
	j := termJSON{Term: t}
	if email {
		j.Email = &t.Email
	}
	return j
}

func termsOf(ts []model.Term, email bool) []termJSON {
	out := make([]termJSON, len(ts))
	for i, t := range ts {
		out[i] = termOf(t, email)
	}
	return out
}

// licenseHistoryDoc is "seatdeck.license-history".
type licenseHistoryDoc struct {
	head
	Instance instanceJSON `json:"instance"`
	Terms    aged         `json:"terms"`
	Future   aged         `json:"future_terms"`
}

func (a *app) licenseHistoryVerb() *cobra.Command {
	var email bool
	cmd := &cobra.Command{
		Use: "history", Short: "All licences the instance has had, and those to come",
		Example:     "seatdeck license history\nseatdeck license history -o csv",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON, asJSONL, asCSV),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.read(cmd.Context(), need{about: model.PartTerms, beside: []model.PartName{model.PartFuture}}, func(_ *licensing.Desk, v *licensing.View) error {
				return a.licenseHistory(v, email)
			})
		},
	}
	cmd.Flags().BoolVar(&email, "email", false, "show the licensees' e-mail addresses too")
	return cmd
}

func (a *app) licenseHistory(v *licensing.View, email bool) error {
	f := &v.Facts
	if err := principal(f.Terms, "the licence history"); err != nil {
		return err
	}
	doc := licenseHistoryDoc{
		headOf("license-history"), instanceOf(v),
		agedOf(f.Terms, func(ts []model.Term) any { return termsOf(ts, email) }),
		agedOf(f.Future, func(ts []model.Term) any { return termsOf(ts, email) }),
	}
	s := termSheet(f, email)
	return a.print(document{body: doc, sheet: &s})
}

// termSheet lists the terms to come, the latest first, and then those that were.
func termSheet(f *model.Facts, email bool) sheet {
	type line struct {
		when string
		model.Term
		at model.AsOf
	}
	var lines []line
	for i := len(f.Future.Value) - 1; i >= 0; i-- {
		lines = append(lines, line{"to come", f.Future.Value[i], f.Future.AsOf})
	}
	for _, t := range f.Terms.Value {
		lines = append(lines, line{"recorded", t, f.Terms.AsOf})
	}
	s := sheet{
		cols: []column{
			{"when", "when", false}, {"plan", "plan", false}, {"kind", "kind", false}, {"starts_at", "starts", false}, {"expires_at", "ends", false},
			{"seats_in_subscription", "seats", true}, {"created_at", "added", false}, {"number", "number", false}, {"company", "company", false},
		},
		n: len(lines),
	}
	if email {
		s.cols = append(s.cols, column{"email", "e-mail", false})
	}
	s.row = func(i int) []any {
		t := lines[i]
		row := []any{t.when, t.Plan.Title(), t.Kind.Title(), t.Starts, t.Ends, t.Seats, t.Added, t.Number, t.Company}
		if email {
			row = append(row, t.Email)
		}
		return row
	}
	s.item = func(i int) any { return agedAt(termOf(lines[i].Term, email), lines[i].at) }
	return s
}

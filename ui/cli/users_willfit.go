package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// willFitDoc is "seatdeck.users-will-fit".
type willFitDoc struct {
	head
	Instance instanceJSON    `json:"instance"`
	New      int             `json:"new_accounts"`
	Fits     model.Opt[bool] `json:"fits"`
	Answer   aged            `json:"answer"`
}

func (a *app) usersWillFitVerb() *cobra.Command {
	var role string
	var n int
	cmd := &cobra.Command{
		Use: "will-fit N", Short: "Whether N more accounts have a seat each, by the exit code",
		Long: "Whether N more accounts have a seat each, for scripts that create them. The exit code tells:\n" +
			"0 they fit, 4 they do not, 5 nobody can tell. Other codes are failures. Nothing is sent.\n" +
			"Without a licence nobody takes a seat, so everybody fits.\n\n" +
			"The billable users are counted in the list of accounts of now, not taken from the daily count;\n" +
			"--max-age spares the instance.",
		Example:     "seatdeck users will-fit 25\nseatdeck users will-fit 25 --role guest\nseatdeck users will-fit 1 --max-age 15m --quiet",
		Annotations: prints(asTable, asPlain, asJSON),
		Args: func(cmd *cobra.Command, args []string) (err error) {
			if err = takes(1, 1, "a number of accounts")(cmd, args); err != nil {
				return err
			}
			if n, err = strconv.Atoi(args[0]); err != nil || n < 1 {
				return usage("such as "+firstLine(cmd.Example), "%q is no number of accounts", model.CleanN(args[0], 60))
			}
			_, _, err = newcomers(n, role)
			return err
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			shown := need{roster: true, beside: []model.PartName{model.PartLicense}}
			return a.read(cmd.Context(), shown, func(d *licensing.Desk, v *licensing.View) error {
				return a.usersWillFit(cmd.Context(), d, v, n, role)
			})
		},
	}
	cmd.Flags().StringVar(&role, "role", "", "the highest role they will get: "+strings.Join(model.RoleNames(), ", ")+"; otherwise each takes a seat")
	return cmd
}

func (a *app) usersWillFit(ctx context.Context, d *licensing.Desk, v *licensing.View, n int, role string) error {
	doc := willFitDoc{headOf("users-will-fit"), instanceOf(v), n, model.Some(true), agedAt(nil, v.Facts.License.AsOf)}
	if words.NobodyCounted(&v.Facts) {
		return a.willFit(doc, "", []string{"seats left", "no limit: " + words.NoSeats})
	}
	w := whatIfFlags{}
	var err error
	if w.q.New, w.q.NewRole, err = newcomers(n, role); err != nil {
		return err
	}
	r, q, err := a.question(ctx, d, v, &w)
	if err != nil {
		return err
	}
	answer, err := d.WhatIf(r, q)
	if err != nil {
		return err
	}
	doc.Fits, doc.Answer = answer.Fits(), agedAt(answer, r.AsOf())
	err = a.willFit(doc, words.Age(r.AsOf(), v.Now, a.d.Zone).Text, append([]string{"asked"}, w.words()...),
		[]string{"billable users", words.Change(words.SpanOpt(answer.Before), words.Span(answer.After))}, []string{"seats left", words.WhatIfLeft(answer)})
	if err != nil {
		return err
	}
	return unfit(doc.Fits, n, answer)
}

func (a *app) willFit(doc willFitDoc, age string, rows ...[]string) error {
	return a.print(document{body: doc, blocks: []block{{note: age, rows: append([][]string{{"fits", words.YesNo(doc.Fits)}}, rows...)}}})
}

// unfit is the error for accounts that have no seat, or about which nobody
// knows: exit codes 4 and 5.
func unfit(fits model.Opt[bool], n int, a model.WhatIfAnswer) error {
	const op = "will-fit"
	who := words.Accounts(n)
	switch yes, known := fits.Get(); {
	case !known:
		return model.Fail(model.ClassChanged, op, "nobody can tell whether "+who+" more fit: "+words.WhatIfLeft(a), "see seatdeck users what-if --new "+strconv.Itoa(n))
	case yes:
		return nil
	}
	next := "free seats first, or buy more"
	if warn := words.WhatIfWarning(a); warn != "" {
		next += ": " + warn
	}
	return model.Fail(model.ClassRefused, op, fmt.Sprintf("%s more do not fit: %s", who, words.WhatIfLeft(a)), next)
}

package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// whatIfDoc is "seatdeck.users-what-if".
type whatIfDoc struct {
	head
	Instance instanceJSON `json:"instance"`
	Question []string     `json:"question"`
	Answer   aged         `json:"answer"`
	Warning  *string      `json:"warning"`
	Notes    []string     `json:"notes"`
	Accounts []object     `json:"accounts"` // those that changes name
}

// whatIfFlags are the question as it was typed.
type whatIfFlags struct {
	filter, do, plan, role string
	more                   int

	query model.Query
	named []namedChange
	q     model.WhatIf
	all   model.WhatIfChange // of the filter; without a deed there is none
}

// namedChange is USER=CHANGE.
type namedChange struct {
	who    string
	change model.WhatIfChange
}

func (a *app) usersWhatIfVerb() *cobra.Command {
	var w whatIfFlags
	cmd := &cobra.Command{
		Use: "what-if [USER=CHANGE...]", Short: "What changes would do to the seats and the bill; nothing is sent",
		Long: "What changes would do to the seats and the bill. It is worked out from the list of accounts;\n" +
			"nothing is sent.\n\n" +
			"An account that is named has its own CHANGE, also where it is one of --filter.\n\n" +
			"A CHANGE is block, deactivate, remove, or the highest role an account would have:\n" + strings.Join(model.RoleNames(), ", ") + ".",
		Example: "seatdeck users what-if --filter 'billable:yes recency:dormant' --do deactivate\n" +
			"seatdeck users what-if ida.lindqvist=guest 42=developer\n" +
			"seatdeck users what-if --plan premium\n" +
			"seatdeck users what-if --new 25 --role reporter",
		Args:        w.parse,
		Annotations: prints(asTable, asPlain, asJSON, asJSONL, asCSV),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.read(cmd.Context(), needSeats(), func(d *licensing.Desk, v *licensing.View) error {
				return a.usersWhatIf(cmd.Context(), d, v, &w)
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&w.filter, "filter", "", "which accounts --do is about (see help filter)")
	f.StringVar(&w.do, "do", "", "the CHANGE for the accounts of --filter")
	f.StringVar(&w.plan, "plan", "", "another plan: premium or ultimate")
	f.IntVar(&w.more, "new", 0, "so many accounts more")
	f.StringVar(&w.role, "role", "", "the highest role the new accounts get; otherwise each takes a seat")
	return cmd
}

// parse reads the question before anything is asked of an instance.
func (w *whatIfFlags) parse(cmd *cobra.Command, args []string) (err error) {
	if w.query, err = model.ParseQuery(w.filter); err != nil {
		return err
	}
	w.q, w.named = model.WhatIf{}, nil
	switch {
	case w.role != "" && w.more == 0:
		return usage("such as --new 25 --role guest", "--role is that of new accounts, and --new does not say how many")
	case (w.filter == "") != (w.do == ""):
		return usage("such as --filter recency:dormant --do deactivate", "--filter and --do belong together")
	case w.do != "":
		if w.all, err = changeNamed(w.do); err != nil {
			return err
		}
	case len(args) == 0 && w.plan == "" && w.more == 0:
		return usage("such as "+firstLine(cmd.Example), "%s needs a question", cmd.CommandPath())
	}
	for _, arg := range args {
		who, change, found := strings.Cut(arg, "=")
		if !found || who == "" {
			return usage("such as ida.lindqvist=guest", "%q is not USER=CHANGE", model.CleanN(arg, 60))
		}
		c, err := changeNamed(change)
		if err != nil {
			return err
		}
		w.named = append(w.named, namedChange{who, c})
	}
	if w.q.Plan, err = planNamed(w.plan); err != nil {
		return err
	}
	w.q.New, w.q.NewRole, err = newcomers(w.more, w.role)
	return err
}

// deeds are what can be done with an account.
func deeds() []string {
	return []string{string(model.DeedBlock), string(model.DeedDeactivate), string(model.DeedRemove)}
}

// changes are the deeds, and the roles an account could get.
func changes() []string { return append(deeds(), model.RoleNames()...) }

// changeNamed reads a change. Its rows are still to be found.
func changeNamed(name string) (model.WhatIfChange, error) {
	if slices.Contains(deeds(), name) {
		return model.WhatIfChange{Deed: model.WhatIfDeed(name)}, nil
	}
	if role, ok := model.RoleNamed(name); ok {
		return model.WhatIfChange{Deed: model.DeedRole, Role: role}, nil
	}
	return model.WhatIfChange{}, unknownWord("change", name, changes())
}

func planNames() []string { return []string{string(model.PlanPremium), string(model.PlanUltimate)} }

func planNamed(name string) (model.Plan, error) {
	low := strings.ToLower(name)
	if low == "" {
		return "", nil
	}
	return model.Plan(low), oneOf("plan", low, planNames())
}

// maxNewcomers bounds a number of accounts to come: as many as a roster holds.
const maxNewcomers = model.MaxAccounts

func newcomers(n int, role string) (int, model.Opt[model.Role], error) {
	none := model.None[model.Role]()
	switch {
	case n < 0 || n > maxNewcomers:
		return 0, none, usage("such as 25", "%d is no number of new accounts", n)
	case role == "":
		return n, none, nil
	}
	r, ok := model.RoleNamed(role)
	if !ok {
		return 0, none, unknownWord("role", role, model.RoleNames())
	}
	return n, model.Some(r), nil
}

// oneOf refuses a word that is none of a few.
func oneOf(what, word string, words []string) error {
	if slices.Contains(words, word) {
		return nil
	}
	return unknownWord(what, word, words)
}

// unknownWord is the error for a word that is none of a few.
func unknownWord(what, word string, words []string) error {
	return usage(meant(word, words, "there are "+strings.Join(words, ", ")), "there is no %s %q", what, model.CleanN(word, 60))
}

// meant is the next step after a wrong word: the one that is near, or else the
// other step.
func meant(word string, words []string, otherwise string) string {
	if near := model.Nearest(word, words); near != "" {
		return "did you mean " + near + "?"
	}
	return otherwise
}

// question finds the rows that the flags speak of.
func (a *app) question(ctx context.Context, d *licensing.Desk, v *licensing.View, w *whatIfFlags) (*model.Roster, model.WhatIf, error) {
	r, err := wholeRoster(ctx, d, "nothing can be worked out")
	if err != nil {
		return nil, w.q, err
	}
	q := w.q
	if w.all.Deed != "" {
		c := w.all
		if c.Rows, err = model.Filter(ctx, r, w.query, v.QueryEnv(r), nil); err != nil {
			return nil, q, err
		}
		q.Changes = append(q.Changes, c)
	}
	for i, n := range w.named {
		_, row, err := a.account(ctx, d, n.who)
		if err != nil {
			return nil, q, err
		}
		for _, before := range q.Changes[len(q.Changes)-i:] {
			if before.Rows[0] == int32(row) {
				return nil, q, usage("one CHANGE for each account", "%s has two changes", r.At(row).Username)
			}
		}
		n.change.Rows = model.Index{int32(row)}
		q.Changes = append(q.Changes, n.change)
	}
	return r, q, nil
}

func (a *app) usersWhatIf(ctx context.Context, d *licensing.Desk, v *licensing.View, w *whatIfFlags) error {
	r, q, err := a.question(ctx, d, v, w)
	if err != nil {
		return err
	}
	answer, err := d.WhatIf(r, q)
	if err != nil {
		return err
	}
	s := fateSheet(v, r, answer.Fates)
	doc := whatIfDoc{
		head: headOf("users-what-if"), Instance: instanceOf(v), Question: w.words(), Answer: agedAt(answer, r.AsOf()),
		Notes: nonNil(words.WhatIfNotes(answer, words.WhatIfRenewal(v.Facts.License.Value, v.Now))),
	}
	if w.do != "" && len(q.Changes[0].Rows) == 0 {
		doc.Notes = append([]string{words.Accounts(0) + " match the filter, so --do " + w.do + " changes nothing."}, doc.Notes...)
	}
	if text := words.WhatIfWarning(answer); text != "" {
		doc.Warning = &text
	}
	if a.form() == asJSON {
		doc.Accounts = s.objects()
	}
	return a.print(document{body: doc, blocks: whatIfBlocks(doc, answer, words.Age(r.AsOf(), v.Now, a.d.Zone).Text, fateBlock(v, r, answer.Fates)), sheet: &s})
}

// words are the parts of the question, for a document that is read later.
func (w *whatIfFlags) words() []string {
	var out []string
	if w.do != "" {
		out = append(out, w.do+" "+w.query.String())
	}
	for _, n := range w.named {
		what := string(n.change.Deed)
		if n.change.Deed == model.DeedRole {
			what = n.change.Role.String()
		}
		out = append(out, model.CleanN(n.who, 80).String()+"="+what)
	}
	if w.q.Plan != "" {
		out = append(out, "plan "+string(w.q.Plan))
	}
	if w.q.New > 0 {
		out = append(out, words.WhatIfNewcomers(w.q.New, w.q.NewRole))
	}
	return nonNil(out)
}

package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// userChoice says which accounts, in which order, and what of them.
type userChoice struct {
	saved                         string // the name of a saved view
	filter, search, sort, columns string
	desc                          bool
	limit                         int

	named func(flag string) bool // it was given
	query model.Query
	key   model.SortKey
	cols  []userColumn
}

func (c *userChoice) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	c.named = f.Changed
	f.StringVar(&c.saved, "view", "", "a saved view by name: its filter, order and columns (see users views)")
	f.StringVar(&c.filter, "filter", "", "which accounts, such as 'billable:yes idle:>90d' (see help filter)")
	f.StringVar(&c.search, "search", "", "a text that username, name, e-mail or id has in it, taken as it is")
	f.StringVar(&c.sort, "sort", "id", "order: "+strings.Join(sortKeyNames(), ", "))
	f.BoolVar(&c.desc, "desc", false, "the other way round")
	f.IntVar(&c.limit, "limit", 0, "at most this many; 0 for all")
	f.StringVar(&c.columns, "columns", "", "which columns, such as id,username,billable: "+strings.Join(model.AccountColumns(), ", "))
}

// parse reads the flags before anything is asked of an instance.
func (c *userChoice) parse(usual string) (err error) {
	if c.query, err = model.ParseQuery(c.filter); err != nil {
		return err
	}
	if c.search != "" {
		if strings.Contains(c.search, `"`) {
			return usage("leave the quotes out", "--search takes no quotation marks")
		}
		q, err := model.ParseQuery(`"` + c.search + `"`)
		if err != nil {
			return err
		}
		c.query = c.query.And(q)
	}
	if c.limit < 0 {
		return usage("such as --limit 20", "--limit cannot be negative")
	}
	if c.key, err = model.ParseSortKey(c.sort); err != nil {
		return err
	}
	if c.columns == "" && c.named("columns") {
		return usage("such as --columns id,username,billable", "--columns names no column")
	}
	if c.columns == "" {
		c.columns = usual
	}
	c.cols, err = chooseColumns(c.columns)
	return err
}

func (a *app) usersListVerb() *cobra.Command {
	var c userChoice
	cmd := &cobra.Command{
		Use: "list", Short: "Accounts, filtered and sorted",
		Example: "seatdeck users list --filter 'billable:yes recency:dormant' --sort idle\n" +
			"seatdeck users list --search lindqvist -o json\n" +
			"seatdeck users list --columns username,billable,why -o csv",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON, asJSONL, asCSV),
		RunE: func(cmd *cobra.Command, _ []string) error {
			usual := ""
			if f := a.form(); f == asTable || f == asPlain {
				usual = listColumns
			}
			if err := c.parse(usual); err != nil {
				return err
			}
			return a.readChosen(cmd, &c, a.usersList)
		},
	}
	c.flags(cmd)
	return cmd
}

func (a *app) usersList(ctx context.Context, c *chosen) error {
	if err := a.writeUsers(ctx, a.out, c); err != nil {
		return err
	}
	if a.form() == asTable {
		a.say("%s · %s", shownOf(c.n, c.matched, c.v, c.walk), words.Age(c.walk.AsOf(), c.v.Now, a.d.Zone).Text)
	}
	if !c.walk.Complete() {
		return partialRoster("these are not all accounts", c.walk.Len())
	}
	return nil
}

// writeUsers writes accounts in the form that was asked for.
func (a *app) writeUsers(ctx context.Context, w io.Writer, c *chosen) error {
	switch s := c.sheet(ctx); a.form() {
	case asJSON:
		return writeUsersJSON(w, c.head(), s)
	case asJSONL:
		return writeJSONL(w, s)
	case asCSV:
		return writeCSV(w, s)
	default:
		return a.printSheet(s)
	}
}

// shownOf says how many accounts of how many are shown, and where a limit cut
// them, how many there would be. Of a reading that stopped, how many there are is
// known roughly at most.
func shownOf(n, matched int, v *licensing.View, r *model.RosterWalk) string {
	if r.Complete() {
		if n < matched && matched < r.Len() {
			return words.Int(n) + " of " + words.Int(matched) + " matched, " + words.Accounts(r.Len())
		}
		return words.Int(n) + " of " + words.Accounts(r.Len())
	}
	s := words.Int(r.Len()) + " read of "
	if about, ok := v.Facts.Statistics.Value.Users.Get(); ok && about > r.Len() {
		s += "about " + words.Accounts(about)
	} else {
		s += "an unknown number of accounts"
	}
	if n < r.Len() {
		s = words.Int(n) + " of " + s
	}
	return s
}

// wholeRoster is all accounts, for what some of them alone would tell wrongly;
// otherwise says what cannot be done then.
func wholeRoster(ctx context.Context, d *licensing.Desk, otherwise string) (*model.Roster, error) {
	r, err := d.Roster(ctx)
	switch {
	case err != nil:
		return nil, noRoster(err)
	case !r.Complete():
		return nil, partialRoster(otherwise, r.Len())
	}
	return r, nil
}

// partialRoster is the error for what an unfinished reading cannot give.
func partialRoster(msg string, read int) *model.Error {
	return model.Fail(model.ClassPartial, model.OpUsers.What,
		fmt.Sprintf("%s: %s were read before the reading stopped", msg, words.Accounts(read)), "run it again; it goes on where it stopped")
}

// usersHead opens "seatdeck.users"; the accounts follow as its last member.
type usersHead struct {
	head
	Instance instanceJSON  `json:"instance"`
	AsOf     *time.Time    `json:"as_of"`
	Source   *model.Source `json:"source"`
	RolesAt  *time.Time    `json:"roles_as_of"` // when roles were read on the server; null for never
	Complete bool          `json:"complete"`
	Accounts int           `json:"accounts"`
	Matched  int           `json:"matched"`
	Filter   string        `json:"filter"`
	Sort     string        `json:"sort"`
	Desc     bool          `json:"descending"`
}

func (c *chosen) head() *usersHead {
	at := agedAt(nil, c.walk.AsOf())
	return &usersHead{
		head: headOf("users"), Instance: instanceOf(c.v), AsOf: at.AsOf, Source: at.Source, Complete: c.walk.Complete(),
		RolesAt:  agedAt(nil, c.v.Roles.AsOf()).AsOf,
		Accounts: c.walk.Len(), Matched: c.matched, Filter: c.query.String(), Sort: c.key.String(), Desc: c.desc,
	}
}

// writeUsersJSON writes one document without ever holding all its accounts.
func writeUsersJSON(w io.Writer, h *usersHead, s sheet) error {
	var b bytes.Buffer
	if err := writeJSON(&b, h, true); err != nil {
		return err
	}
	open := bytes.TrimSuffix(b.Bytes(), []byte("\n}\n"))
	if _, err := w.Write(append(open, ",\n  \"users\": ["...)); err != nil {
		return err
	}
	var line []byte
	comma, end := "\n    ", "]\n}\n"
	err := s.each(func(s sheet) (err error) {
		for i := range s.n {
			if line, err = (object{s.cols, s.row(i)}).write(w, line, comma, ""); err != nil {
				return err
			}
			comma, end = ",\n    ", "\n  ]\n}\n"
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, end)
	return err
}

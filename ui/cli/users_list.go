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

	query model.Query
	key   model.SortKey
	cols  []userColumn
}

func (c *userChoice) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&c.saved, "view", "", "a saved view by name: its filter, order and columns (see users views)")
	f.StringVar(&c.filter, "filter", "", "which accounts, such as 'billable:yes idle:>90d' (see help filter)")
	f.StringVar(&c.search, "search", "", "a text that username, name, e-mail or id has in it, taken as it is")
	f.StringVar(&c.sort, "sort", "id", "order: "+strings.Join(sortKeyNames(), ", "))
	f.BoolVar(&c.desc, "desc", false, "the other way round")
	f.IntVar(&c.limit, "limit", 0, "at most this many; 0 for all")
	f.StringVar(&c.columns, "columns", "", "which columns, such as id,username,billable")
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
	if c.columns == "" {
		c.columns = usual
	}
	c.cols, err = chooseColumns(c.columns)
	return err
}

// pick finds the accounts; matched is how many there are without the limit.
func (c *userChoice) pick(ctx context.Context, v *licensing.View, r *model.Roster) (idx model.Index, matched int, err error) {
	env := v.QueryEnv(r)
	if c.key == model.SortRole && env.Role == nil {
		return nil, 0, usage("seatdeck users roles reads them on the GitLab server", "nobody has read roles, so there is no order by them")
	}
	idx, err = model.Filter(ctx, r, c.query, env, nil)
	if err != nil {
		return nil, 0, err
	}
	idx = env.Sort(r, idx, c.key, c.desc)
	matched = len(idx)
	if c.limit > 0 {
		idx = idx[:min(matched, c.limit)]
	}
	return idx, matched, nil
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
			return a.readView(cmd, &c, func(d *licensing.Desk, v *licensing.View) error {
				return a.usersList(cmd.Context(), d, v, &c)
			})
		},
	}
	c.flags(cmd)
	return cmd
}

func (a *app) usersList(ctx context.Context, d *licensing.Desk, v *licensing.View, c *userChoice) error {
	r, err := d.Roster(ctx)
	if err != nil {
		return noRoster(err)
	}
	idx, matched, err := c.pick(ctx, v, r)
	if err != nil {
		return err
	}
	s := userSheet(v, r, idx, c.cols)
	if a.form() == asJSON {
		err = writeUsersJSON(a.out, usersHeadOf(v, r, c, matched), s)
	} else {
		err = a.printSheet(s)
	}
	if err != nil {
		return err
	}
	if a.form() == asTable {
		a.say("%s · %s", shownOf(len(idx), v, r), rosterAge(v, r, a.d.Zone))
	}
	if !r.Complete() {
		return partialRoster("these are not all accounts", r)
	}
	return nil
}

// shownOf says how many accounts of how many are shown. How many there are is
// only about known of a reading that stopped.
func shownOf(n int, v *licensing.View, r *model.Roster) string {
	if r.Complete() {
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

// rosterAge says when the accounts were read.
func rosterAge(v *licensing.View, r *model.Roster, zone *time.Location) string {
	return words.Age(r.AsOf(), v.Now, zone).Text
}

// partialRoster is the error for what an unfinished reading cannot give.
func partialRoster(msg string, r *model.Roster) *model.Error {
	return model.Fail(model.ClassPartial, model.OpUsers.What,
		fmt.Sprintf("%s: %s were read before the reading stopped", msg, words.Accounts(r.Len())), "run it again; it goes on where it stopped")
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

func usersHeadOf(v *licensing.View, r *model.Roster, c *userChoice, matched int) usersHead {
	at := agedAt(nil, r.AsOf())
	return usersHead{
		head: headOf("users"), Instance: instanceOf(v), AsOf: at.AsOf, Source: at.Source, Complete: r.Complete(),
		RolesAt:  agedAt(nil, v.Roles.AsOf()).AsOf,
		Accounts: r.Len(), Matched: matched, Filter: c.query.String(), Sort: c.key.String(), Desc: c.desc,
	}
}

// writeUsersJSON writes one document without ever holding all its accounts.
func writeUsersJSON(w io.Writer, h usersHead, s sheet) error {
	var b bytes.Buffer
	if err := writeJSON(&b, h, true); err != nil {
		return err
	}
	open := bytes.TrimSuffix(b.Bytes(), []byte("\n}\n"))
	if _, err := w.Write(append(open, ",\n  \"users\": ["...)); err != nil {
		return err
	}
	var line []byte
	for i := range s.n {
		var err error
		if line, err = (object{s.cols, s.row(i)}).append(line[:0]); err != nil {
			return unwritable(err)
		}
		comma := ",\n    "
		if i == 0 {
			comma = "\n    "
		}
		if _, err := io.WriteString(w, comma+string(escapeJSON(line))); err != nil {
			return err
		}
	}
	end := "\n  ]\n}\n"
	if s.n == 0 {
		end = "]\n}\n"
	}
	_, err := io.WriteString(w, end)
	return err
}

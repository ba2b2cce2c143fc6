package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
)

// viewsDoc is "seatdeck.users-views".
type viewsDoc struct {
	head
	Instance instanceJSON      `json:"instance"`
	Views    []model.SavedView `json:"views"`
}

// usersViewsVerb groups the verbs about saved views.
func (a *app) usersViewsVerb() *cobra.Command {
	return a.group("views", "Saved views of the accounts: a filter, an order and columns under a name",
		a.viewsListVerb(), a.viewsSaveVerb(), a.viewsRenameVerb(), a.viewsDeleteVerb())
}

func (a *app) viewsListVerb() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "The saved views of an instance",
		Example:     "seatdeck users views list\nseatdeck users views list -o json",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON, asJSONL, asCSV),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withOpen(cmd.Context(), func(d *licensing.Desk) error {
				views, err := d.SavedViews(cmd.Context())
				if err != nil {
					return err
				}
				return a.printViews(d, views)
			})
		},
	}
}

func (a *app) viewsSaveVerb() *cobra.Command {
	var c userChoice
	var force bool
	cmd := &cobra.Command{
		Use: "save NAME", Short: "Keep a filter, an order and columns under a name",
		Long: "Keep a filter, an order and columns under a name, for users list --view, users export --view and the\n" +
			"console. Views are kept on this machine, for one instance, beside its record. Nothing is sent.",
		Example: "seatdeck users views save quiet --filter 'billable:yes recency:dormant' --sort idle --desc\n" +
			"seatdeck users views save guests --filter role:guest --columns username,role,billable --force",
		Args:        takes(1, 1, "a name"),
		Annotations: prints(),
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := c.view(args[0])
			if err != nil {
				return err
			}
			return a.withOpen(cmd.Context(), func(d *licensing.Desk) error {
				if _, err := d.SaveView(cmd.Context(), v, force); err != nil {
					return err
				}
				if d.Info().Sandbox {
					a.say("%s can be saved, and is gone with this run: %s", v.Name, sandboxForgets)
					return nil
				}
				a.say("%s is saved: seatdeck users list --view %s", v.Name, v.Name)
				return nil
			})
		},
	}
	f := cmd.Flags()
	c.named = f.Changed
	f.StringVar(&c.filter, "filter", "", "which accounts (see help filter); none for all")
	f.StringVar(&c.sort, "sort", "id", "order: "+strings.Join(sortKeyNames(), ", "))
	f.BoolVar(&c.desc, "desc", false, "the other way round")
	f.StringVar(&c.columns, "columns", "", "which columns lists and exports show")
	f.BoolVar(&force, "force", false, "replace the view of that name")
	return cmd
}

// sandboxForgets is what becomes of views of the built-in sandbox, whose places are
// thrown away.
const sandboxForgets = "the built-in sandbox keeps nothing between runs"

// view is the choice as a view to save; its words are checked before anything is
// opened.
func (c *userChoice) view(name string) (model.SavedView, error) {
	if err := c.parse(""); err != nil {
		return model.SavedView{}, err
	}
	v := model.SavedView{Name: name, Filter: c.query.String(), Sort: c.key.String(), Desc: c.desc}
	if c.columns != "" {
		for _, col := range c.cols {
			v.Columns = append(v.Columns, col.key)
		}
	}
	return v, v.Check()
}

func (a *app) viewsRenameVerb() *cobra.Command {
	return a.viewVerb("rename NAME NEW", "Give a saved view another name", "seatdeck users views rename quiet dormant-seats", takes(2, 2, "a name and another"),
		func(ctx context.Context, d *licensing.Desk, args []string) (string, error) {
			_, err := d.RenameView(ctx, args[0], args[1])
			return args[0] + " is called " + args[1] + " now", err
		})
}

func (a *app) viewsDeleteVerb() *cobra.Command {
	return a.viewVerb("delete NAME", "Forget a saved view; the accounts stay as they are", "seatdeck users views delete quiet", takes(1, 1, "a name"),
		func(ctx context.Context, d *licensing.Desk, args []string) (string, error) {
			_, err := d.DeleteView(ctx, args[0])
			return args[0] + " is forgotten", err
		})
}

// viewVerb changes saved views and says what it did.
func (a *app) viewVerb(use, short, example string, args cobra.PositionalArgs, do func(context.Context, *licensing.Desk, []string) (string, error)) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Example: example, Args: args, Annotations: prints(),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withOpen(cmd.Context(), func(d *licensing.Desk) error {
				said, err := do(cmd.Context(), d, args)
				if err == nil {
					a.say("%s", said)
				}
				return err
			})
		},
	}
}

func (a *app) printViews(d *licensing.Desk, views model.SavedViews) error {
	list := views.All()
	s := sheet{
		cols: []column{
			{"name", "name", false}, {"filter", "filter", false}, {"sort", "order", false}, {"descending", "descending", false},
			{"columns", "columns", false}, {"saved_at", "saved", false},
		},
		n: len(list),
		row: func(i int) []any {
			v := list[i]
			return []any{v.Name, v.Filter, v.Sort, model.Some(v.Desc), strings.Join(v.Columns, ","), v.SavedAt}
		},
	}
	s.item = func(i int) any { return list[i] }
	shown := block{head: []string{"name", "filter", "order", "columns"}}
	for _, v := range list {
		order := v.Sort
		if v.Desc {
			order += ", descending"
		}
		shown.rows = append(shown.rows, []string{v.Name, v.Filter, order, strings.Join(v.Columns, ", ")})
	}
	if len(list) == 0 {
		shown = block{tail: []string{"nothing is saved yet: seatdeck users views save NAME --filter FILTER"}}
		if d.Info().Sandbox {
			shown.tail[0] = "nothing is saved: " + sandboxForgets
		}
	}
	return a.print(document{body: viewsDoc{headOf("users-views"), instanceOf(d.View()), nonNil(list)}, blocks: []block{shown}, sheet: &s})
}

// applyView takes what a saved view says and no flag said otherwise: its filter
// and that of the flags both hold.
func applyView(cmd *cobra.Command, d *licensing.Desk, c *userChoice) error {
	if c.saved == "" {
		return nil
	}
	views, err := d.SavedViews(cmd.Context())
	if err != nil {
		return err
	}
	v, err := views.Find(c.saved)
	if err != nil {
		return err
	}
	q, err := v.Query()
	if err != nil {
		return err
	}
	c.query = q.And(c.query)
	if !cmd.Flags().Changed("sort") {
		if c.key, err = v.Order(); err != nil {
			return err
		}
	}
	if !cmd.Flags().Changed("desc") && !cmd.Flags().Changed("sort") {
		c.desc = v.Desc
	}
	if !cmd.Flags().Changed("columns") && len(v.Columns) > 0 {
		c.cols, err = chooseColumns(strings.Join(v.Columns, ","))
	}
	return err
}

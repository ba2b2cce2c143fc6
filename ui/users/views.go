package users

import (
	"context"
	"image"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/ui/kit"
)

// naming is what the field of the page of views is for.
type naming uint8

const (
	notNaming naming = iota
	namingNew
	namingOld
)

// views is the page of saved views. They are read when it opens, and changed by
// commands: a file may be slow.
type views struct {
	grid    kit.Grid
	height  int
	list    model.SavedViews
	known   bool // list is what is kept
	gen     int  // number of the newest reading or change
	naming  naming
	input   kit.Input
	replace string // the name that the next enter replaces
	forget  string // the view that the next d forgets
	fault   *model.Error
}

// viewsKept is what a reading or a change came to.
type viewsKept struct {
	gen    int
	list   model.SavedViews
	err    *model.Error
	show   string // the view that is in force from now on, "" for no change
	gone   string // the view that is not called so any more
	done   string // what to say
	failed bool   // a change that was refused: what is kept is as before
}

var viewColumns = []kit.Column{
	{Title: "name", Min: 12, Max: 18, Priority: 0}, {Title: "filter", Min: 24, Max: 80, Priority: 1}, {Title: "order", Min: 12, Max: 24, Priority: 2},
	{Title: "columns", Min: 10, Max: 40, Priority: 3},
}

// doViews opens the page and reads what is kept.
func (p *Pane) doViews() tea.Cmd {
	p.page, p.choice.typing = pageViews, false
	p.views.naming, p.views.forget, p.views.fault = notNaming, "", nil
	return p.keepViews(viewsKept{}, p.src.SavedViews)
}

// doNameView opens the page with a field for the name of what is shown now.
func (p *Pane) doNameView() tea.Cmd {
	cmd := p.doViews()
	p.views.naming, p.views.replace = namingNew, ""
	p.views.input.Set(p.choice.view)
	return cmd
}

// keepViews reads or changes what is kept, behind the screen. reply is what to
// say and do when that worked.
func (p *Pane) keepViews(reply viewsKept, work func(context.Context) (model.SavedViews, error)) tea.Cmd {
	p.views.gen++
	reply.gen = p.views.gen
	ctx := p.ctx
	return func() tea.Msg {
		list, err := work(ctx)
		reply.list, reply.err = list, model.AsError("saved views", err)
		return reply
	}
}

// viewsKept takes what is kept in, unless something newer is under way.
func (p *Pane) viewsKept(r viewsKept) tea.Cmd {
	v := &p.views
	if r.gen != v.gen {
		return nil
	}
	v.fault, v.replace, v.forget = r.err, "", ""
	if r.err != nil {
		if !r.failed {
			v.list, v.known = r.list, true
		}
		return nil
	}
	v.list, v.known, v.naming = r.list, true, p.stillNaming(r)
	if r.gone != "" && strings.EqualFold(p.choice.view, r.gone) {
		p.choice.view = r.show
	} else if r.show != "" && r.gone == "" {
		p.choice.view = r.show
	}
	if r.done == "" {
		return nil
	}
	return func() tea.Msg { return kit.Say{Level: kit.Done, Text: r.done} }
}

// stillNaming keeps the field of somebody who types while the list comes.
func (p *Pane) stillNaming(r viewsKept) naming {
	if r.done != "" {
		return notNaming
	}
	return p.views.naming
}

// asView is what the grid shows, as a view of the name in the field.
func (p *Pane) asView() (model.SavedView, error) {
	q, err := p.want()
	return model.SavedView{Name: strings.TrimSpace(p.views.input.Value()), Filter: q.String(), Sort: p.choice.sort.String(), Desc: p.choice.desc,
		Columns: slices.Clone(p.choice.columns)}, err
}

// doNamed keeps what is shown under the name, or gives a view its new one. A
// view of that name is only replaced when enter is pressed again.
func (p *Pane) doNamed() tea.Cmd {
	v := &p.views
	name := strings.TrimSpace(v.input.Value())
	if v.naming == namingOld {
		old := p.viewUnderCursor().Name
		return p.keepViews(viewsKept{failed: true, done: old + " is called " + name + " now", show: name, gone: old}, func(ctx context.Context) (model.SavedViews, error) {
			return p.src.RenameView(ctx, old, name)
		})
	}
	view, err := p.asView()
	if err == nil {
		err = view.Check()
	}
	if err != nil {
		v.fault = faultOf(err).Fault
		return nil
	}
	if v.list.Has(name) && v.replace != name {
		v.replace, v.fault = name, nil
		return nil
	}
	replace := v.replace == name
	return p.keepViews(viewsKept{failed: true, done: name + " is saved", show: name}, func(ctx context.Context) (model.SavedViews, error) {
		return p.src.SaveView(ctx, view, replace)
	})
}

// typedName takes a key of the field.
func (p *Pane) typedName(k tea.KeyPressMsg) (tea.Cmd, bool) {
	if k.String() == "enter" {
		return p.doNamed(), true
	}
	p.views.replace, p.views.fault = "", nil
	if k.Text == " " {
		k.Text, k.Code = "-", '-' // a name has no blanks: a shell would take it apart
	}
	return nil, p.views.input.Key(k)
}

func (p *Pane) viewUnderCursor() model.SavedView {
	if list, at := p.views.list.All(), p.views.grid.Cursor; at < len(list) {
		return list[at]
	}
	return model.SavedView{}
}

// doApplyView shows the accounts of the view under the cursor, in its order and
// its columns.
func (p *Pane) doApplyView() tea.Cmd {
	v := p.viewUnderCursor()
	key, err := v.Order()
	if err == nil {
		err = v.Check()
	}
	if err != nil {
		p.views.fault = faultOf(err).Fault // another version wrote it
		return nil
	}
	p.choice.marked, p.choice.sort, p.choice.desc, p.choice.columns = 0, key, v.Desc, v.Columns
	cmd := p.listThese(v.Filter)
	p.choice.view = v.Name
	return cmd
}

func (p *Pane) doRenameView() tea.Cmd {
	p.views.naming, p.views.forget, p.views.fault = namingOld, "", nil
	p.views.input.Set(p.viewUnderCursor().Name)
	return nil
}

// doForgetView forgets the view under the cursor when it is pressed twice.
func (p *Pane) doForgetView() tea.Cmd {
	name := p.viewUnderCursor().Name
	if p.views.forget != name {
		p.views.forget = name
		return nil
	}
	return p.keepViews(viewsKept{failed: true, done: name + " is forgotten", gone: name}, func(ctx context.Context) (model.SavedViews, error) {
		return p.src.DeleteView(ctx, name)
	})
}

func (p *Pane) noView() string {
	if p.views.grid.Cursor >= p.views.list.Len() {
		return "nothing is saved yet"
	}
	return ""
}

// viewsPage lists the saved views, below the field for a name or what was asked.
func (p *Pane) viewsPage(w, h int) ([]string, image.Point) {
	f := p.frame("saved views")
	f.Right, f.Warn = "kept on this machine, for this instance", false
	if p.v.Info.Sandbox {
		f.Right = "made-up data: gone when the program ends"
	}
	above, at := p.aboutViews(f.Inner(w, h).LeftW)
	f.Band = len(above)
	in := f.Inner(w, h)
	v := &p.views
	v.height = in.LeftH
	list := v.list.All()
	g := &v.grid
	g.Columns, g.Sorted, g.Len = viewColumns, -1, len(list)
	g.Row = func(i int, r *kit.Row) { p.viewRow(list[i], r) }
	g.Select(g.Cursor, in.LeftH)
	var part kit.Part
	if len(list) > 0 {
		part = g.View(p.th, in.LeftW, in.LeftH)
	}
	cursor := nowhere
	switch {
	case v.naming != notNaming:
		cursor = image.Pt(2+at, 1)
	case part.Cursor > 0:
		cursor = image.Pt(1, in.BandH+1+part.Cursor)
	}
	return f.Screen(p.th, w, h, kit.Parts{Band: kit.Part{Lines: above}, Left: part}), cursor
}

func (p *Pane) viewRow(v model.SavedView, r *kit.Row) {
	order := v.Sort // of another version
	if key, err := v.Order(); err == nil {
		order = p.orderName(key, v.Desc)
	}
	filter := v.Filter
	if filter == "" {
		filter = "all accounts"
	}
	r.Marked = strings.EqualFold(v.Name, p.choice.view)
	r.Cells[0], r.Cells[1], r.Cells[2], r.Cells[3] = kit.Cell{Text: v.Name}, kit.Cell{Text: filter}, p.faint(order), p.faint(strings.Join(v.Columns, ", "))
}

// aboutViews is the field with what it is for, or a sentence; and where in the
// line the field's cursor stands.
func (p *Pane) aboutViews(w int) ([]string, int) {
	v := &p.views
	line, at := kit.NewLine(p.th, w), 0
	switch {
	case v.naming != notNaming:
		label := "name for what is shown  "
		if v.naming == namingOld {
			label = "new name of " + p.viewUnderCursor().Name + "  "
		}
		line.Label(label)
		field, in := v.input.View(p.th, max(min(w-line.Used()-1, 42), 1))
		at = line.Used() + in
		line.Styled(field)
	case v.list.Len() > 0:
		line.Value("A saved view: filter, order and columns.").Label(" Verbs take it as --view NAME.")
	case v.known:
		line.Value("Nothing is saved yet.").Label(" s in the grid keeps filter, order and columns.")
	default:
		line.Label("They are being read.")
	}
	return append([]string{line.String()}, p.viewHint(w)...), at
}

// viewHint is the line below: what is wrong, what the next key does, or what
// would be kept.
func (p *Pane) viewHint(w int) []string {
	v, line := &p.views, kit.NewLine(p.th, w)
	switch {
	case v.fault != nil:
		text := v.fault.Msg.String()
		if !v.fault.Next.Empty() {
			text += " · " + v.fault.Next.String()
		}
		return p.warning(text, w)
	case v.replace != "":
		line.Mark(p.th.Warn, p.th.Glyph.Warning).Value("there is a view " + v.replace + " already").Label(" · enter again replaces it")
	case v.forget != "" && v.forget == p.viewUnderCursor().Name:
		line.Mark(p.th.Warn, p.th.Glyph.Warning).Value("d again forgets " + v.forget).Label(" · the accounts stay as they are")
	case v.naming == namingNew:
		view, _ := p.asView()
		if view.Filter == "" {
			view.Filter = "all accounts"
		}
		line.Label(view.Filter + " · by " + p.orderName(p.choice.sort, view.Desc))
		if len(view.Columns) > 0 {
			line.Label(" · " + strings.Join(view.Columns, ", "))
		}
	}
	return []string{line.String()}
}

// viewsActions are those of the page.
func (p *Pane) viewsActions() []kit.Action {
	if p.views.naming != notNaming {
		return []kit.Action{{ID: "users.view.name", Title: "keep the name", Short: "keep", Desc: "esc leaves things as they are", Keys: []string{"enter"}, Group: group, Run: p.doNamed}}
	}
	return []kit.Action{
		{ID: "users.view.apply", Title: "show this view", Short: "show", Desc: "its filter, order and columns, in the grid", Keys: []string{"enter"}, Group: group,
			Run: p.doApplyView, Why: p.noView},
		{ID: "users.view.rename", Title: "rename the view", Short: "rename", Desc: "under the cursor", Keys: []string{"n"}, Group: group, Run: p.doRenameView, Why: p.noView},
		{ID: "users.view.forget", Title: "forget the view", Short: "forget", Desc: "press it twice; no account changes", Keys: []string{"d"}, Group: group,
			Run: p.doForgetView, Why: p.noView},
		p.saveViewAction(),
		{ID: "users.grid", Title: "back to the grid", Short: "grid", Desc: "of accounts", Keys: []string{"V"}, Group: group, Run: p.doGrid},
		p.searchAction(),
	}
}

func (p *Pane) saveViewAction() kit.Action {
	return kit.Action{ID: "users.view.save", Title: "save this view", Short: "save", Desc: "filter, order and columns under a name", Keys: []string{"s"}, Group: group,
		Run: p.doNameView, Why: p.noRoster}
}

package users

import (
	"cmp"
	"slices"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// members is what is known of one account's memberships. They are asked for one
// account at a time and forgotten with the roster they belong to.
type members struct {
	reading bool
	list    []model.Membership // the highest role first
	err     *model.Error
}

// known reports whether the list says which roles the account has.
func (m members) known() bool { return !m.reading && m.err == nil }

// membersRead answers doMembers.
type membersRead struct {
	id      int64
	members members
}

// doMembers asks the instance for the memberships of the account in sight.
func (p *Pane) doMembers() tea.Cmd {
	id := p.subject()
	p.about = id
	p.members[id] = members{reading: true}
	src, ctx := p.src, p.ctx
	return func() tea.Msg {
		list, err := src.Memberships(ctx, id)
		list = slices.Clone(list)
		slices.SortStableFunc(list, func(a, b model.Membership) int {
			return cmp.Or(cmp.Compare(b.Role, a.Role), cmp.Compare(a.SourceName.String(), b.SourceName.String()))
		})
		return membersRead{id, members{list: list, err: model.AsError(model.OpMemberships.What, err)}}
	}
}

// seatContext is what the seat rule needs for this account. A direct membership
// above Guest is enough to know what decides. Less says nothing: a higher role
// may come through a group that was invited, which no list of direct
// memberships tells.
func (p *Pane) seatContext(id int64) model.SeatContext {
	ctx := p.v.SeatContext()
	if m, ok := p.members[id]; ok && m.known() && len(m.list) > 0 && m.list[0].Role > model.RoleGuest {
		ctx.Role = m.list[0].Role
	}
	return ctx
}

// roleLines says which memberships there are, as far as somebody asked: at most
// n lines.
func (p *Pane) roleLines(w int, id int64, n int) []string {
	m, asked := p.members[id]
	line := func(text string) []string {
		return p.hang("role", p.th.Label, text, w)
	}
	switch {
	case !asked:
		return line("not in the list · e reads it")
	case m.reading:
		return line("being read")
	case m.err != nil:
		return line(m.err.Msg.String())
	case len(m.list) == 0:
		return line("no direct membership")
	}
	var out []string
	label := "role"
	for _, g := range groupRoles(m.list) {
		out = append(out, kit.NewLine(p.th, w).Label(label).At(hangAt).Value(g.role.String()).Label(" in ").Value(g.where).String())
		label = ""
	}
	return kit.Tail(p.th, out, w, n, "enter")
}

// roleGroup is one role and where it is held.
type roleGroup struct {
	role  model.Role
	where string
}

// groupRoles joins memberships of the same role: one by its name, more by their
// number.
func groupRoles(list []model.Membership) []roleGroup {
	var out []roleGroup
	for i := 0; i < len(list); {
		j, projects := i, 0
		for ; j < len(list) && list[j].Role == list[i].Role; j++ {
			if list[j].SourceType.String() == "Project" {
				projects++
			}
		}
		where := list[i].SourceName.String()
		if n := j - i; n > 1 {
			where = places(n-projects, projects)
		}
		out = append(out, roleGroup{list[i].Role, where})
		i = j
	}
	return out
}

// places words how many groups and projects there are.
func places(groups, projects int) string {
	var parts []string
	if groups > 0 {
		parts = append(parts, words.Plural(groups, "group", "groups"))
	}
	if projects > 0 {
		parts = append(parts, words.Plural(projects, "project", "projects"))
	}
	return words.List(parts)
}

// tooHigh is how many of an account's memberships give a role that takes a
// seat, unknown as long as nobody read them.
func (p *Pane) tooHigh(id int64) model.Opt[int] {
	m, ok := p.members[id]
	if !ok || !m.known() {
		return model.None[int]()
	}
	free := model.RoleMinimal
	if p.v.Facts.License.Value.Plan.IsUltimate() {
		free = model.RoleGuest
	}
	n := 0
	for _, g := range m.list {
		if g.Role > free {
			n++
		}
	}
	return model.Some(n)
}

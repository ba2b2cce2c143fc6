package users

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// members is what is known of one account's memberships. They are asked for one
// account at a time and forgotten with the roster they belong to.
type members struct {
	list []model.Membership
	err  *model.Error
	// stop ends the reading under way, nil for none; n is its number.
	stop context.CancelFunc
	n    int
}

func (m members) reading() bool { return m.stop != nil }

// known reports whether the list says which roles the account has.
func (m members) known() bool { return !m.reading() && m.err == nil }

// membersRead answers doMembers.
type membersRead struct {
	id      int64
	n       int
	members members
}

// doMembers asks the instance for all memberships of the account in sight. Keys
// work on meanwhile, and esc stops it.
func (p *Pane) doMembers() tea.Cmd {
	id := p.subject()
	ctx, stop := context.WithCancel(p.ctx)
	p.about = id
	p.reads++
	n, src := p.reads, p.src
	p.members[id] = members{stop: stop, n: n}
	return func() tea.Msg {
		defer stop()
		list, err := src.Memberships(ctx, id)
		return membersRead{id, n, members{list: list, err: model.AsError(model.OpMemberships.What, err)}}
	}
}

// membersRead takes an answer in, unless it was stopped or is not the newest.
func (p *Pane) membersRead(msg membersRead) {
	if m, ok := p.members[msg.id]; ok && m.reading() && m.n == msg.n {
		p.members[msg.id] = msg.members
	}
}

// stopMembers ends the reading about the account in sight and reports whether
// there was one.
func (p *Pane) stopMembers() bool {
	id := p.subject()
	m := p.members[id]
	if !m.reading() {
		return false
	}
	m.stop()
	delete(p.members, id)
	return true
}

// why is all that can be said about an account's seat, by its memberships where
// somebody had them read.
func (p *Pane) why(a model.Account) model.SeatWhy {
	known := model.None[[]model.Membership]()
	if m, ok := p.members[a.ID]; ok && m.known() {
		known = model.Some(m.list)
	}
	return p.v.Why(a, known)
}

// decided says which membership decided, and below it which others there are,
// on at most n lines.
func (p *Pane) decided(w int, id int64, why model.SeatWhy, n int) []string {
	m, asked := p.members[id]
	switch {
	case asked && m.reading():
		return p.hang("decided", p.th.Label, "memberships are being read · esc stops", w)
	case asked && m.err != nil:
		return append(p.hang("decided", p.th.Value, words.Deciding(why), w), p.hang("", p.th.Label, m.err.Msg.String(), w)...)
	case !asked && !why.Verdict.Decided && p.noMembers() == "":
		return p.hang("decided", p.th.Label, words.Deciding(why)+" · e reads them", w)
	}
	out := p.hang("decided", p.th.Value, words.Deciding(why), w)
	list, label := why.Memberships.Or(nil), "roles"
	if why.Deciding.Known() {
		list, label = list[1:], "also" // the first of them decides
	}
	var roles []string
	for _, g := range groupRoles(list) {
		roles = append(roles, kit.NewLine(p.th, w).Label(label).At(hangAt).Value(g.role.String()).Label(" in ").Value(g.where).String())
		label = ""
	}
	return append(out, kit.Tail(p.th, roles, w, n, "enter")...)
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
			if words.MembershipKind(list[j]) == "project" {
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

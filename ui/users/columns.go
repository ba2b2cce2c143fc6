package users

import (
	"slices"
	"strconv"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// sortedPriority is right behind the name: the column the rows are sorted by is
// always on the screen.
const sortedPriority = 1

// Where the roles stand: behind the state once somebody read them, and at the
// end as long as they are all dashes.
const (
	rolePriority   = 8
	unreadPriority = 20
)

// column joins what the grid draws with what it sorts by.
type column struct {
	kit.Column
	name   string // among [model.AccountColumns]
	key    model.SortKey
	asked  bool // it is there only when it was chosen; nothing sorts by it
	turned bool // the cells grow as the key falls: days since a date
	// when says for which filters the column tells rows apart; nil is for all.
	when func(q model.Query) bool
	cell func(p *Pane, a model.Account) kit.Cell
}

// columns stand as in the pictures; what goes when narrow is by priority.
var columns = []*column{
	{name: "name", Column: kit.Column{Title: "name", Min: 16, Max: 24, Priority: 0}, key: model.SortName,
		cell: func(_ *Pane, a model.Account) kit.Cell { return kit.Cell{Text: a.Name.String()} }},
	{name: "username", Column: kit.Column{Title: "username", Min: 15, Max: 18, Priority: 2}, key: model.SortUsername,
		cell: func(p *Pane, a model.Account) kit.Cell { return p.faint(a.Username.String()) }},
	{name: "last_activity_on", Column: kit.Column{Title: "activity", Min: 10, Right: true, Priority: 4}, key: model.SortActivity,
		cell: func(_ *Pane, a model.Account) kit.Cell { return kit.Cell{Text: words.Date(a.LastActivity)} }},
	{name: "idle_days", Column: kit.Column{Title: "days", Min: 5, Right: true, Priority: 3}, key: model.SortSeen, turned: true,
		cell: func(p *Pane, a model.Account) kit.Cell { return kit.Cell{Text: words.Count(a.IdleDays(p.basis.today))} }},
	{name: "last_sign_in_on", Column: kit.Column{Title: "sign-in", Min: 10, Right: true, Priority: 5}, key: model.SortSignIn,
		cell: func(p *Pane, a model.Account) kit.Cell { return p.faint(words.Date(a.LastSignIn)) }},
	{name: "provider", Column: kit.Column{Title: "via", Min: 4, Max: 8, Priority: 6}, key: model.SortProvider,
		cell: func(p *Pane, a model.Account) kit.Cell { return p.faint(via(a.Provider)) }},
	{name: "billable", Column: kit.Column{Title: "seat", Min: 4, Priority: 7}, key: model.SortSeat, when: mixesSeats, cell: (*Pane).seatCell},
	{name: "state", Column: kit.Column{Title: "state", Min: 12, Max: 12, Priority: 8}, key: model.SortState, when: mixesStates,
		cell: func(p *Pane, a model.Account) kit.Cell { return p.faint(shortState(a.State)) }},
	{name: "role", Column: kit.Column{Title: "role", Min: 10, Max: 14, Priority: rolePriority}, key: model.SortRole, cell: (*Pane).roleCell},
	{name: "created_on", Column: kit.Column{Title: "created", Min: 10, Right: true, Priority: 9}, key: model.SortCreated,
		cell: func(p *Pane, a model.Account) kit.Cell { return p.faint(words.Date(a.Created)) }},
	{name: "two_factor", Column: kit.Column{Title: "2FA", Min: 3, Priority: 10}, key: model.Sort2FA, cell: flagCell(model.Flag2FA)},
	{name: "email", Column: kit.Column{Title: "e-mail", Min: 24, Max: 32, Priority: 11}, key: model.SortEmail,
		cell: func(p *Pane, a model.Account) kit.Cell { return p.faint(named(a.Email, words.Unknown)) }},
	{name: "id", Column: kit.Column{Title: "id", Min: 7, Right: true, Priority: 12}, key: model.SortID,
		cell: func(p *Pane, a model.Account) kit.Cell { return p.faint(strconv.FormatInt(a.ID, 10)) }},
	{name: "admin", Column: kit.Column{Title: "admin", Min: 5, Priority: 13}, key: model.SortAdmin, cell: flagCell(model.FlagAdmin)},
	{name: "external", Column: kit.Column{Title: "external", Min: 8, Priority: 14}, key: model.SortExternal, cell: flagCell(model.FlagExternal)},
	{name: "bot", Column: kit.Column{Title: "bot", Min: 3, Priority: 15}, key: model.SortBot, cell: flagCell(model.FlagBot)},
	{name: "recency", Column: kit.Column{Title: "recency", Min: 7, Priority: 16}, asked: true, cell: func(p *Pane, a model.Account) kit.Cell {
		return p.faint(model.RecencyOf(a.LastActivity, a.LastSignIn, p.basis.today, p.basis.dormant).String())
	}},
	{name: "why", Column: kit.Column{Title: "why", Min: 15, Max: 24, Priority: 17}, asked: true, cell: (*Pane).whyCell},
	{name: "auditor", Column: kit.Column{Title: "auditor", Min: 7, Priority: 18}, asked: true, cell: flagCell(model.FlagAuditor)},
	{name: "locked", Column: kit.Column{Title: "locked", Min: 6, Priority: 19}, asked: true, cell: flagCell(model.FlagLocked)},
}

// wanted are the columns that the grid shows as far as there is room: those that
// were chosen, else those that tell the rows of the filter apart.
func (p *Pane) wanted() []*column {
	names := p.chosen()
	out := make([]*column, len(names), len(columns))
	for _, c := range columns {
		if at := slices.Index(names, c.name); at >= 0 {
			out[at] = c
		} else if names == nil && !c.asked && (c.when == nil || c.key == p.choice.sort || c.when(p.choice.query)) {
			out = append(out, c)
		}
	}
	return out
}

// pinned is the column that always stays: it is what an account is called.
const pinned = "username"

// chosen are the columns that were chosen, by name; none for the automatic ones.
//
//go:noinline
func (p *Pane) chosen() []string {
	if list := p.choice.columns; len(list) > 0 && !slices.Contains(list, pinned) {
		return append([]string{pinned}, list...)
	}
	return p.choice.columns
}

// shortState names a state in a narrow column, none of them cut.
func shortState(s model.State) string {
	switch s {
	case model.StateLDAPBlocked:
		return "LDAP-blocked"
	case model.StatePending:
		return "pending"
	}
	return s.Title()
}

// faint is a cell for what is seldom looked at.
func (p *Pane) faint(text string) kit.Cell { return kit.Cell{Text: text, Style: p.th.Label} }

// via names a provider in a narrow column. "ldapmain" is what GitLab calls the
// first LDAP server, and on most instances the only one.
func via(provider model.Text) string {
	if provider.String() == "ldapmain" {
		return "ldap"
	}
	return named(provider, words.Unknown)
}

// flagCell tells one yes/no fact.
//
//go:noinline
func flagCell(f model.Flags) func(p *Pane, a model.Account) kit.Cell {
	return func(p *Pane, a model.Account) kit.Cell { return p.faint(words.YesNo(model.Some(a.Is(f)))) }
}

// seatCell says whether the account takes a seat.
func (p *Pane) seatCell(a model.Account) kit.Cell {
	row, _ := p.roster.ByID(a.ID)
	seat := p.seats.Billable(row)
	if seat.Or(false) {
		return kit.Cell{Text: "yes"}
	}
	return p.faint(words.YesNo(seat))
}

// whyCell is the rule that decided, by its id.
func (p *Pane) whyCell(a model.Account) kit.Cell {
	row, _ := p.roster.ByID(a.ID)
	return p.faint(p.seats.Why(row))
}

// roleCell is the highest role; a dash where nobody read it.
func (p *Pane) roleCell(a model.Account) kit.Cell {
	row, _ := p.roster.ByID(a.ID)
	return p.faint(p.seats.Role(row).Or(model.RoleUnknown).String())
}

// mixesStates reports whether a filter lets through accounts in more than one
// state.
func mixesStates(q model.Query) bool {
	for _, t := range q.Terms() {
		if !t.Not && (t.Key == model.QueryState && len(t.Values) == 1 || t.Key == model.QueryBillable) {
			return false
		}
	}
	return true
}

// mixesSeats reports whether a filter lets through accounts with a seat and
// accounts without.
func mixesSeats(q model.Query) bool { return !q.Uses(model.QueryBillable) }

// since is how many days ago a day was, unknown for no day. A day ahead, of a
// clock ahead, counts as today.
func (p *Pane) since(d model.Day) model.Opt[int] {
	if !d.Known() {
		return model.None[int]()
	}
	return model.Some(max(p.basis.today.Sub(d), 0))
}

// named is a text, or what stands for an empty one.
func named(t model.Text, none string) string {
	if t.Empty() {
		return none
	}
	return t.String()
}

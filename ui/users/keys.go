package users

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// group is the caption of these actions in the help.
const group = "users & seats"

// maxCopy is the most bytes sent to a clipboard: terminals and multiplexers
// drop longer ones without a word.
const maxCopy = 50_000

// Actions lists what can be done here. From the dashboard only the breakdown is
// reached; the root opens the full screen for it, as for its own search.
func (p *Pane) Actions(full bool) []kit.Action {
	if !full {
		a := p.breakdownAction()
		a.Quiet = true
		return []kit.Action{a}
	}
	switch p.page {
	case pageBreakdown:
		return p.bookActions()
	case pageAccount:
		return p.accountActions()
	case pageCounts:
		return p.countsActions()
	case pageWhatIf:
		return p.whatIfActions()
	case pageWaiting:
		return p.waitingActions()
	case pageRoles:
		return p.rolesActions()
	case pageViews:
		return p.viewsActions()
	case pageColumns:
		return p.columnsActions()
	}
	if p.Typing() {
		return p.fieldActions()
	}
	return append(p.gridActions(), p.markActions()...)
}

// searchAction opens the field, also before there are accounts: what is typed
// meanwhile is a search of those to come, never a row of commands.
func (p *Pane) searchAction() kit.Action {
	return kit.Action{ID: "users.search", Title: "search", Desc: "name, username, e-mail, id, or a filter", Keys: []string{"/"}, Group: group,
		Run: p.doSearch}
}

func (p *Pane) breakdownAction() kit.Action {
	return kit.Action{ID: "users.breakdown", Title: "breakdown", Desc: "from accounts to seats, and why they differ", Keys: []string{"b"}, Group: group,
		Run: p.doBreakdown}
}

func (p *Pane) membersAction() kit.Action {
	return kit.Action{ID: "users.roles", Title: "read memberships", Short: "members", Desc: "of this account, from the instance", Keys: []string{"e"},
		Group: group, Operation: model.OpMemberships.Name, Run: p.doMembers, Why: p.noMembers}
}

// gridActions are those of the grid, the most wanted first.
func (p *Pane) gridActions() []kit.Action {
	why := kit.Action{ID: "users.panel", Title: "side panel on or off", Short: "panel", Desc: "why this account takes a seat", Keys: []string{"i"},
		Group: group, Run: p.doPanel, Why: p.noAccount}
	if !p.roomy {
		why.Title, why.Short = "why", "why"
	}
	return []kit.Action{
		{ID: "users.mark", Title: "mark", Desc: "the account under the cursor", Keys: []string{"space"}, Group: group, Run: p.doMark, Why: p.noAccount},
		p.searchAction(),
		{ID: "users.filter", Title: "next filter", Short: "filter", Desc: "billable, dormant, idle, never, blocked …", Keys: []string{"f"}, Group: group,
			Why: p.noRoster, Run: func() tea.Cmd { return p.doChip(1) }},
		{ID: "users.sort", Title: "sort by the next column", Short: "sort", Desc: "from left to right; it stays in sight", Keys: []string{"o"},
			Group: group, Run: p.doSort, Why: p.noRoster},
		why,
		{ID: "users.open", Title: "open the account", Short: "open", Desc: "everything known of one account", Keys: []string{"enter"}, Group: group,
			Run: p.doOpen, Why: p.noAccount},
		p.breakdownAction(),
		{ID: "users.counts", Title: "counts", Desc: "every number of users, and why they differ", Keys: []string{"c"}, Group: group, Run: p.doCounts},
		{ID: "users.whatif", Title: "what if", Desc: "seats and bill after it; nothing is sent", Keys: []string{"w"}, Group: group,
			Run: p.doWhatIf, Why: p.noRoster},
		{ID: "users.waiting", Title: "roles waiting", Short: "waiting", Desc: "who would take a seat once approved", Keys: []string{"p"}, Group: group, Run: p.doWaiting},
		{ID: "users.hostroles", Title: "everybody's roles", Short: "roles", Desc: "read on the GitLab server: what it brings", Keys: []string{"r"},
			Group: group, Run: p.doRolesPage},
		{ID: "users.views", Title: "saved views", Short: "views", Desc: "filters, orders and columns under a name", Keys: []string{"V"}, Group: group, Run: p.doViews},
		p.saveViewAction(),
		{ID: "users.columns", Title: "columns", Desc: "which the grid shows; named as in --columns", Keys: []string{"C"}, Group: group, Run: p.doColumns, Why: p.noRoster},
		p.membersAction(),
		{ID: "users.filter.back", Title: "filter before", Desc: "the other way round", Keys: []string{"F"}, Group: group, Why: p.noRoster, Hidden: true,
			Run: func() tea.Cmd { return p.doChip(-1) }},
		{ID: "users.sort.turn", Title: "turn the order", Short: "turn", Desc: "ascending or descending", Keys: []string{"O"}, Group: group,
			Run: p.doTurn, Why: p.noRoster},
	}
}

// markActions choose accounts.
func (p *Pane) markActions() []kit.Action {
	return []kit.Action{
		{ID: "users.mark.range", Title: "mark a range", Short: "range", Desc: "from here to where v is pressed again", Keys: []string{"v"}, Group: group,
			Run: p.doRange, Why: p.noAccount},
		{ID: "users.mark.all", Title: "mark all shown", Short: "all", Desc: "all of the filter; again takes the marks off", Keys: []string{"a"},
			Group: group, Run: p.doMarkAll, Why: p.noAccount},
		{ID: "users.copy", Title: "copy usernames", Short: "copy", Desc: "of the marked accounts, or of this one", Keys: []string{"y"}, Group: group,
			Run: p.doCopy, Why: p.noAccount},
		{ID: "users.export", Title: "export", Desc: "copies the command that writes what is shown", Keys: []string{"x"}, Group: group,
			Run: p.doExport, Why: p.noExport},
	}
}

// fieldActions work while the search has the keys.
func (p *Pane) fieldActions() []kit.Action {
	return []kit.Action{
		{ID: "users.search.done", Title: "to the grid", Short: "done", Desc: "the search stays", Keys: []string{"enter"}, Group: group, Run: p.doField},
		{ID: "users.complete", Title: "complete the filter", Short: "complete", Desc: "keys and values, one after the other", Keys: []string{"tab"},
			Group: group, Run: p.doComplete, Why: p.noOffers},
	}
}

// accountActions are those of one account in full.
func (p *Pane) accountActions() []kit.Action {
	return []kit.Action{
		p.membersAction(),
		{ID: "users.next", Title: "next account", Short: "next", Desc: "in the order of the grid", Keys: []string{"right", "l"}, Group: group,
			Run: func() tea.Cmd { return p.doStep(kit.LineDown) }},
		{ID: "users.previous", Title: "account before", Short: "before", Desc: "in the order of the grid", Keys: []string{"left", "h"}, Group: group,
			Run: func() tea.Cmd { return p.doStep(kit.LineUp) }},
		{ID: "users.mark", Title: "mark", Desc: "this account, or take its mark off", Keys: []string{"space"}, Group: group, Run: p.doMarkHere, Why: p.noAccount},
		{ID: "users.copy", Title: "copy the username", Short: "copy", Desc: "to the terminal's clipboard", Keys: []string{"y"}, Group: group,
			Run: func() tea.Cmd { return p.copyOne(p.about) }, Why: p.noAccount},
		{ID: "users.grid", Title: "back to the grid", Short: "grid", Desc: "of accounts", Keys: []string{"i"}, Group: group, Run: p.doGrid},
		p.searchAction(),
	}
}

// countsActions are those of the page of counts.
func (p *Pane) countsActions() []kit.Action {
	return []kit.Action{
		p.breakdownAction(),
		{ID: "users.grid", Title: "back to the grid", Short: "grid", Desc: "of accounts", Keys: []string{"c"}, Group: group, Run: p.doGrid},
		p.searchAction(),
	}
}

// bookActions are those of the breakdown.
func (p *Pane) bookActions() []kit.Action {
	return []kit.Action{
		{ID: "users.list", Title: "list these", Desc: "the accounts behind the row, in the grid", Keys: []string{"enter"}, Group: group,
			Run: p.doList, Why: p.noList},
		{ID: "users.part.next", Title: "next part", Short: "part", Desc: "waterfall, activity, counts, who they are", Keys: []string{"right", "l", "tab"}, Group: group,
			Run: func() tea.Cmd { p.book.block(1); return nil }},
		{ID: "users.part.previous", Title: "part before", Desc: "the other way round", Keys: []string{"left", "h", "shift+tab"}, Group: group, Hidden: true,
			Run: func() tea.Cmd { p.book.block(-1); return nil }},
		{ID: "users.table", Title: "table or drawings", Short: "table", Desc: "every number, also rows with nobody in them", Keys: []string{"t"}, Group: group,
			Run: p.doTable},
		{ID: "users.grid", Title: "back to the grid", Short: "grid", Desc: "of accounts", Keys: []string{"b"}, Group: group, Run: p.doGrid},
		p.searchAction(),
	}
}

func (p *Pane) noRoster() string {
	if p.roster == nil {
		return "the accounts are not read yet"
	}
	return ""
}

func (p *Pane) noAccount() string {
	if !p.exists(p.subject()) {
		return "no account is shown"
	}
	return ""
}

func (p *Pane) noMembers() string {
	switch {
	case p.noAccount() != "":
		return p.noAccount()
	case p.v.Offline != nil:
		return "the instance does not answer"
	case p.members[p.subject()].reading():
		return "they are being read"
	}
	return ""
}

func (p *Pane) noOffers() string {
	if _, list := p.candidates(); len(list) == 0 {
		return "nothing to complete here"
	}
	return ""
}

func (p *Pane) noList() string {
	if why := p.noRoster(); why != "" {
		return why
	}
	if _, ok := p.book.query(); !ok && !p.book.chart() {
		return "no list of accounts stands behind this row"
	}
	return ""
}

// doCopy sends usernames to the clipboard.
func (p *Pane) doCopy() tea.Cmd {
	if p.marks.len() == 0 {
		return p.copyOne(p.subject())
	}
	return p.copyOf(slices.Clone(p.marks.rows))
}

// copyOne sends the username of one account.
func (p *Pane) copyOne(id int64) tea.Cmd {
	var one bitmap
	if row, ok := p.roster.ByID(id); ok {
		one.set(row, true)
	}
	return p.copyOf(one)
}

// copyOf sends the usernames of accounts to the clipboard, or says that they
// are too many for it.
func (p *Pane) copyOf(rows bitmap) tea.Cmd {
	roster := p.roster
	return func() tea.Msg {
		var names strings.Builder
		n := rows.count()
		for _, row := range rows.index() {
			names.WriteString(roster.At(int(row)).Username.String())
			names.WriteByte('\n')
			if names.Len() > maxCopy {
				return kit.Say{Level: kit.Trouble, Text: words.Int(n) + " usernames are more than a terminal's clipboard takes",
					Next: "seatdeck users list writes them"}
			}
		}
		return kit.Copy{Text: names.String(), What: words.Plural(n, "username", "usernames")}
	}
}

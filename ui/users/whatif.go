package users

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// whatIf is a question about seats while it is put together. Nothing of it is
// sent.
type whatIf struct {
	at     whatIfRow
	choice [whatIfRows]int // the option chosen in each row
	more   kit.Input       // how many new accounts
	typing bool
	answer sum[whatIfAnswer]
}

// whatIfAnswer is an answer with why GitLab would refuse some of it.
type whatIfAnswer struct {
	model.WhatIfAnswer
	refusals []model.WhatIfRefusal // each once
}

// whatIfRow is one line of the question.
type whatIfRow int

const (
	rowWho whatIfRow = iota
	rowDeed
	rowPlan
	rowNew
	rowRole
	whatIfRows int = iota
)

// newWhatIf asks about nothing yet.
func newWhatIf() whatIf {
	var q whatIf
	q.more.Set("0")
	return q
}

// deeds are the changes that can be asked about, before the roles.
var deeds = []model.WhatIfDeed{"", model.DeedDeactivate, model.DeedBlock, model.DeedRemove}

// plans are those that can be asked about; "" is that of now.
var plans = []model.Plan{"", model.PlanPremium, model.PlanUltimate}

// noRole is how the option of no membership is named.
const noRole = "no role"

// roleOptions are the names of the roles, in the order of the model.
func roleOptions() []string {
	names := slices.Clone(model.RoleNames())
	names[0] = noRole
	return names
}

// options are the words of a row, in order; none where a number is typed.
func (p *Pane) options(row whatIfRow) []string {
	switch row {
	case rowWho:
		return []string{words.Int(p.marks.len()) + " marked", words.Int(p.grid.Len) + " of the filter"}
	case rowDeed:
		out := []string{"stay as they are"}
		for _, d := range deeds[1:] {
			out = append(out, string(d))
		}
		return append(out, roleOptions()...)
	case rowPlan:
		out := []string{"as it is"}
		for _, plan := range plans[1:] {
			out = append(out, plan.Title())
		}
		return out
	case rowRole:
		return append([]string{"each takes a seat"}, roleOptions()...)
	}
	return nil
}

// newcomers is how many accounts are to come.
func (q *whatIf) newcomers() int {
	n, err := strconv.Atoi(q.more.Value())
	if err != nil {
		return 0 // an empty field
	}
	return min(n, model.MaxAccounts)
}

// question is what is asked, of the accounts shown.
func (p *Pane) question() model.WhatIf {
	c := p.whatIf.choice
	q := model.WhatIf{Plan: plans[c[rowPlan]], New: p.whatIf.newcomers()}
	if k := c[rowRole]; k > 0 {
		role, _ := model.RoleNamed(model.RoleNames()[k-1])
		q.NewRole = model.Some(role)
	}
	k := c[rowDeed]
	if k == 0 {
		return q
	}
	change := model.WhatIfChange{Rows: p.asked()}
	if k < len(deeds) {
		change.Deed = deeds[k]
	} else {
		change.Deed = model.DeedRole
		change.Role, _ = model.RoleNamed(model.RoleNames()[k-len(deeds)])
	}
	q.Changes = []model.WhatIfChange{change}
	return q
}

// asked are the accounts the question is about.
func (p *Pane) asked() model.Index {
	if p.whatIf.choice[rowWho] == 1 {
		return p.choice.rows
	}
	return p.marks.rows.index()
}

// doWhatIf opens the page: about the marked, and where nobody is, about the
// filter's accounts.
func (p *Pane) doWhatIf() tea.Cmd {
	p.page, p.choice.typing, p.text = pageWhatIf, false, kit.Scroll{}
	if p.marks.len() == 0 {
		p.whatIf.choice[rowWho] = 1
	}
	return p.doAsk()
}

// doAsk asks anew.
func (p *Pane) doAsk() tea.Cmd {
	if p.roster == nil {
		return nil
	}
	r, src, q := p.roster, p.src, p.question()
	return p.whatIf.answer.ask(p.grounds(), func() (whatIfAnswer, error) {
		a, err := src.WhatIf(r, q)
		out := whatIfAnswer{WhatIfAnswer: a}
		for _, f := range a.Fates {
			if f.Refused != "" && !slices.Contains(out.refusals, f.Refused) {
				out.refusals = append(out.refusals, f.Refused)
			}
		}
		return out, err
	})
}

// doOther takes another option of the row, or one new account more or fewer.
func (p *Pane) doOther(by int) tea.Cmd {
	q := &p.whatIf
	if q.at == rowNew {
		q.more.Set(strconv.Itoa(min(max(q.newcomers()+by, 0), model.MaxAccounts)))
		return p.doAsk()
	}
	n := len(p.options(q.at))
	q.choice[q.at] = (q.choice[q.at] + by + n) % n
	return p.doAsk()
}

// doNumber gives the keys to the number of new accounts, and back.
func (p *Pane) doNumber() tea.Cmd {
	q := &p.whatIf
	q.at, q.typing = rowNew, !q.typing
	q.more.Set(strconv.Itoa(q.newcomers()))
	if q.typing && q.newcomers() == 0 {
		q.more.Set("") // a digit typed behind the 0 would look like 060
	}
	return nil
}

// digits are as many as a number of accounts has.
const digits = 7

// typedNumber takes a key of the number of new accounts: digits and what edits
// them.
func (p *Pane) typedNumber(k tea.KeyPressMsg) (tea.Cmd, bool) {
	if k.String() == "enter" {
		return p.doNumber(), true
	}
	if k.Text != "" && (strings.Trim(k.Text, "0123456789") != "" || len(p.whatIf.more.Value())+len(k.Text) > digits) {
		return nil, true
	}
	before := p.whatIf.more.Value()
	used := p.whatIf.more.Key(k)
	if p.whatIf.more.Value() == before {
		return nil, used
	}
	return p.doAsk(), true
}

// moveQuestion goes through the rows of the question; pages scroll the answer.
func (p *Pane) moveQuestion(m kit.Motion) {
	q := &p.whatIf
	switch m {
	case kit.LineUp:
		q.at = max(q.at-1, 0)
	case kit.LineDown:
		q.at = min(q.at+1, whatIfRow(whatIfRows-1))
	default:
		p.text.Shift(m, p.textLen, p.textH)
	}
}

// whatIfActions are those of the page.
func (p *Pane) whatIfActions() []kit.Action {
	if p.whatIf.typing {
		return []kit.Action{{ID: "users.whatif.number", Title: "number is right", Short: "done", Desc: "of accounts to come", Keys: []string{"enter"}, Group: group, Run: p.doNumber}}
	}
	return []kit.Action{
		{ID: "users.whatif.next", Title: "next choice", Short: "choose", Desc: "in this row of the question", Keys: []string{"right", "l"}, Group: group,
			Run: func() tea.Cmd { return p.doOther(1) }},
		{ID: "users.whatif.previous", Title: "choice before", Desc: "in this row of the question", Keys: []string{"left", "h"}, Group: group, Hidden: true,
			Run: func() tea.Cmd { return p.doOther(-1) }},
		{ID: "users.whatif.number", Title: "type a number", Short: "number", Desc: "of accounts to come", Keys: []string{"enter", "n"}, Group: group, Run: p.doNumber},
		{ID: "users.grid", Title: "back to the grid", Short: "grid", Desc: "of accounts", Keys: []string{"w"}, Group: group, Run: p.doGrid},
		p.searchAction(),
	}
}

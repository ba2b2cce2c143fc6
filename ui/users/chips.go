package users

import (
	"slices"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// chip is one of the ready-made filters.
type chip struct {
	name  string
	query string
	count func(b model.Breakdown) int
}

// chipAll is the filter that leaves nothing out.
const chipAll = "all"

// chips are the ready-made filters, with the count the breakdown has for each.
// Where nobody knows who is billable the recencies are about accounts instead:
// the two populations are never mixed.
func (p *Pane) chips() []chip {
	out := []chip{{chipAll, "", func(b model.Breakdown) int { return b.Accounts }}}
	who, recency := "state:active kind:human", func(b model.Breakdown) model.RecencyCounts { return b.Recency }
	if p.v.Facts.Breakdown.Value.Billable.Known() || !p.v.Facts.Breakdown.Known() {
		who, recency = "billable:yes", func(b model.Breakdown) model.RecencyCounts { return b.Seats.Or(model.SeatBreakdown{}).Recency }
		out = append(out, chip{"billable", "billable:yes", func(b model.Breakdown) int { return b.Billable.Or(0) }})
	}
	for _, r := range []model.Recency{model.RecencyDormant, model.RecencyIdle, model.RecencyNever} {
		out = append(out, chip{r.String(), who + " recency:" + r.String(), func(b model.Breakdown) int { return recency(b).Of(r) }})
	}
	return append(out,
		chip{words.KeptOut, "state:blocked,ldap_blocked,pending,banned", func(b model.Breakdown) int {
			return inStates(b, model.StateBlocked, model.StateLDAPBlocked, model.StatePending, model.StateBanned)
		}},
		chip{"bots", "kind:bot", func(b model.Breakdown) int { return b.Kinds.Bots }},
		chip{"deactivated", "state:deactivated", func(b model.Breakdown) int { return inStates(b, model.StateDeactivated) }},
	)
}

// inStates is how many accounts are in one of the states.
func inStates(b model.Breakdown, states ...model.State) int {
	n := 0
	for _, s := range b.States {
		if slices.Contains(states, model.ParseState(s.State)) {
			n += s.Accounts
		}
	}
	return n
}

// chipAt is the place of the active filter; one that is no longer offered is
// as good as none.
func (p *Pane) chipAt() int {
	at := slices.IndexFunc(p.chips(), func(c chip) bool { return c.name == p.choice.chip })
	return max(at, 0)
}

func (p *Pane) chip() chip { return p.chips()[p.chipAt()] }

// chipLine draws the ready-made filters with how many accounts each has: a dash
// as long as the roster is not whole. A saved view that is shown stands first.
func (p *Pane) chipLine(w int) string {
	b := &p.v.Facts.Breakdown
	var chips []kit.Chip
	for _, c := range p.chips() {
		n := words.Unknown
		if b.Known() {
			n = words.Int(c.count(b.Value))
		}
		chips = append(chips, kit.Chip{Name: c.name, Count: n})
	}
	at := p.chipAt()
	if p.choice.view != "" {
		// Of the ready-made filters none is in force but the one that has all.
		chips, at = slices.Insert(chips, 0, kit.Chip{Name: p.choice.view, Count: words.Int(p.grid.Len)}), 0
	}
	return kit.Chips(p.th, w, chips, at)
}

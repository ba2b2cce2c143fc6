package model

// WhatIfCost is what an answer means for the bill. Unknown is what no price, no
// term or no peak is known for. What is only known to lie between two bounds is
// told by both, never by the worse of them alone.
type WhatIfCost struct {
	Peak      Opt[SeatSpan] `json:"maximum_users"`       // of the term, if nothing were done
	PeakAfter Opt[SeatSpan] `json:"maximum_users_after"` // never lower: freeing seats does not take it back
	Over      Opt[SeatSpan] `json:"users_over_subscription"`
	OverAfter Opt[SeatSpan] `json:"users_over_subscription_after"`
	Extra     Opt[SeatSpan] `json:"seats_to_pay"` // over the subscription because of this

	Price     Opt[Price] `json:"price"`
	ToTermEnd *MoneySpan `json:"cost_to_term_end"` // Extra seats bought today, prorated by days
	Quarter   Opt[int]   `json:"quarter"`          // of the term, for terms that are reconciled quarterly
	Quarterly *MoneySpan `json:"cost_quarterly"`   // Extra seats found at the end of this quarter
	TrueUp    *MoneySpan `json:"cost_true_up"`     // Extra seats at an annual true-up

	// Saved are the seats fewer than now, FromRenewal what they save in a year,
	// from the renewal on. Another plan has another price for every seat: there
	// is no such number.
	Saved       Opt[SeatSpan] `json:"seats_saved_from_renewal"`
	FromRenewal *MoneySpan    `json:"saved_a_year_from_renewal"`
}

// MoneySpan is an amount between two bounds, both included.
type MoneySpan struct {
	Least Money `json:"least"`
	Most  Money `json:"most"`
}

// Times is what either bound of a number of seats costs, or saves, in a year.
func (s SeatSpan) Times(p Price) *MoneySpan { return &MoneySpan{p.TrueUp(s.Least), p.TrueUp(s.Most)} }

// cost is what either bound costs; nil where that is not known.
func (s SeatSpan) cost(of func(n int) Opt[Money]) *MoneySpan {
	few, _ := of(s.Least).Get()
	many, ok := of(s.Most).Get()
	if !ok {
		return nil
	}
	return &MoneySpan{few, many}
}

// costOf works out what the answer costs (contract §6.2, §6.5, §10).
//
// The peak without the question is that of the term or, if today's list already
// has more, today's: the next daily count would show it (contract §1.3, §6.3).
func costOf(b WhatIfBasis, a WhatIfAnswer) WhatIfCost {
	c := WhatIfCost{Price: b.Price, Quarter: b.License.Quarter(b.Today)}
	before, licensed := a.Before.Get()
	peak, known := b.License.Maximum.Get()
	if licensed && known {
		c.Peak = Some(SeatSpan{max(peak, before.Least), max(peak, before.Most)})
		c.PeakAfter = Some(SeatSpan{max(peak, before.Least, a.After.Least), max(peak, before.Most, a.After.Most)})
		c.over(b.License, before, a.change)
	}
	if licensed && !a.Changed {
		c.Saved = Some(SeatSpan{max(0, -a.change.Most), max(0, -a.change.Least)})
	}
	price, priced := b.Price.Get()
	if extra, ok := c.Extra.Get(); ok && priced {
		c.ToTermEnd = extra.cost(func(n int) Opt[Money] {
			return price.ToTermEnd(n, b.Today, b.License.Starts, b.License.Ends)
		})
		c.Quarterly = extra.cost(func(n int) Opt[Money] {
			m, err := price.Quarterly(n, c.Quarter.Or(0))
			if err != nil { // an unknown quarter is none of 1 to 4
				return None[Money]()
			}
			return Some(m)
		})
		c.TrueUp = extra.Times(price)
	}
	if saved, ok := c.Saved.Get(); ok && priced && saved.Most > 0 {
		c.FromRenewal = saved.Times(price)
	}
	return c
}

// over compares both peaks with the seats. A trial is never over (contract
// §1.3). change is by how many the billable users become more: of two that
// nobody is sure of, it may be known exactly.
func (c *WhatIfCost) over(l License, before, change SeatSpan) {
	seats, ok := l.Seats.Get()
	if !ok {
		return
	}
	above := func(peak int) int {
		if l.Trial.Or(false) {
			return 0
		}
		return max(0, peak-seats)
	}
	of := func(peak SeatSpan) SeatSpan { return SeatSpan{above(peak.Least), above(peak.Most)} }
	// More before and more change never mean less to pay.
	extra := func(before, change int) int {
		peak := max(before, l.Maximum.Or(0))
		return above(max(peak, before+change)) - above(peak)
	}
	c.Over, c.OverAfter = Some(of(c.Peak.Or(SeatSpan{}))), Some(of(c.PeakAfter.Or(SeatSpan{})))
	c.Extra = Some(SeatSpan{extra(before.Least, change.Least), extra(before.Most, change.Most)})
}

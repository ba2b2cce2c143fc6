package model

// WhatIfCost is what an answer means for the bill. Unknown is what no price, no
// term or no peak is known for; every amount is for the worst case of the span.
type WhatIfCost struct {
	Peak      Opt[int] `json:"maximum_users"`       // of the term, if nothing were done
	PeakAfter Opt[int] `json:"maximum_users_after"` // never lower: freeing seats does not take it back
	Over      Opt[int] `json:"users_over_subscription"`
	OverAfter Opt[int] `json:"users_over_subscription_after"`
	Extra     Opt[int] `json:"seats_to_pay"` // over the subscription because of this

	Price     Opt[Price] `json:"price"`
	ToTermEnd Opt[Money] `json:"cost_to_term_end"` // Extra seats bought today, prorated by days
	Quarter   Opt[int]   `json:"quarter"`          // of the term, for terms that are reconciled quarterly
	Quarterly Opt[Money] `json:"cost_quarterly"`   // Extra seats found at the end of this quarter
	TrueUp    Opt[Money] `json:"cost_true_up"`     // Extra seats at an annual true-up

	// FromRenewal is what freed seats save in a year, from the renewal on.
	FromRenewal Opt[Money] `json:"saved_a_year_from_renewal"`
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
		peak = max(peak, before.Most)
		c.Peak, c.PeakAfter = Some(peak), Some(max(peak, a.After.Most))
		c.over(b.License)
	}
	price, ok := b.Price.Get()
	if !ok {
		return c
	}
	if extra, ok := c.Extra.Get(); ok {
		c.ToTermEnd = price.ToTermEnd(extra, b.Today, b.License.Starts, b.License.Ends)
		c.TrueUp = Some(price.TrueUp(extra))
		if m, err := price.Quarterly(extra, c.Quarter.Or(0)); err == nil {
			c.Quarterly = Some(m) // an unknown quarter is none of 1 to 4
		}
	}
	if freed := before.Most - a.After.Most; licensed && freed > 0 {
		c.FromRenewal = Some(price.SavedFromRenewal(freed))
	}
	return c
}

// over compares both peaks with the seats. A trial is never over (contract §1.3).
func (c *WhatIfCost) over(l License) {
	seats, ok := l.Seats.Get()
	if !ok {
		return
	}
	above := func(peak Opt[int]) int {
		if l.Trial.Or(false) {
			return 0
		}
		return max(0, peak.Or(0)-seats)
	}
	c.Over, c.OverAfter = Some(above(c.Peak)), Some(above(c.PeakAfter))
	c.Extra = Some(above(c.PeakAfter) - above(c.Peak))
}

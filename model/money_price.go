package model

import "fmt"

// Price is what one seat costs for a year, and who says so.
type Price struct {
	SeatYear Money  `json:"seat_year"`
	List     bool   `json:"list_price"` // a public list price, not the contract's own
	AsOf     Day    `json:"as_of"`      // date of the list; unknown for a contract's own price
	Note     string `json:"note,omitempty"`
}

// SeatPrice returns the price of a seat: the profile's own, else the public
// one; unknown where neither exists (Ultimate has no public price). Starter is
// sold as Premium today (contract §8, §10).
func (b PriceBook) SeatPrice(plan Plan, profile Opt[Money]) Opt[Price] {
	if m, ok := profile.Get(); ok {
		return Some(Price{SeatYear: m})
	}
	switch plan {
	case "gold":
		plan = PlanUltimate
	case PlanStarter, "bronze", "silver":
		plan = PlanPremium
	}
	for _, p := range b.Plans {
		if c, ok := p.SeatYear.Get(); p.Plan == plan && ok {
			return Some(Price{SeatYear: Money{c, b.Currency}, List: true, AsOf: b.AsOf, Note: p.Note})
		}
	}
	return None[Price]()
}

// Origin returns where the price comes from in plain words: "at your $348" or
// "at the list price of 2026-09-01, $348".
func (p Price) Origin() string {
	if p.List {
		return fmt.Sprintf("at the list price of %s, %s", p.AsOf, p.SeatYear)
	}
	return "at your " + p.SeatYear.String()
}

// SavedFromRenewal returns what n freed seats save in a year. Nothing comes
// back for the running term: seats can be reduced only at renewal, and the
// peak of the term stays (contract §6.2, §6.5).
func (p Price) SavedFromRenewal(n int) Money { return p.SeatYear.Times(max(0, n)) }

// TrueUp returns what n seats over the subscription cost at an annual true-up:
// the full price of a year for each (contract §6.5, §10).
func (p Price) TrueUp(n int) Money { return p.SeatYear.Times(max(0, n)) }

// Quarterly returns what n extra seats found at the end of a quarter of the
// term cost: price / 4 × the quarters that remain. Nothing is charged for the
// fourth (contract §6.5, §10). The quarter counts from 1 to 4.
func (p Price) Quarterly(n, quarter int) (Money, error) {
	if quarter < 1 || quarter > 4 {
		return Money{}, fmt.Errorf("quarter %d is not between 1 and 4", quarter)
	}
	return p.SeatYear.Times(max(0, n)).share(4-quarter, 4), nil
}

// Quarter returns the quarter of the term that a day lies in, from 1 to 4;
// unknown for licences that are not reconciled quarterly: terms of other than
// twelve months, and those that are not synced (contract §6.5). Resellers,
// purchase orders and the public sector are left out too; nothing tells them.
func (l License) Quarter(on Day) Opt[int] {
	year := l.Ends.Sub(l.Starts)
	if l.Kind != KindOnlineCloud || !l.Starts.Known() || !l.Ends.Known() || year < 364 || year > 366 || on < l.Starts || on > l.Ends {
		return None[int]()
	}
	quarter := 1
	for quarter < 4 && on >= DayOf(l.Starts.Time().AddDate(0, 3*quarter, 0)) {
		quarter++
	}
	return Some(quarter)
}

// ToTermEnd returns what n seats added on a day cost until the end of the
// term, by the days that are left of it (contract §6.5). Unknown when a date
// is missing or the day lies outside the term.
func (p Price) ToTermEnd(n int, on, starts, ends Day) Opt[Money] {
	if !on.Known() || !starts.Known() || !ends.Known() || ends <= starts || on < starts || on > ends {
		return None[Money]()
	}
	year := ends.Sub(starts)
	if year < 360 || year > 366 { // not a term of one year: by calendar years
		year = 365
	}
	return Some(p.SeatYear.Times(max(0, n)).share(ends.Sub(on), year))
}

package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Money is an amount in the smallest unit of its currency (cents), never a
// fraction.
type Money struct {
	Cents    int64  `json:"cents"`
	Currency string `json:"currency"` // three capital letters, such as USD
}

// maxCents bounds what is accepted as a price (ten million for a seat), so that
// its product with a million accounts and the days of ten years still fits.
const maxCents = 1_000_000_000

// ParseMoney reads an amount such as "348.00" or "348" with at most two
// decimals, never negative.
func ParseMoney(amount, currency string) (Money, error) {
	if len(currency) != 3 || strings.Trim(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return Money{}, fmt.Errorf("%q is not a currency like USD", Clean(currency))
	}
	whole, frac, dotted := strings.Cut(amount, ".")
	bad := fmt.Errorf("%q is not an amount like 348.00", Clean(amount))
	if dotted && (len(frac) == 0 || len(frac) > 2) {
		return Money{}, bad
	}
	w, err := strconv.ParseUint(whole, 10, 64)
	if err != nil || w > maxCents/100 {
		return Money{}, bad
	}
	f, err := strconv.ParseUint((frac + "00")[:2], 10, 8)
	if err != nil {
		return Money{}, bad
	}
	return Money{Cents: int64(w)*100 + int64(f), Currency: currency}, nil
}

// Times returns n times the amount.
func (m Money) Times(n int) Money { return Money{m.Cents * int64(n), m.Currency} }

// share returns the part num/den of the amount, rounded half up.
func (m Money) share(num, den int) Money {
	p := m.Cents * int64(num)
	q := p / int64(den)
	if 2*(p%int64(den)) >= int64(den) {
		q++
	}
	return Money{q, m.Currency}
}

// String returns the amount with thousands commas and without cents, such as
// $54,984; other currencies stand in front by their letters (EUR 1,200).
// Halves are rounded up.
func (m Money) String() string {
	n := m.Cents
	sign := ""
	if n < 0 {
		n, sign = -n, "−"
	}
	n = (n + 50) / 100
	switch m.Currency {
	case "USD":
		return sign + "$" + Thousands(n)
	case "EUR":
		return sign + "€" + Thousands(n)
	case "GBP":
		return sign + "£" + Thousands(n)
	}
	return sign + m.Currency + " " + Thousands(n)
}

// Thousands returns a number with a comma before every third digit from the
// right, and the typographic minus when negative.
func Thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if neg {
		return "−" + s
	}
	return s
}

// ListPrice is the public price of a seat for a year.
type ListPrice struct {
	Plan      Plan       `json:"plan"`
	SeatYear  Opt[int64] `json:"seat_year_cents"` // unknown: no public price
	Confirmed bool       `json:"confirmed"`
	Note      string     `json:"note"`
}

// PriceBook holds public list prices with their date and source. They inform;
// a contract's own price always wins.
type PriceBook struct {
	AsOf     Day         `json:"as_of"`
	Source   string      `json:"source"`
	Currency string      `json:"currency"`
	Plans    []ListPrice `json:"plans"`
}

// ParsePrices reads the embedded price book (catalogue/prices.json), strictly.
func ParsePrices(data []byte) (PriceBook, error) {
	var doc struct {
		Schema  string `json:"schema"`
		Version int    `json:"version"`
		PriceBook
	}
	if err := strictJSON(data, &doc); err != nil {
		return PriceBook{}, fmt.Errorf("price book: %w", err)
	}
	if doc.Schema != "seatdeck.prices" || doc.Version != 1 {
		return PriceBook{}, errors.New("price book: not a price book of version 1")
	}
	for _, p := range doc.Plans {
		if c, ok := p.SeatYear.Get(); p.Plan == "" || ok && (c < 0 || c > maxCents) {
			return PriceBook{}, fmt.Errorf("price book: bad row for plan %q", p.Plan)
		}
	}
	if !doc.AsOf.Known() || len(doc.Currency) != 3 {
		return PriceBook{}, errors.New("price book: date or currency is missing")
	}
	return doc.PriceBook, nil
}

// strictJSON decodes one JSON value, refusing unknown members and anything
// after it.
func strictJSON(data []byte, v any) error {
	if quickJSON(data, v) {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if d.More() {
		return errors.New("more than one document")
	}
	return nil
}

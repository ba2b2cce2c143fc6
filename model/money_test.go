package model_test

import (
	"os"
	"strings"
	"testing"

	"seatdeck/model"
)

func usd(dollars int64) model.Money { return model.Money{Cents: dollars * 100, Currency: "USD"} }

func TestParseMoney(t *testing.T) {
	for in, want := range map[string]int64{"348.00": 34800, "348": 34800, "0.5": 50, "0.05": 5, "0": 0, "10000000": 1_000_000_000} {
		m, err := model.ParseMoney(in, "USD")
		if err != nil || m.Cents != want {
			t.Errorf("ParseMoney(%q) = %d, %v; want %d", in, m.Cents, err, want)
		}
	}
	for _, bad := range []string{"", ".", "348.", ".50", "-1", "+1", "1,000", "1.234", "1e3", "99999999999999999999", "10000001", "1.-5", "1.+5", " 1", "\x1b"} {
		if m, err := model.ParseMoney(bad, "USD"); err == nil {
			t.Errorf("ParseMoney(%q) = %d", bad, m.Cents)
		}
	}
	for _, bad := range []string{"", "usd", "US", "USDX", "U$D"} {
		if _, err := model.ParseMoney("1", bad); err == nil {
			t.Errorf("currency %q passes", bad)
		}
	}
}

func TestMoneyString(t *testing.T) {
	tests := []struct {
		m    model.Money
		want string
	}{
		{usd(54984), "$54,984"}, {usd(0), "$0"}, {usd(999), "$999"}, {usd(1000), "$1,000"}, {usd(1234567), "$1,234,567"},
		{model.Money{Cents: 150, Currency: "USD"}, "$2"}, {model.Money{Cents: 149, Currency: "USD"}, "$1"},
		{usd(-2844), "−$2,844"},
		{model.Money{Cents: 120000, Currency: "EUR"}, "€1,200"}, {model.Money{Cents: 120000, Currency: "CHF"}, "CHF 1,200"},
	}
	for _, tt := range tests {
		if got := tt.m.String(); got != tt.want {
			t.Errorf("%+v is %q, want %q", tt.m, got, tt.want)
		}
	}
	for n, want := range map[int64]string{0: "0", 7: "7", 100: "100", 1214: "1,214", -1000: "−1,000", 1000000: "1,000,000"} {
		if got := model.Thousands(n); got != want {
			t.Errorf("Thousands(%d) = %q, want %q", n, got, want)
		}
	}
}

func prices(t testing.TB) model.PriceBook {
	t.Helper()
	data, err := os.ReadFile("../assets/catalogue/prices.json")
	if err != nil {
		t.Fatal(err)
	}
	b, err := model.ParsePrices(data)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSeatPrice: contract §10. Premium is 29 a month, billed for a year;
// Ultimate has no public price.
func TestSeatPrice(t *testing.T) {
	b := prices(t)
	mine := model.Some(usd(948))
	none := model.None[model.Money]()
	tests := []struct {
		plan    model.Plan
		profile model.Opt[model.Money]
		want    model.Opt[model.Money]
		list    bool
	}{
		{model.PlanPremium, none, model.Some(usd(348)), true},
		{model.PlanStarter, none, model.Some(usd(348)), true},
		{model.PlanUltimate, none, none, false},
		{"gold", none, none, false},
		{model.PlanFree, none, none, false},
		{"", none, none, false},
		{model.PlanUltimate, mine, mine, false},
		{model.PlanPremium, mine, mine, false},
	}
	for _, tt := range tests {
		p, ok := b.SeatPrice(tt.plan, tt.profile).Get()
		want, known := tt.want.Get()
		if ok != known || p.SeatYear != want || p.List != tt.list {
			t.Errorf("%q: %+v (known %v), want %v", tt.plan, p, ok, tt.want)
		}
	}
	list, _ := b.SeatPrice(model.PlanPremium, none).Get()
	if got, want := list.Origin(), "at the list price of 2026-09-01, $348"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	own, _ := b.SeatPrice(model.PlanUltimate, mine).Get()
	if got, want := own.Origin(), "at your $948"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestProration restates the worked examples of contract §10: k extra seats
// found in quarter n cost k × P/4 × (4 − n), a true-up k × P.
func TestProration(t *testing.T) {
	p := model.Price{SeatYear: usd(348)}
	for quarter, want := range map[int]model.Money{1: usd(2610), 2: usd(1740), 3: usd(870), 4: usd(0)} {
		got, err := p.Quarterly(10, quarter)
		if err != nil || got != want {
			t.Errorf("10 seats in quarter %d: %s, %v; want %s", quarter, got, err, want)
		}
	}
	for _, q := range []int{0, 5, -1} {
		if _, err := p.Quarterly(1, q); err == nil {
			t.Errorf("quarter %d passes", q)
		}
	}
	if got := p.TrueUp(31); got != usd(10788) {
		t.Errorf("true-up of 31: %s", got)
	}
	if got := (model.Price{SeatYear: usd(948)}).SavedFromRenewal(58); got != usd(54984) {
		t.Errorf("58 seats of 948 save %s, want $54,984", got)
	}
	if p.SavedFromRenewal(-3) != usd(0) || p.TrueUp(-3) != usd(0) {
		t.Error("fewer than no seats cost something")
	}
	odd := model.Price{SeatYear: model.Money{Cents: 1001, Currency: "USD"}}
	if got, _ := odd.Quarterly(1, 2); got.Cents != 501 { // 500.5, half up
		t.Errorf("half of 1001 cents is %d", got.Cents)
	}
}

func TestToTermEnd(t *testing.T) {
	p := model.Price{SeatYear: usd(365)}
	starts, ends := day(t, "2026-01-01"), day(t, "2027-01-01")
	tests := []struct {
		on   string
		want model.Opt[model.Money]
	}{
		{"2026-01-01", model.Some(usd(365))},
		{"2026-12-31", model.Some(usd(1))},
		{"2027-01-01", model.Some(usd(0))},
		{"2025-12-31", model.None[model.Money]()},
		{"2027-01-02", model.None[model.Money]()},
	}
	for _, tt := range tests {
		if got := p.ToTermEnd(1, day(t, tt.on), starts, ends); got != tt.want {
			t.Errorf("from %s: %v, want %v", tt.on, got, tt.want)
		}
	}
	// Three years left cost three years, not one.
	if got := p.ToTermEnd(1, starts, starts, starts.Add(3*365)); got != model.Some(usd(3*365)) {
		t.Errorf("a term of three years: %v", got)
	}
	if p.ToTermEnd(1, starts, starts, 0).Known() {
		t.Error("a term without an end has a price")
	}
	// The largest price, a million accounts and ten years must not overflow.
	top := model.Price{SeatYear: model.Money{Cents: 1_000_000_000, Currency: "USD"}}
	if got := top.ToTermEnd(1_000_000, starts, starts, starts.Add(3650)).Or(usd(-1)); got.Cents != 10_000_000_000_000_000 {
		t.Errorf("the largest price gives %d cents", got.Cents)
	}
}

func TestParsePricesRefuses(t *testing.T) {
	const good = `{"schema":"seatdeck.prices","version":1,"as_of":"2026-09-01","source":"s","currency":"USD","plans":[{"plan":"premium","seat_year_cents":34800,"confirmed":true,"note":""}]}`
	if _, err := model.ParsePrices([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{{"34800", "-1"}, {"34800", "348.5"}, {"34800", "99999999999"}, {"prices", "other"}, {`"version":1`, `"version":2`}, {"USD", "dollars"}, {"note", "nota"}, {`"premium"`, `""`}} {
		if _, err := model.ParsePrices([]byte(strings.Replace(good, change[0], change[1], 1))); err == nil {
			t.Errorf("%s instead of %s passes", change[1], change[0])
		}
	}
}

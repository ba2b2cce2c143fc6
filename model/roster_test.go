package model

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// rosterSizes are around the borders of blocks.
var rosterSizes = []int{0, 1, 63, 64, 65, blockRows - 1, blockRows, blockRows + 1, 2*blockRows + 17}

func TestRosterKeepsAccounts(t *testing.T) {
	for _, n := range rosterSizes {
		rng := sampleRand(uint64(n))
		want := sampleAccounts(rng, n)
		mixed := slices.Clone(want)
		rng.Shuffle(n, func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		r := NewRoster(mixed, sampleAsOf(), true)
		if r.Len() != n {
			t.Fatalf("%d accounts became %d", n, r.Len())
		}
		for i, a := range want {
			if got := r.At(i); got != a {
				t.Fatalf("row %d of %d:\n got %+v\nwant %+v", i, n, got, a)
			}
			bare := a
			bare.Username, bare.Name, bare.Email = Text{}, Text{}, Text{}
			if got := r.Bare(i); got != bare {
				t.Fatalf("bare row %d: got %+v, want %+v", i, got, bare)
			}
			if got, want := r.SeatFlag(i), a.SeatFlag(); got != want {
				t.Fatalf("seat flag of row %d: got %v, want %v", i, got, want)
			}
		}
	}
}

func TestRosterFindsAccounts(t *testing.T) {
	rng := sampleRand(1)
	accounts := sampleAccounts(rng, blockRows+300)
	r := NewRoster(accounts, sampleAsOf(), true)
	for i, a := range accounts {
		if at, ok := r.ByID(a.ID); !ok || at != i {
			t.Fatalf("ByID(%d) = %d, %v; want row %d", a.ID, at, ok, i)
		}
	}
	for _, id := range []int64{-1, 0, accounts[len(accounts)-1].ID + 1} {
		if at, ok := r.ByID(id); ok {
			t.Errorf("ByID(%d) found row %d", id, at)
		}
	}
	for range 200 {
		i := rng.IntN(len(accounts))
		name := accounts[i].Username.String()
		for _, spelt := range []string{name, strings.ToUpper(name)} {
			if spelt != name && !strings.EqualFold(spelt, name) {
				continue // some letters have no way back, such as ß
			}
			if at, ok := r.ByUsername(spelt); !ok || at != i {
				t.Fatalf("ByUsername(%q) = %d, %v; want row %d", spelt, at, ok, i)
			}
		}
	}
}

// A name or an e-mail that looks like the username of somebody else must not
// be found in its place, nor a part of a username.
func TestByUsernameLooksAtUsernamesOnly(t *testing.T) {
	r := NewRoster([]Account{
		{ID: 1, Username: Clean("first"), Name: Clean("anna"), Email: Clean("anna")},
		{ID: 2, Username: Clean("annabel"), Name: Clean("x")},
		{ID: 3, Username: Clean("joanna"), Name: Clean("anna")},
		{ID: 44, Username: Clean("Anna"), Name: Clean("44")},
	}, sampleAsOf(), true)
	if at, ok := r.ByUsername("anna"); !ok || r.ID(at) != 44 {
		t.Errorf("anna is row %d, %v", at, ok)
	}
	for _, no := range []string{"", "ann", "x", "44", "anna\x00", "\x00", "nobody"} {
		if at, ok := r.ByUsername(no); ok {
			t.Errorf("ByUsername(%q) found row %d", no, at)
		}
	}
}

func TestBuilderLastWins(t *testing.T) {
	b := NewRosterBuilder(-5)
	for round := range 3 {
		for _, id := range []int64{7, 3, 9} {
			b.Add(Account{ID: id, Username: Clean(fmt.Sprintf("u%d-%d", id, round))})
		}
	}
	b.Add(Account{ID: 3, Username: Clean("newest")})
	r := b.Build(sampleAsOf(), false)
	if b.Len() != 10 || r.Len() != 3 || r.Complete() || r.AsOf() != sampleAsOf() {
		t.Fatalf("builder %d, roster %d, complete %v, as of %v", b.Len(), r.Len(), r.Complete(), r.AsOf())
	}
	want := []string{"newest", "u7-2", "u9-2"}
	for i, w := range want {
		if got := r.At(i).Username.String(); got != w {
			t.Errorf("row %d is %q, want %q", i, got, w)
		}
	}
	b.Add(Account{ID: 1})
	if again := b.Build(sampleAsOf(), true); again.Len() != 4 || r.Len() != 3 {
		t.Errorf("a later roster has %d rows and the earlier one %d; want 4 and 3", again.Len(), r.Len())
	}
}

func TestBuilderBoundsProviders(t *testing.T) {
	b := NewRosterBuilder(0)
	for i := range maxProviders + 50 {
		b.Add(Account{ID: int64(i), Provider: Clean(fmt.Sprintf("p%d", i))})
	}
	r := b.Build(sampleAsOf(), true)
	if n := len(r.Providers()); n > maxProviders+1 {
		t.Fatalf("%d providers are kept", n)
	}
	if got := r.At(0).Provider.String(); got != "p0" {
		t.Errorf("the first provider is %q", got)
	}
	if got := r.At(r.Len() - 1).Provider.String(); got != tooManyProviders {
		t.Errorf("a provider too many is %q", got)
	}
	if _, err := DecodeRoster(encodeForTest(t, r)); err != nil {
		t.Errorf("the roster does not come back: %v", err)
	}
}

// A choice survives a refresh by identity.
func TestIndexSurvivesRefresh(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	accounts := sampleAccounts(rng, 500)
	old := NewRoster(accounts, sampleAsOf(), true)
	marked := Index{3, 10, 499}
	gone := accounts[10].ID
	fresh := NewRoster(append(slices.Delete(slices.Clone(accounts), 10, 11), Account{ID: -1}), sampleAsOf(), true)
	got := fresh.IDs(fresh.IndexOf(append(old.IDs(marked), gone)))
	if want := []int64{accounts[3].ID, accounts[499].ID}; !slices.Equal(got, want) {
		t.Errorf("marked ids are %v, want %v", got, want)
	}
}

func TestRosterSummary(t *testing.T) {
	got := sampleRoster(sampleRand(2), 12).Summary(Some(14))
	if want := (RosterSummary{Accounts: 12, Complete: true, About: Some(14)}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

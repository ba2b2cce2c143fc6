package model

import (
	"cmp"
	"slices"
	"strings"
	"testing"
)

// plainSort sorts with the standard library, by values read from accounts.
func plainSort(r *Roster, idx Index, key SortKey, desc bool) Index {
	out := slices.Clone(idx)
	slices.SortFunc(out, func(x, y int32) int {
		a, b := r.At(int(x)), r.At(int(y))
		if key == SortID {
			c := cmp.Compare(a.ID, b.ID)
			if desc {
				c = -c
			}
			return c
		}
		va, okA := plainKey(a, key)
		vb, okB := plainKey(b, key)
		switch {
		case okA != okB && okA:
			return -1
		case okA != okB:
			return 1
		case !okA:
			va, vb = "", ""
		}
		c := strings.Compare(va, vb)
		if desc {
			c = -c
		}
		return cmp.Or(c, cmp.Compare(a.ID, b.ID))
	})
	return out
}

// plainKey returns a text that sorts as the column does, and whether it is
// known.
func plainKey(a Account, key SortKey) (string, bool) {
	lower := func(t Text) (string, bool) { return strings.ToLower(t.String()), !t.Empty() }
	day := func(d Day) (string, bool) { return d.String(), d.Known() }
	flag := func(f Flags) (string, bool) { return map[bool]string{false: "0", true: "1"}[a.Is(f)], true }
	switch key {
	case SortUsername:
		return lower(a.Username)
	case SortName:
		return lower(a.Name)
	case SortEmail:
		return lower(a.Email)
	case SortState:
		order := []string{"active", "blocked", "ldap_blocked", "deactivated", "blocked_pending_approval", "banned"}
		at := slices.Index(order, a.State.String())
		return string(rune('a' + at)), at >= 0
	case SortSeat:
		v, _ := flag(FlagSeat)
		return v, a.Is(FlagSeatKnown)
	case SortActivity:
		return day(a.LastActivity)
	case SortSignIn:
		return day(a.LastSignIn)
	case SortSeen:
		if a.LastActivity.Known() {
			return day(a.LastActivity)
		}
		return day(a.LastSignIn)
	case SortCreated:
		return day(a.Created)
	case Sort2FA:
		return flag(Flag2FA)
	case SortAdmin:
		return flag(FlagAdmin)
	case SortExternal:
		return flag(FlagExternal)
	case SortBot:
		return flag(FlagBot)
	case SortProvider:
		return lower(a.Provider)
	case SortRole: // a roster knows no roles
		return "", false
	}
	panic("a key without a test: " + key.String())
}

func TestSortEqualsSortFunc(t *testing.T) {
	rng := sampleRand(31)
	for _, n := range []int{0, 1, 65, 700} {
		accounts := sampleAccounts(rng, n)
		for i := range accounts { // texts that are the same but for their case
			if rng.IntN(3) == 0 {
				accounts[i].Username = Clean([]string{"same", "SAME", "samesame", "samesamesame", "SameSameSame"}[rng.IntN(5)])
			}
		}
		r := NewRoster(accounts, sampleAsOf(), true)
		stored, err := DecodeRoster(encodeForTest(t, r))
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range SortKeys() {
			for _, desc := range []bool{false, true} {
				idx := r.All()
				idx = slices.DeleteFunc(idx, func(int32) bool { return rng.IntN(4) == 0 })
				want := plainSort(r, idx, key, desc)
				mixed := slices.Clone(idx)
				rng.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
				before := slices.Clone(mixed)
				for _, from := range []*Roster{r, stored} {
					if got := SortIndex(from, mixed, key, desc); !slices.Equal(got, want) {
						t.Errorf("%d rows by %s, descending %v: the order is wrong", n, key, desc)
					}
				}
				if !slices.Equal(mixed, before) {
					t.Fatalf("sorting by %s changed its argument", key)
				}
			}
		}
	}
}

// Wide numbers need both passes of a sort.
func TestSortIndexBy(t *testing.T) {
	rng := sampleRand(32)
	column := make([]uint32, 3000)
	for i := range column {
		column[i] = rng.Uint32() >> rng.IntN(32)
		if rng.IntN(10) == 0 {
			column[i] = SortUnknown
		}
	}
	column[0], column[1], column[2] = 0, SortUnknown-1, SortUnknown
	idx := make(Index, len(column))
	for i := range idx {
		idx[i] = int32(i)
	}
	for _, desc := range []bool{false, true} {
		want := slices.Clone(idx)
		slices.SortStableFunc(want, func(a, b int32) int {
			va, vb := column[a], column[b]
			if va == SortUnknown || vb == SortUnknown || !desc {
				return cmp.Compare(va, vb)
			}
			return cmp.Compare(vb, va)
		})
		if got := SortIndexBy(idx, func(i int32) uint32 { return column[i] }, desc); !slices.Equal(got, want) {
			t.Errorf("descending %v: the order is wrong", desc)
		}
	}
}

func TestParseSortKey(t *testing.T) {
	for _, k := range SortKeys() {
		if got, err := ParseSortKey(strings.ToUpper(k.String())); err != nil || got != k {
			t.Errorf("%s is read as %s, error %v", k, got, err)
		}
	}
	_, err := ParseSortKey("usrname")
	if ExitCode(err) != 2 || !strings.Contains(err.Error(), "did you mean username?") {
		t.Errorf("error %v", err)
	}
	if _, err := ParseSortKey("colour"); ExitCode(err) != 2 {
		t.Errorf("error %v", err)
	}
}

package model

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"
)

var rolesAt = AsOf{time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), SourceHost}

// rolesOf are roles by id, as a server would tell them.
func rolesOf(t testing.TB, plan Plan, rows ...HighestRole) *HostRoles {
	t.Helper()
	slices.SortFunc(rows, func(a, b HighestRole) int { return cmp.Compare(a.UserID, b.UserID) })
	b := &HostRolesBuilder{}
	for _, h := range rows {
		if err := b.Add(h); err != nil {
			t.Fatal(err)
		}
	}
	return b.Build(rolesAt, plan)
}

// TestHostRolePacks: what is unpacked is what was read, and a level that this
// program does not know is not read.
func TestHostRolePacks(t *testing.T) {
	levels := map[Opt[int]]Opt[Role]{
		None[int](): Some(RoleNone), Some(0): Some(RoleNone), Some(5): Some(RoleMinimal), Some(10): Some(RoleGuest), Some(15): Some(RolePlanner),
		Some(20): Some(RoleReporter), Some(30): Some(RoleDeveloper), Some(40): Some(RoleMaintainer), Some(50): Some(RoleOwner),
		Some(60): None[Role](), Some(255): None[Role](), Some(266): None[Role](), Some(-1): None[Role](),
	}
	for level, role := range levels {
		for _, seat := range []Opt[bool]{None[bool](), Some(false), Some(true)} {
			h := HostRoleOf(HighestRole{UserID: 1, Level: level, Billable: seat})
			if h.Role() != role || h.Billable() != seat || h >= hostRoles {
				t.Errorf("level %v, billable %v: role %v, billable %v (%#x)", level, seat, h.Role(), h.Billable(), h)
			}
		}
	}
	var nobody HostRole
	if nobody.Role().Known() || nobody.Billable().Known() {
		t.Error("what nobody read is known")
	}
}

func TestHostRolesJoin(t *testing.T) {
	rng := sampleRand(60)
	for _, n := range []int{0, 1, 70, 5000} {
		accounts := sampleAccounts(rng, n)
		r := NewRoster(accounts, sampleAsOf(), true)
		want := map[int64]HostRole{}
		var rows []HighestRole
		for i := range r.Len() {
			if rng.IntN(5) == 0 {
				continue // made since the roles were read
			}
			h := HighestRole{UserID: r.ID(i), Level: Some([]int{5, 10, 20, 30, 50}[rng.IntN(5)]), Billable: Some(rng.IntN(2) == 0)}
			want[h.UserID], rows = HostRoleOf(h), append(rows, h)
		}
		for k := range 20 { // gone since
			if _, ok := r.ByID(int64(k*7 + 1)); !ok {
				rows = append(rows, HighestRole{UserID: int64(k*7 + 1), Level: Some(50)})
			}
		}
		x := rolesOf(t, PlanUltimate, rows...)
		for _, x := range []*HostRoles{x, recoded(t, x)} {
			for i := range r.Len() { // before the join, and after it
				if got := x.Find(r.ID(i)); i < 40 && got != want[r.ID(i)] {
					t.Fatalf("account %d: found %#x, want %#x", r.ID(i), got, want[r.ID(i)])
				}
			}
			c := x.On(r)
			for i := range r.Len() {
				if c.Of(i) != want[r.ID(i)] || x.Find(r.ID(i)) != want[r.ID(i)] {
					t.Fatalf("account %d: %#x, want %#x", r.ID(i), c.Of(i), want[r.ID(i)])
				}
			}
			if !c.Known() || c.AsOf != rolesAt || !c.Ultimate || x.Len() != len(rows) || c.Of(-1) != 0 || c.Of(r.Len()) != 0 {
				t.Errorf("%d rows: %+v", n, c.AsOf)
			}
		}
	}
	var nobody *HostRoles
	if nobody.On(NewRoster(nil, sampleAsOf(), true)).Known() || nobody.Find(1) != 0 || nobody.Len() != 0 || !nobody.AsOf().IsZero() {
		t.Error("roles that nobody read are known")
	}
}

func recoded(t testing.TB, x *HostRoles) *HostRoles {
	t.Helper()
	b, err := x.Encode()
	if err != nil {
		t.Fatal(err)
	}
	y, err := DecodeHostRoles(b)
	if err != nil {
		t.Fatal(err)
	}
	return y
}

func TestHostRolesOutOfOrder(t *testing.T) {
	for _, ids := range [][]int64{{0}, {-1}, {3, 3}, {3, 2}} {
		b := &HostRolesBuilder{}
		var err error
		for _, id := range ids {
			err = b.Add(HighestRole{UserID: id})
		}
		if err == nil {
			t.Errorf("%v is taken", ids)
		}
	}
}

// TestHostRolesDamaged: no byte may change, and no length.
func TestHostRolesDamaged(t *testing.T) {
	var rows []HighestRole
	for i := range 50 {
		rows = append(rows, HighestRole{UserID: int64(i*i*i + 1), Level: Some(30)})
	}
	good, err := rolesOf(t, PlanPremium, rows...).Encode()
	if err != nil {
		t.Fatal(err)
	}
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 0x11
		if _, err := DecodeHostRoles(bad); err == nil {
			t.Errorf("byte %d may change", i)
		}
		if _, err := DecodeHostRoles(good[:i]); err == nil {
			t.Errorf("it may end at %d", i)
		}
	}
}

func FuzzDecodeHostRoles(f *testing.F) {
	b := &HostRolesBuilder{}
	for _, id := range []int64{1, 2, 300, 1 << 40} {
		_ = b.Add(HighestRole{UserID: id, Level: Some(10), Billable: Some(true)})
	}
	good, err := b.Build(rolesAt, PlanUltimate).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte{rolesVersion, 0, 0, 0, 0, 255, 255, 255, 255})
	r := NewRoster(sampleAccounts(sampleRand(61), 40), sampleAsOf(), true)
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) >= sealedHead {
			seal(data) // or hardly anything would get past the checksum
		}
		x, err := DecodeHostRoles(data)
		if err != nil {
			return
		}
		c := x.On(r)
		for i := range r.Len() {
			c.Of(i).Role()
			if x.search(r.ID(i)) != c.Of(i) {
				t.Fatalf("account %d: %#x and %#x", r.ID(i), x.search(r.ID(i)), c.Of(i))
			}
		}
		if again := recoded(t, x); !bytes.Equal(again.body, x.body) || again.Len() != x.Len() {
			t.Fatal("it is read back as another")
		}
	})
}

// TestBreakdownRoles: every account is counted under one role, the billable
// users among themselves, and without roles nothing is said.
func TestBreakdownRoles(t *testing.T) {
	var accounts []Account
	var rows []HighestRole
	for i, level := range []int{0, 5, 10, 10, 15, 20, 30, 30, 30, 40, 50} {
		a := Account{ID: int64(i + 1), State: StateActive, Flags: FlagSeatKnown}
		if level > 10 {
			a.Flags |= FlagSeat
		}
		accounts = append(accounts, a)
		rows = append(rows, HighestRole{UserID: a.ID, Level: Some(level), Billable: Some(level > 10)})
	}
	accounts = append(accounts, Account{ID: 99, State: StateActive, Flags: FlagSeat | FlagSeatKnown})
	r := NewRoster(accounts, sampleAsOf(), true)
	ctx := SeatContext{Plan: PlanUltimate, Version: Version{Major: 19}, Licensed: Some(true), Role: RoleUnknown}
	b := BreakdownOf(r, NewSeating(r, ctx, rolesOf(t, PlanUltimate, rows...)).Env(sampleToday, 90))
	if got := fmt.Sprint(b.Roles.Or(RoleCounts{})); got != fmt.Sprint(RoleCounts{rolesAt, []RoleCount{{0, 1}, {5, 1}, {10, 2}, {15, 1}, {20, 1}, {30, 3}, {40, 1}, {50, 1}}, 1}) {
		t.Errorf("accounts by role: %s", got)
	}
	if got := fmt.Sprint(b.Seats.Or(SeatBreakdown{}).Roles.Or(RoleCounts{})); got != fmt.Sprint(RoleCounts{rolesAt, []RoleCount{{0, 0}, {5, 0}, {10, 0}, {15, 1}, {20, 1}, {30, 3}, {40, 1}, {50, 1}}, 1}) {
		t.Errorf("billable users by role: %s", got)
	}
	if b := BreakdownOf(r, NewSeating(r, ctx, nil).Env(sampleToday, 90)); b.Roles.Known() || b.Seats.Or(SeatBreakdown{}).Roles.Known() {
		t.Error("roles that nobody read are counted")
	}
}

func TestSortByRole(t *testing.T) {
	accounts := []Account{{ID: 1}, {ID: 2}, {ID: 3}, {ID: 4}}
	r := NewRoster(accounts, sampleAsOf(), true)
	x := rolesOf(t, PlanPremium, HighestRole{UserID: 1, Level: Some(30)}, HighestRole{UserID: 2, Level: None[int]()}, HighestRole{UserID: 4, Level: Some(10)})
	env := NewSeating(r, SeatContext{Role: RoleUnknown}, x).Env(sampleToday, 90)
	for desc, want := range map[bool]Index{false: {1, 3, 0, 2}, true: {0, 3, 1, 2}} {
		if got := env.Sort(r, r.All(), SortRole, desc); !slices.Equal(got, want) {
			t.Errorf("descending %v: %v, want %v", desc, got, want)
		}
	}
	if got := (QueryEnv{}).Sort(r, r.All(), SortRole, true); !slices.Equal(got, r.All()) {
		t.Errorf("without roles: %v", got)
	}
}

// BenchmarkHostRoles: a million accounts take two bytes each, and joining them
// takes milliseconds.
func BenchmarkHostRoles(b *testing.B) {
	const n = 1_000_000
	builder, roster := &HostRolesBuilder{}, NewRosterBuilder(n)
	for i := range n {
		id := int64(i + i/50 + 1)
		_ = builder.Add(HighestRole{UserID: id, Level: Some(30), Billable: Some(true)})
		roster.Add(Account{ID: id, State: StateActive})
	}
	x, r := builder.Build(rolesAt, PlanUltimate), roster.Build(sampleAsOf(), true)
	encoded, err := x.Encode()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("join", func(b *testing.B) {
		b.ReportMetric(float64(len(encoded))/n, "bytes/account")
		for b.Loop() {
			x.join(r)
		}
	})
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			if _, err := DecodeHostRoles(encoded); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("breakdown", func(b *testing.B) {
		ctx := SeatContext{Plan: PlanUltimate, Version: Version{Major: 19}, Licensed: Some(true), Role: RoleUnknown}
		for b.Loop() {
			BreakdownOf(r, NewSeating(r, ctx, x).Env(sampleToday, 90))
		}
	})
}

package model

import (
	"errors"
	"iter"
	"slices"
	"testing"
)

// walked is every account that a walk gives, and the error that ended it.
func walked(w *RosterWalk) (rows []Account, parts int, err error) {
	for r, err := range w.Parts() {
		if err != nil {
			return rows, parts, err
		}
		for i := range r.Len() {
			rows = append(rows, r.At(i))
		}
		parts++
	}
	return rows, parts, nil
}

func rowsOf(r *Roster) (rows []Account) {
	for i := range r.Len() {
		rows = append(rows, r.At(i))
	}
	return rows
}

// TestWalk: the parts of an encoded roster are the roster, every time they are
// walked, and one in memory is its own only part.
func TestWalk(t *testing.T) {
	for _, n := range rosterSizes {
		r := sampleRoster(sampleRand(uint64(n)), n)
		w, err := WalkRoster(encodeForTest(t, r))
		if err != nil {
			t.Fatal(err)
		}
		if w.Len() != n || !w.Complete() || w.AsOf() != r.AsOf().FromCache() {
			t.Fatalf("%d accounts, complete %v, as of %v", w.Len(), w.Complete(), w.AsOf())
		}
		for range 2 {
			rows, parts, err := walked(w)
			if err != nil || !slices.Equal(rows, rowsOf(r)) || parts != (n+blockRows-1)/blockRows {
				t.Fatalf("%d accounts in %d parts instead of %d: %v", len(rows), parts, n, err)
			}
		}
		rows, parts, err := walked(r.Walk())
		if err != nil || !slices.Equal(rows, rowsOf(r)) || parts != 1 {
			t.Fatalf("in memory: %d accounts in %d parts instead of %d: %v", len(rows), parts, n, err)
		}
	}
}

// TestPartsAnswerAsTheWhole: filters, verdicts and roles of the parts are those
// of the whole roster, and a part can be sorted by itself.
func TestPartsAnswerAsTheWhole(t *testing.T) {
	rng := sampleRand(71)
	r := sampleRoster(rng, 2*blockRows+77)
	var hosts []HighestRole
	for i := range r.Len() {
		if rng.IntN(4) > 0 {
			hosts = append(hosts, HighestRole{UserID: r.ID(i), Level: Some([]int{5, 10, 20, 30, 50}[rng.IntN(5)]), Billable: Some(rng.IntN(2) == 0)})
		}
	}
	roles := rolesOf(t, PlanUltimate, hosts...)
	ctx := SeatContext{Plan: PlanUltimate, Version: Version{Major: 18}, Licensed: Some(true), Role: RoleUnknown}
	today := DayOf(r.AsOf().At)
	w, err := WalkRoster(encodeForTest(t, r))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "a", "-a", "billable:yes", "role:guest", "state:blocked,active idle:>30d", "why:ultimate-above-guest -admin:yes"} {
		q, err := ParseQuery(text)
		if err != nil {
			t.Fatal(err)
		}
		whole := NewSeating(r, ctx, roles)
		idx, err := Filter(t.Context(), r, q, whole.Env(today, 0), nil)
		if err != nil {
			t.Fatal(err)
		}
		var ids []int64
		base := 0
		for part, err := range w.Parts() {
			if err != nil {
				t.Fatal(err)
			}
			seats := NewSeating(part, ctx, roles)
			some, err := Filter(t.Context(), part, q, seats.Env(today, 0), nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range some {
				if at := base + int(i); seats.Why(int(i)) != whole.Why(at) || seats.Role(int(i)) != whole.Role(at) || seats.Billable(int(i)) != whole.Billable(at) {
					t.Fatalf("account %d is judged otherwise in its part", part.ID(int(i)))
				}
			}
			ids = append(ids, part.IDs(some)...)
			if byName := SortIndex(part, part.All(), SortName, false); len(byName) != part.Len() {
				t.Fatalf("%d of %d rows by name", len(byName), part.Len())
			}
			base += part.Len()
		}
		if !slices.Equal(ids, r.IDs(idx)) || len(ids) == 0 {
			t.Errorf("%q: %d accounts in parts, %d of the whole", text, len(ids), len(idx))
		}
	}
}

// TestWalkRefusesDamage: whatever [DecodeRoster] refuses ends a walk with the
// same error, and no account before it is a wrong one.
func TestWalkRefusesDamage(t *testing.T) {
	r := sampleRoster(sampleRand(5), 2*blockRows+5)
	head, chunks := encodeChunks(t, r)
	_, other := encodeChunks(t, sampleRoster(sampleRand(6), 2*blockRows+5))
	flipped := slices.Clone(chunks[1])
	flipped[len(flipped)/2] ^= 4
	want := rowsOf(r)
	for what, list := range map[string][][]byte{
		"another snapshot's": {chunks[0], chunks[1], other[2]},
		"another order":      {chunks[1], chunks[0], chunks[2]},
		"one twice":          {chunks[0], chunks[0], chunks[2]},
		"one missing":        chunks[:2],
		"an empty one":       {chunks[0], nil, chunks[2]},
		"a flipped bit":      {chunks[0], flipped, chunks[2]},
	} {
		w, err := WalkRoster(head, chunkSource(list))
		if err != nil {
			t.Fatal(err)
		}
		rows, parts, err := walked(w)
		if err == nil || parts > 3 {
			t.Errorf("%s: %d parts, error %v", what, parts, err)
		}
		if e := AsError("", err); what != "one missing" && (e == nil || e.Class != ClassStorage) {
			t.Errorf("%s: error %v, want class storage", what, err)
		}
		if what != "another snapshot's" && what != "another order" && !slices.Equal(rows, want[:len(rows)]) {
			t.Errorf("%s: wrong accounts before the error", what)
		}
	}
	for _, edit := range []func(*RosterHead){
		func(h *RosterHead) { h.Version++ }, func(h *RosterHead) { h.Accounts = 1 << 60 }, func(h *RosterHead) { h.Providers = nil },
	} {
		h := head
		edit(&h)
		if w, err := WalkRoster(h, chunkSource(chunks)); w != nil || AsError("", err).Class != ClassStorage {
			t.Errorf("head %+v: error %v", h, err)
		}
	}
	renamed := head
	renamed.Complete = false
	if w, err := WalkRoster(renamed, chunkSource(chunks)); err != nil {
		t.Error(err)
	} else if _, parts, err := walked(w); err == nil || parts != 3 {
		t.Errorf("a head that was edited: %d parts, error %v; the sum is checked last", parts, err)
	}
	more := append(slices.Clone(chunks), chunks[2])
	endless := func(int, int) iter.Seq2[[]byte, error] { return chunkSource(more)(0, len(more)) }
	if w, err := WalkRoster(head, endless); err != nil {
		t.Error(err)
	} else if _, parts, err := walked(w); err == nil || parts != 3 {
		t.Errorf("a source that gives too much: %d parts, error %v", parts, err)
	}
}

// TestWalkHandsErrorsOn: what the source says comes out as it is, and ends the
// walk; who stops early gets nothing more.
func TestWalkHandsErrorsOn(t *testing.T) {
	head, chunks := encodeChunks(t, sampleRoster(sampleRand(7), 2*blockRows+5))
	gone := errors.New("gone")
	source := func(from, to int) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			_ = yield(chunks[0], nil) && yield(nil, gone)
		}
	}
	w, err := WalkRoster(head, source)
	if err != nil {
		t.Fatal(err)
	}
	if rows, parts, err := walked(w); err != gone || parts != 1 || len(rows) != blockRows {
		t.Errorf("%d accounts in %d parts, error %v", len(rows), parts, err)
	}
	n := 0
	for range w.Parts() {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d parts after the first", n)
	}
}

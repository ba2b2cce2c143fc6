package cache

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"seatdeck/model"
)

// everything compares unexported fields too.
var everything = cmp.Exporter(func(reflect.Type) bool { return true })

func accounts(r *model.Roster) []model.Account {
	list := make([]model.Account, r.Len())
	for i := range list {
		list[i] = r.At(i)
	}
	return list
}

func wantSame(t *testing.T, c *Cache, facts *model.Facts, r *model.Roster) {
	t.Helper()
	got, err := c.Facts(t.Context())
	if err != nil {
		t.Fatalf("Facts: %v", err)
	}
	if diff := cmp.Diff(facts.FromCache(), got, everything, cmpopts.EquateEmpty(), cmp.Comparer(time.Time.Equal)); diff != "" {
		t.Errorf("facts differ (-saved +loaded):\n%s", diff)
	}
	loaded, err := c.Roster(t.Context())
	if err != nil {
		t.Fatalf("Roster: %v", err)
	}
	if loaded.AsOf().Source != model.SourceCache || !loaded.AsOf().At.Equal(r.AsOf().At) || loaded.Complete() != r.Complete() {
		t.Errorf("roster is %v complete %v, want the saved one marked as cached", loaded.AsOf(), loaded.Complete())
	}
	if !slices.Equal(accounts(r), accounts(loaded)) {
		t.Errorf("the %d accounts differ from those saved", r.Len())
	}
}

func TestEmptyIsNotAFailure(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	_, errFacts := c.Facts(t.Context())
	_, errRoster := c.Roster(t.Context())
	_, errDraft := c.Draft(t.Context())
	_, errStat := c.Stat(t.Context())
	for _, err := range []error{errFacts, errRoster, errDraft, errStat} {
		if !errors.Is(err, model.ErrNoCache) {
			t.Errorf("got %v, want ErrNoCache", err)
		}
	}
	if err := c.Purge(t.Context()); err != nil {
		t.Errorf("purging nothing: %v", err)
	}
	if _, err := os.Stat(c.cfg.Place.Dir); !os.IsNotExist(err) {
		t.Errorf("reading made the folder (%v)", err)
	}
}

func TestSaveAndLoadAreEqual(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 4096, 4097} {
		c := newCache(t)
		facts, r := testFacts("one", "r1"), testRoster("r1", n, true)
		if err := c.Save(t.Context(), facts, r); err != nil {
			t.Fatalf("%d accounts: %v", n, err)
		}
		wantSame(t, c, facts, r)
	}
}

// Names of the greatest length make a chunk that does not fit under one key.
func TestChunksLargerThanAPart(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	b := model.NewRosterBuilder(700)
	for i := range 700 {
		b.Add(model.Account{ID: int64(i + 1), Username: model.Clean("u"), Name: model.Clean(strings.Repeat("語", 255)), Email: model.Clean(strings.Repeat("é", 255))})
	}
	r := b.Build(model.Live(today), false)
	mustSave(t, c, "one", "r1", r)
	wantSame(t, c, testFacts("one", "r1"), r)
}

func TestFactsAloneKeepTheRoster(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	r := testRoster("r1", 5000, true)
	mustSave(t, c, "one", "r1", r)
	before, err := c.Stat(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		mustSave(t, c, "next", "r1", nil)
		if i%4 == 0 {
			wantSame(t, c, testFacts("next", "r1"), r)
		}
	}
	after, err := c.Stat(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if after.Roster != before.Roster || after.Facts != before.Facts+6 {
		t.Errorf("generations went from %d/%d to %d/%d, want facts alone to move by 6", before.Facts, before.Roster, after.Facts, after.Roster)
	}
	if grown := after.Bytes - before.Bytes; grown > 128<<10 {
		t.Errorf("6 saves of facts grew the cache by %d bytes", grown)
	}
}

func TestOldGenerationsGiveTheirSpaceBack(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	var first, last Stat
	r := testRoster("r", 20000, true)
	for i := range 4 {
		mustSave(t, c, "f", "r", r)
		s, err := c.Stat(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if last = s; i == 0 {
			first = s
		}
	}
	if last.Bytes > first.Bytes*3/2 {
		t.Errorf("after four saves %d bytes, after one %d", last.Bytes, first.Bytes)
	}
	perUser, _ := last.BytesPerAccount().Get()
	t.Logf("%d accounts: %.0f bytes on disk each", last.Accounts, perUser)
}

func TestPurge(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	mustSave(t, c, "one", "r1", testRoster("r1", 100, true))
	if err := c.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Facts(t.Context()); !errors.Is(err, model.ErrNoCache) {
		t.Errorf("after purge: %v", err)
	}
	left, err := os.ReadDir(c.cfg.Place.Dir)
	if err != nil || len(left) != 2 || left[0].Name() != "facts.lock" || left[1].Name() != "roster.lock" {
		t.Errorf("left in the folder: %v, %v, want the two locks", left, err)
	}
	mustSave(t, c, "two", "", nil)
}

func TestMaxAge(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	mustSave(t, c, "one", "r1", testRoster("r1", 10, true))
	c.cfg.Now = func() time.Time { return today.Add(MaxAge) }
	if _, err := c.Facts(t.Context()); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	c.cfg.Now = func() time.Time { return today.Add(MaxAge + 24*time.Hour) }
	_, err := c.Facts(t.Context())
	if !errors.Is(err, model.ErrNoCache) || !strings.Contains(err.Error(), "31 days old") {
		t.Errorf("beyond the limit: %v, want ErrNoCache that tells the age", err)
	}
	if _, err := c.Roster(t.Context()); !errors.Is(err, model.ErrNoCache) {
		t.Errorf("roster beyond the limit: %v", err)
	}
	if s, err := c.Stat(t.Context()); err != nil || !s.TooOld || s.Accounts != 10 {
		t.Errorf("Stat: %+v, %v", s, err)
	}
}

func TestDraft(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	batch := func(label string, n int) []byte { return model.EncodeBatch(accounts(testRoster(label, n, false))) }
	d := model.Draft{Started: today, Pieces: []model.Piece{
		{Range: model.Range{To: today}, Done: true, Batch: batch("a", 9000)},
		{Range: model.Range{From: today}, Cursor: "page2", Batch: batch("b", 100)},
		{Range: model.Range{From: today.Add(time.Hour)}},
	}}
	check := func() {
		t.Helper()
		got, err := c.Draft(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(d, got) {
			t.Fatal("the draft differs from the one saved")
		}
	}
	save := func() {
		t.Helper()
		if err := c.SaveDraft(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	save()
	check()
	d.Pieces[1].Batch, d.Pieces[1].Cursor = batch("b", 200), "page3"
	save()
	check()
	// Somebody else purges: what we think is there is gone.
	if err := New(c.cfg).Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	save()
	check()
	// A partial roster leaves the draft, a complete one ends it.
	mustSave(t, c, "one", "r1", testRoster("r1", 10, false))
	check()
	mustSave(t, c, "two", "r2", testRoster("r2", 10, true))
	if _, err := c.Draft(t.Context()); !errors.Is(err, model.ErrNoCache) {
		t.Errorf("after a complete roster: %v, want ErrNoCache", err)
	}
}

func TestModes(t *testing.T) {
	t.Parallel()
	c := newCache(t)
	mustSave(t, c, "one", "r1", testRoster("r1", 10, true))
	err := filepath.Walk(c.cfg.Place.Dir, func(path string, info os.FileInfo, err error) error {
		want := os.FileMode(0o600)
		if info.IsDir() {
			want = 0o700
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %04o, want %04o", path, info.Mode().Perm(), want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

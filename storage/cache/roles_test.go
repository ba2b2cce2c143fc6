package cache

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"seatdeck/model"
	"seatdeck/storage"
)

func testRoles(t testing.TB, n int, at time.Time) *model.HostRoles {
	t.Helper()
	b := &model.HostRolesBuilder{}
	for i := range n {
		if err := b.Add(model.HighestRole{UserID: int64(i + 1), Level: model.Some(10 * (1 + i%5)), Billable: model.Some(i%2 == 0)}); err != nil {
			t.Fatal(err)
		}
	}
	return b.Build(model.AsOf{At: at, Source: model.SourceHost}, model.PlanUltimate)
}

func TestRolesAreKept(t *testing.T) {
	c := newCache(t)
	if _, err := c.Roles(t.Context()); !errors.Is(err, model.ErrNoCache) {
		t.Fatalf("roles of nobody: %v", err)
	}
	mustSave(t, c, "a", "a", testRoster("a", 20, true))
	for _, n := range []int{3, 20} { // the second replaces the first
		if err := c.SaveRoles(t.Context(), testRoles(t, n, today)); err != nil {
			t.Fatal(err)
		}
		got, err := New(c.cfg).Roles(t.Context())
		if err != nil || got.Len() != n || got.AsOf() != (model.AsOf{At: today, Source: model.SourceHost}) {
			t.Fatalf("%d roles, %v, %v", got.Len(), got.AsOf(), err)
		}
		if role := got.Find(3).Role(); role != model.Some(model.RoleDeveloper) {
			t.Errorf("account 3 has %v", role)
		}
	}
	if f, err := c.Facts(t.Context()); err != nil || f.Instance != "a" {
		t.Errorf("the facts beside them: %v, %v", f.Instance, err)
	}
	names := filesIn(t, c)
	if slices.ContainsFunc(names, func(n string) bool { return len(n) > len(rolesLeft) && n[:len(rolesLeft)] == rolesLeft }) {
		t.Errorf("something is left of writing: %v", names)
	}
	if info, err := os.Stat(filepath.Join(c.cfg.Place.Dir, rolesName)); err != nil || info.Mode().Perm() != storage.Private.File {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
	if err := c.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Roles(t.Context()); !errors.Is(err, model.ErrNoCache) || slices.Contains(filesIn(t, c), rolesName) {
		t.Errorf("after a purge: %v", err)
	}
}

func filesIn(t *testing.T, c *Cache) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(c.cfg.Place.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestOldRolesAreNotServed(t *testing.T) {
	c := newCache(t)
	if err := c.SaveRoles(t.Context(), testRoles(t, 2, today.Add(-MaxAge-time.Hour))); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Roles(t.Context()); !errors.Is(err, model.ErrNoCache) {
		t.Errorf("roles of last month: %v", err)
	}
}

// TestDamagedRoles: said once, and the damaged file is still there to be looked
// at.
func TestDamagedRoles(t *testing.T) {
	c := newCache(t)
	if err := c.SaveRoles(t.Context(), testRoles(t, 9, today)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(c.cfg.Place.Dir, rolesName)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-1] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Roles(t.Context()); !errors.Is(err, ErrDamaged) || errors.Is(err, model.ErrNoCache) {
		t.Errorf("damaged roles: %v", err)
	}
	if kept, err := os.ReadFile(path + ".damaged"); err != nil || !slices.Equal(kept, b) {
		t.Errorf("the damaged file: %v", err)
	}
	if _, err := c.Roles(t.Context()); !errors.Is(err, model.ErrNoCache) {
		t.Errorf("asked again: %v", err)
	}
	if err := c.SaveRoles(t.Context(), testRoles(t, 9, today)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Roles(t.Context()); err != nil {
		t.Errorf("after writing them anew: %v", err)
	}
}

// TestLeftRolesGo: what killed writers left behind goes with the next save, what
// another one is writing now stays.
func TestLeftRolesGo(t *testing.T) {
	c := newCache(t)
	if err := c.SaveRoles(t.Context(), testRoles(t, 1, today)); err != nil {
		t.Fatal(err)
	}
	old, young := filepath.Join(c.cfg.Place.Dir, rolesLeft+"old"), filepath.Join(c.cfg.Place.Dir, rolesLeft+"young")
	for _, path := range []string{old, young} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-2 * leftAfter)
	if err := os.Chtimes(old, long, long); err != nil {
		t.Fatal(err)
	}
	if err := c.SaveRoles(t.Context(), testRoles(t, 1, today)); err != nil || exists(old) || !exists(young) {
		t.Errorf("%v, old there %v, young there %v", err, exists(old), exists(young))
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := c.SaveRoles(ctx, testRoles(t, 1, today)); err == nil {
		t.Error("saved although it was stopped")
	}
}

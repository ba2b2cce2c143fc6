package licensing_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// teller is a GitLab server that tells roles in pieces. The other programs are
// not asked here.
type teller struct {
	licensing.Host
	pieces [][]int64 // ids, one piece for each run
	whole  bool      // the last run says that these were all
	fail   error     // of the last run
	runs   []int64   // the id behind which each run began
}

func (t *teller) Roles(_ context.Context, after int64, each func([]model.HighestRole) error) (model.RolesRead, error) {
	k := len(t.runs)
	t.runs = append(t.runs, after)
	last := k >= len(t.pieces)-1
	if k < len(t.pieces) {
		var batch []model.HighestRole
		for _, id := range t.pieces[k] {
			batch = append(batch, model.HighestRole{UserID: id, Level: model.Some(30), Billable: model.Some(true)})
		}
		if err := each(batch); err != nil {
			return model.RolesRead{}, err
		}
	}
	if last && t.fail != nil {
		return model.RolesRead{}, t.fail
	}
	return model.RolesRead{HostAnswer: model.HostAnswer{AsOf: model.AsOf{At: rig.Start, Source: model.SourceHost}}, Complete: last && t.whole}, nil
}

func deskWith(t *testing.T, h licensing.Host, store licensing.RoleStore) *licensing.Desk {
	t.Helper()
	d := licensing.NewDesk(licensing.Parts{
		Info: licensing.InstanceInfo{Name: "prod", Mode: model.ModeReadOnly}, Cache: &rig.MemoryCache{}, Host: h, Roles: store, Clock: licensing.SystemClock{},
	})
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// TestRolesInPieces: a run that does not get through goes on where it stopped.
func TestRolesInPieces(t *testing.T) {
	h := &teller{pieces: [][]int64{{1, 2, 9}, {10, 700}, {701}}, whole: true}
	store := &rig.MemoryCache{}
	v, err := deskWith(t, h, store).ReadRoles(t.Context(), nil)
	if err != nil || v.Roles.Len() != 6 || len(h.runs) != 3 || h.runs[1] != 9 || h.runs[2] != 700 {
		t.Fatalf("%d roles by runs from %v, %v", v.Roles.Len(), h.runs, err)
	}
	if kept, err := store.Roles(t.Context()); err != nil || kept.Len() != 6 || kept.AsOf().Source != model.SourceHost {
		t.Errorf("kept are %d, %v", kept.Len(), err)
	}
}

// TestRolesThatFail: whatever goes wrong on the way, the older roles stay.
func TestRolesThatFail(t *testing.T) {
	for name, h := range map[string]*teller{
		"no progress":  {pieces: [][]int64{{1, 2}, {}}},
		"a failure":    {pieces: [][]int64{{1, 2}, {3}}, fail: model.Fail(model.ClassFailed, "", "sudo wants a password", "")},
		"out of order": {pieces: [][]int64{{5}, {4}}, whole: true},
	} {
		store := &rig.MemoryCache{}
		good := deskWith(t, &teller{pieces: [][]int64{{1}}, whole: true}, store)
		if _, err := good.ReadRoles(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		v, err := deskWith(t, h, store).ReadRoles(t.Context(), nil)
		kept, keptErr := store.Roles(t.Context())
		if err == nil || v.Roles != nil || keptErr != nil || kept.Len() != 1 {
			t.Errorf("%s: %v; kept %d, %v", name, err, kept.Len(), keptErr)
		}
	}
}

// TestRolesThatCannotBeKept are there all the same, with a notice.
func TestRolesThatCannotBeKept(t *testing.T) {
	store := &rig.MemoryCache{Fail: func(method string) error {
		if method == "SaveRoles" {
			return model.Fail(model.ClassStorage, "keep the roles", "the disk is full", "")
		}
		return nil
	}}
	v, err := deskWith(t, &teller{pieces: [][]int64{{1, 2}}, whole: true}, store).ReadRoles(t.Context(), nil)
	if err != nil || v.Roles.Len() != 2 || len(v.Notices) != 1 || v.Notices[0].Task != licensing.TaskSaveRoles {
		t.Errorf("%d roles, %v, notices %+v", v.Roles.Len(), err, v.Notices)
	}
}

func TestRolesWithoutAWay(t *testing.T) {
	d := deskWith(t, nil, nil)
	e, _ := errors.AsType[*model.Error](func() error { _, err := d.ReadRoles(t.Context(), nil); return err }())
	if d.NoRoles() == nil || e == nil || e.Class != model.ClassConfig {
		t.Errorf("%v, %v", d.NoRoles(), e)
	}
}

// TestRolesOutliveTheProcess: the next process has them with the accounts, at
// their own age, and a refresh of the accounts counts by them.
func TestRolesOutliveTheProcess(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 200, Memory: true})
	r.Refreshed(t.Context())
	v, err := r.Desk.ReadRoles(t.Context(), nil)
	if err != nil || !v.Facts.Breakdown.Value.Roles.Known() {
		t.Fatalf("%v; the breakdown knows roles: %v", err, v.Facts.Breakdown.Value.Roles.Known())
	}
	read := v.Roles.AsOf()
	r.Clock.Advance(3 * time.Hour)
	next := r.Reopen()
	if v := next.Load(t.Context()); v.Roles != nil || !v.Facts.Breakdown.Value.Roles.Known() {
		t.Error("the first frame reads roles, or has no breakdown by them")
	}
	rows, err := next.Roster(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v = next.View()
	if v.Roles.AsOf() != read || v.QueryEnv(rows).Role == nil {
		t.Errorf("roles of %v, want %v", v.Roles.AsOf(), read)
	}
	v, err = next.Refresh(t.Context(), licensing.RefreshOptions{}, nil)
	if c, ok := v.Facts.Breakdown.Value.Roles.Get(); err != nil || !ok || c.AsOf != read || !v.Facts.Roster.AsOf.At.After(read.At) {
		t.Errorf("after a refresh: %+v, %v", c.AsOf, err)
	}
}

// TestViewsOfADesk: without a place nothing is kept, and a desk says so.
func TestViewsOfADesk(t *testing.T) {
	d := deskWith(t, nil, nil)
	if s, err := d.SavedViews(t.Context()); err != nil || s.Len() != 0 {
		t.Errorf("%d views, %v", s.Len(), err)
	}
	if _, err := d.SaveView(t.Context(), model.SavedView{Name: "x"}, false); err == nil {
		t.Error("saved nowhere")
	}
	r := rig.New(t, rig.Options{Memory: true})
	if _, err := r.Desk.SaveView(t.Context(), model.SavedView{Name: "quiet", Filter: "recency:dormant"}, false); err != nil {
		t.Fatal(err)
	}
	s, err := r.Reopen().SavedViews(t.Context())
	if v, _ := s.Find("quiet"); err != nil || !v.SavedAt.Equal(rig.Start) {
		t.Errorf("%+v, %v", v, err)
	}
}

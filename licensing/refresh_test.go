package licensing_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// truth lists the ids of who exists.
func truth(t testing.TB, s *sandbox.Server) []int64 {
	t.Helper()
	var b bytes.Buffer
	if err := s.DumpTruth(&b); err != nil {
		t.Fatal(err)
	}
	var ids []int64
	lines := bufio.NewScanner(&b)
	for lines.Scan() {
		var a struct{ ID int64 }
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		if a.ID != 0 { // the first line is a header
			ids = append(ids, a.ID)
		}
	}
	return ids
}

func class(err error) model.Class {
	if e := model.AsError("", err); e != nil {
		return e.Class
	}
	return ""
}

func TestLoadWithNothingKept(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 40})
	v := r.Desk.Load(t.Context())
	if !v.Empty || v.Offline != nil || len(v.Notices) != 0 || v.Info.Name != "prod" || v.Facts.Instance != "prod" {
		t.Errorf("%+v", v)
	}
	if v.Facts.License.Value.Daily.Known() || v.Facts.Roster.Known() || len(v.History.Records) != 0 {
		t.Error("something is known of nothing")
	}
	if _, err := r.Desk.Roster(t.Context()); err != licensing.ErrNoCache {
		t.Errorf("%v", err)
	}
	if n := len(r.Sandbox.Requests()); n != 0 {
		t.Errorf("loading sent %d requests", n)
	}
}

// Every part of every scenario is read or says why not.
func TestEveryScenario(t *testing.T) {
	for _, sc := range sandbox.Scenarios() {
		t.Run(sc.Name, func(t *testing.T) {
			t.Parallel()
			r := rig.New(t, rig.Options{Scenario: sc.Name, Users: 260, Memory: true, Set: map[string]string{"latency": "0s"}})
			v, err := r.Desk.Refresh(t.Context(), licensing.RefreshOptions{}, nil)
			want := model.Class("")
			if sc.Name == "admin-mode" {
				want = model.ClassDenied
			}
			if class(err) != want || v.Offline != nil || v.Empty || len(v.Notices) != 0 || !v.Facts.ReadAt.Equal(rig.Start) {
				t.Fatalf("%v, offline %v, notices %v, read at %s", err, v.Offline, v.Notices, v.Facts.ReadAt)
			}
			for _, p := range v.Facts.PartStates() {
				if p.Err == nil && p.AsOf.Source != model.SourceLive {
					t.Errorf("%s: neither read nor an error: %+v", p.Name, p)
				}
				if p.Err != nil && sc.Name != "admin-mode" && p.Err.Class != model.ClassUnsupported && (sc.Name != "offline" || p.Name != "the daily counts") {
					t.Errorf("%s: %v", p.Name, p.Err)
				}
			}
			rows := r.Desk.Rows()
			if sc.Name == "admin-mode" {
				if rows != nil || v.Facts.Roster.Known() || v.Facts.Breakdown.Known() || v.Facts.Roster.Err.Class != model.ClassDenied || !strings.Contains(err.Error(), "admin_mode") {
					t.Errorf("a roster without the rights to read it: %+v, %v", v.Facts.Roster, err)
				}
				return
			}
			if !slices.Equal(idsOf(rows), truth(t, r.Sandbox)) || !v.Facts.Roster.Value.Complete {
				t.Errorf("%d accounts", rows.Len())
			}
		})
	}
}

func TestFreeInstanceKnowsNoSeats(t *testing.T) {
	r := rig.New(t, rig.Options{Scenario: "free", Memory: true})
	v := r.Refreshed(t.Context())
	l := v.Facts.License.Value
	if l.Present() || l.Daily.Known() || l.Seats.Known() || l.Maximum.Known() {
		t.Errorf("%+v", l)
	}
	if !v.Facts.Daily.Known() || len(v.Facts.Daily.Value.Rows) != 0 || v.History.Health != model.HealthNotEligible {
		t.Errorf("%+v, %s", v.Facts.Daily, v.History.Health)
	}
	for _, q := range r.Sandbox.Requests() {
		if strings.Contains(q.Path, "usage_export") {
			t.Error("the export was asked for without a licence")
		}
	}
}

func TestCommunityEdition(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true, Set: map[string]string{"edition": "ce"}})
	v := r.Refreshed(t.Context())
	if e := v.Facts.License.Err; e == nil || e.Class != model.ClassUnsupported || v.Facts.License.Known() {
		t.Errorf("%+v", v.Facts.License)
	}
	if v.Facts.Roster.Value.Accounts != 60 {
		t.Errorf("%d accounts", v.Facts.Roster.Value.Accounts)
	}
}

func TestTokens(t *testing.T) {
	for token, want := range map[string]model.Class{
		sandbox.TokenAdmin: "", sandbox.TokenReadOnly: "", sandbox.TokenNonAdmin: model.ClassDenied,
		sandbox.TokenExpired: model.ClassDenied, sandbox.TokenRevoked: model.ClassDenied, sandbox.TokenBlocked: model.ClassDenied,
	} {
		r := rig.New(t, rig.Options{Users: 60, Token: token, Memory: true})
		v, err := r.Desk.Refresh(t.Context(), licensing.RefreshOptions{}, nil)
		if class(err) != want || (want != "") != (r.Desk.Rows() == nil) {
			t.Errorf("%s: %v, rows %v", token, err, r.Desk.Rows() != nil)
		}
		if token == sandbox.TokenNonAdmin && (!strings.Contains(err.Error(), "administrator") || v.Facts.Roster.Err == nil || v.Offline != nil) {
			t.Errorf("%v, %+v", err, v.Facts.Roster)
		}
		if token == sandbox.TokenExpired && (v.Offline == nil || !v.Empty) {
			t.Errorf("offline %v", v.Offline)
		}
	}
}

// An instance that is too old is refused by name, before anything else is asked.
func TestTooOld(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 40, Memory: true, Transport: func(next http.RoundTripper) http.RoundTripper {
		return trip(func(q *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(q)
			if err == nil && strings.HasSuffix(q.URL.Path, "/metadata") {
				resp.Body = io.NopCloser(strings.NewReader(`{"version":"13.12.15-ee","revision":"abc","enterprise":true}`))
			}
			return resp, err
		})
	}})
	v, err := r.Desk.Refresh(t.Context(), licensing.RefreshOptions{}, nil)
	if class(err) != model.ClassUnsupported || !strings.Contains(err.Error(), "13.12.15") || v.Offline == nil || len(r.Sandbox.Requests()) != 1 {
		t.Errorf("%v, offline %v, %d requests", err, v.Offline, len(r.Sandbox.Requests()))
	}
}

// An offline start shows what is kept; a failed refresh takes nothing of it.
func TestOfflineThenCached(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 300})
	first := r.Refreshed(t.Context())
	r.Cut(true)
	r.Clock.Advance(3 * time.Hour)
	d := r.Reopen()
	v := d.Load(t.Context())
	if v.Empty || v.Facts.License.AsOf.Source != model.SourceCache || v.Facts.License.Value.Daily != first.Facts.License.Value.Daily {
		t.Errorf("%+v", v.Facts.License)
	}
	v, err := d.Refresh(t.Context(), licensing.RefreshOptions{}, nil)
	if class(err) != model.ClassUnreachable || v.Offline == nil || !v.Facts.License.AsOf.At.Equal(rig.Start) {
		t.Errorf("%v, %v, licence of %s", err, v.Offline, v.Facts.License.AsOf.At)
	}
	rows, err := d.Roster(t.Context())
	if err != nil || rows.Len() != 300 || !rows.AsOf().At.Equal(v.Facts.Roster.AsOf.At) {
		t.Errorf("%v", err)
	}
	r.Cut(false)
	if v, err = d.Refresh(t.Context(), licensing.RefreshOptions{}, nil); err != nil || v.Offline != nil || v.Facts.License.AsOf.Source != model.SourceLive {
		t.Errorf("%v, %v", err, v.Offline)
	}
}

// A part that fails keeps its older reading and says why it is not newer; the
// other parts are read all the same.
func TestPartialFailure(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 120, Memory: true})
	before := r.Refreshed(t.Context())
	r.Turn("fault", "500:/application/statistics,html:/application/settings,404:/users")
	r.Clock.Advance(time.Hour)
	v, err := r.Desk.Refresh(t.Context(), licensing.RefreshOptions{}, nil)
	if err == nil {
		t.Error("the roster failed without an error")
	}
	f := v.Facts
	if f.Statistics.Err == nil || f.Statistics.Value != before.Facts.Statistics.Value || !f.Statistics.AsOf.At.Equal(rig.Start) {
		t.Errorf("%+v", f.Statistics)
	}
	if f.Settings.Err == nil || f.Settings.Value != before.Facts.Settings.Value {
		t.Errorf("%+v", f.Settings)
	}
	if f.License.Err != nil || !f.License.AsOf.At.Equal(r.Clock.Now()) {
		t.Errorf("%+v", f.License)
	}
	if f.Roster.Err == nil || f.Breakdown.Err == nil || f.Roster.Value.Accounts != 120 || !f.Roster.Value.Complete || !f.Roster.AsOf.At.Equal(rig.Start) || r.Desk.Rows().Len() != 120 {
		t.Errorf("%+v", f.Roster)
	}
	r.Turn("fault", "none")
	if v := r.Refreshed(t.Context()); v.Facts.Statistics.Err != nil || v.Facts.Roster.Err != nil || v.Facts.Breakdown.Err != nil {
		t.Error("a mended part still fails")
	}
}

// trip is a RoundTripper made of a function.
type trip func(*http.Request) (*http.Response, error)

func (f trip) RoundTrip(q *http.Request) (*http.Response, error) { return f(q) }

// pages counts the pages of accounts asked for, without the probes, which ask
// for one account; at the given one it calls hit.
func pages(at int32, hit func()) (func(http.RoundTripper) http.RoundTripper, *atomic.Int32) {
	n := new(atomic.Int32)
	return func(next http.RoundTripper) http.RoundTripper {
		return trip(func(q *http.Request) (*http.Response, error) {
			if isPage(q.URL) && n.Add(1) == at {
				hit()
			}
			return next.RoundTrip(q)
		})
	}, n
}

func isPage(u *url.URL) bool {
	return strings.HasSuffix(u.Path, "/users") && u.Query().Get("per_page") == "100"
}

// Cancelled in the middle, a pull is shown as partial and never counted; the
// next process asks only for the rest.
func TestCancelThenResume(t *testing.T) {
	for _, workers := range []int{1, 8} {
		ctx, cancel := context.WithCancel(t.Context())
		count, n := pages(15, cancel)
		r := rig.New(t, rig.Options{Users: 3000, Workers: workers, Transport: count})
		v, err := r.Desk.Refresh(ctx, licensing.RefreshOptions{}, nil)
		f := v.Facts
		if class(err) != model.ClassCancelled || f.Roster.Value.Complete || f.Roster.Value.Accounts == 0 || f.Breakdown.Known() {
			t.Fatalf("%v, %+v", err, f.Roster)
		}
		if rows := r.Desk.Rows(); rows.Complete() || rows.Len() != f.Roster.Value.Accounts {
			t.Errorf("%d rows, complete %t", rows.Len(), rows.Complete())
		}
		first := int(n.Load())
		d := r.Reopen()
		if v := d.Load(t.Context()); v.Facts.Roster.Known() || v.Facts.Breakdown.Known() || !v.Facts.License.Known() {
			t.Errorf("a partial roster outlived its process: %+v", v.Facts.Roster)
		}
		r.Clock.Advance(time.Minute)
		v, err = d.Refresh(t.Context(), licensing.RefreshOptions{}, nil)
		if err != nil || !slices.Equal(idsOf(d.Rows()), truth(t, r.Sandbox)) || !v.Facts.Breakdown.Known() {
			t.Fatalf("%v, %d accounts", err, d.Rows().Len())
		}
		if !v.Facts.Roster.AsOf.At.Equal(rig.Start) {
			t.Errorf("half of the accounts were read at %s, not at %s", rig.Start, v.Facts.Roster.AsOf.At)
		}
		second := int(n.Load()) - first
		switch {
		case workers == 1 && (first != 15 || second != 30-14):
			t.Errorf("%d and then %d pages of 30; one was lost", first, second)
		case second > 30-first+4*workers:
			t.Errorf("%d and then %d pages of 30", first, second)
		}
	}
}

// A server that fails in the middle leaves a partial roster and the reason.
func TestServerFailsInTheMiddle(t *testing.T) {
	var r *rig.Rig
	count, _ := pages(8, func() { _ = r.Sandbox.Turn("fault", "500:/users") })
	r = rig.New(t, rig.Options{Users: 2000, Memory: true, Transport: count})
	v, err := r.Desk.Refresh(t.Context(), licensing.RefreshOptions{}, nil)
	f := v.Facts
	if err == nil || f.Roster.Err == nil || f.Roster.Value.Complete || f.Roster.Value.Accounts == 0 || f.Breakdown.Known() || !slices.ContainsFunc(v.Alerts, func(a model.Alert) bool { return a.Kind == model.AlertPartial }) {
		t.Errorf("%v, %+v, %v", err, f.Roster, v.Alerts)
	}
	r.Turn("fault", "none")
	if v := r.Refreshed(t.Context()); v.Facts.Roster.Value.Accounts != 2000 || v.Facts.Roster.Err != nil {
		t.Errorf("%+v", v.Facts.Roster)
	}
	// A whole roster stays when the next pull fails in the middle.
	r.Turn("fault", "500:/users")
	r.Clock.Advance(time.Hour)
	v, err = r.Desk.Refresh(t.Context(), licensing.RefreshOptions{}, nil)
	if err == nil || !v.Facts.Roster.Value.Complete || !r.Desk.Rows().Complete() || v.Facts.Roster.Err == nil {
		t.Errorf("%v, %+v", err, v.Facts.Roster)
	}
}

// A cancelled refresh says nothing about the instance.
func TestCancelLeavesNoTrace(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 200, Memory: true})
	before := r.Refreshed(t.Context())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r.Clock.Advance(time.Hour)
	v, err := r.Desk.Refresh(ctx, licensing.RefreshOptions{}, nil)
	if class(err) != model.ClassCancelled || v.Offline != nil || !v.Facts.ReadAt.Equal(before.Facts.ReadAt) {
		t.Errorf("%v, %v", err, v.Offline)
	}
	for _, p := range v.Facts.PartStates() {
		if p.Err != nil {
			t.Errorf("%s: %v", p.Name, p.Err)
		}
	}
}

// An instance that drops the filters by creation time, as it does without
// administrator rights, must not be read once for every range.
func TestDroppedFilters(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 3000, Memory: true, Transport: func(next http.RoundTripper) http.RoundTripper {
		return trip(func(q *http.Request) (*http.Response, error) {
			q = q.Clone(q.Context())
			values := q.URL.Query()
			values.Del("created_after")
			values.Del("created_before")
			q.URL.RawQuery = values.Encode()
			return next.RoundTrip(q)
		})
	}})
	v, err := r.Desk.Refresh(t.Context(), licensing.RefreshOptions{}, nil)
	if class(err) != model.ClassDenied || !strings.Contains(err.Error(), "filter") || v.Facts.Roster.Value.Complete {
		t.Errorf("%v, %+v", err, v.Facts.Roster)
	}
}

// The sandbox's crowd, with its bulk import, divided in every way.
func TestEverySizeAndSeed(t *testing.T) {
	for i, users := range []int{40, 99, 100, 101, 777, 2500} {
		r := rig.New(t, rig.Options{Users: users, Seed: uint64(i), Memory: true, Workers: 1 + 3*i})
		r.Refreshed(t.Context())
		if !slices.Equal(idsOf(r.Desk.Rows()), truth(t, r.Sandbox)) {
			t.Errorf("%d accounts of %d", r.Desk.Rows().Len(), users)
		}
	}
}

func TestRefreshProgress(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 1200, Memory: true, Transport: nil})
	var mu sync.Mutex
	var stages []model.Stage
	tell := func(p model.Progress) {
		if !mu.TryLock() {
			t.Error("two reports at once")
			return
		}
		defer mu.Unlock()
		stages = append(stages, p.Stage)
		if (p.Stage == model.StageFacts || p.Stage == model.StageSave) != (p.Facts != nil) {
			t.Errorf("%+v", p)
		}
		runtime.Gosched()
	}
	if _, err := r.Desk.Refresh(t.Context(), licensing.RefreshOptions{}, tell); err != nil {
		t.Fatal(err)
	}
	// The clock stands still: only the first report of each stage comes through.
	if want := []model.Stage{model.StageFacts, model.StageSave, model.StageRoster, model.StageSave, model.StageDone}; !slices.Equal(stages, want) {
		t.Errorf("%v", stages)
	}
}

// A pause that the instance orders is told at once, however soon it comes after
// the report before, and so is its end.
func TestRefreshTellsOfWaits(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true, Set: map[string]string{"fault": "429:/license:1"}})
	began, ended := r.Clock.Now(), false
	var waits []model.Wait
	tell := func(p model.Progress) {
		if p.Wait != (model.Wait{}) {
			waits = append(waits, p.Wait)
		} else if len(waits) > 0 {
			ended = true
		}
	}
	if _, err := r.Desk.Refresh(t.Context(), licensing.RefreshOptions{NoRoster: true}, tell); err != nil {
		t.Fatal(err)
	}
	want := model.Wait{For: 2 * time.Second, Until: began.Add(2 * time.Second)} // the fault's own Retry-After
	if len(waits) == 0 || !ended || slices.ContainsFunc(waits, func(w model.Wait) bool { return w != want }) {
		t.Errorf("%+v, and over: %v", waits, ended)
	}
}

func TestNoRoster(t *testing.T) {
	r := rig.New(t, rig.Options{Users: 200, Memory: true})
	v, err := r.Desk.Refresh(t.Context(), licensing.RefreshOptions{NoRoster: true}, nil)
	if err != nil || v.Facts.Roster.Known() || !v.Facts.License.Known() || r.Desk.Rows() != nil {
		t.Errorf("%v, %+v", err, v.Facts.Roster)
	}
}

// After a cancelled pull no goroutine is left behind.
func TestGoroutinesEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	count, _ := pages(9, cancel)
	r := rig.New(t, rig.Options{Users: 3000, Memory: true, Transport: count})
	before := runtime.NumGoroutine()
	if _, err := r.Desk.Refresh(ctx, licensing.RefreshOptions{}, nil); class(err) != model.ClassCancelled {
		t.Fatal(err)
	}
	for range 1000 { // what is ending needs a turn or two
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched()
	}
	t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine())
}

// Reading an offline licence's daily counts marks its usage as exported
// (contract §1.10): no refresh does that, not even where writing is allowed.
func TestRefreshNeverExportsOfflineUsage(t *testing.T) {
	r := rig.New(t, rig.Options{Scenario: "offline", Users: 60, Memory: true, Mode: model.ModeWrite})
	for range 2 {
		v := r.Refreshed(t.Context())
		if err := v.Facts.Daily.Err; err == nil || err.Class != model.ClassUnsupported {
			t.Errorf("daily counts: %v", err)
		}
		for _, a := range v.Alerts {
			if a.Kind == model.AlertUnreadable {
				t.Errorf("what nobody asked for is called unreadable: %s", a.Long)
			}
		}
	}
	if err := r.Desk.ReadForSync(t.Context()); err != nil {
		t.Error(err)
	}
	for _, q := range r.Sandbox.Requests() {
		if strings.Contains(q.Path, "usage_export") {
			t.Errorf("asked for %s %s", q.Method, q.Path)
		}
	}
}

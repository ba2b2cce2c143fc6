package calendar

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

const day = 24 * time.Hour

// season is sixty days of one desk, with what its instance showed at each poll.
type season struct {
	t     *testing.T
	r     *rig.Rig
	start time.Time // midnight of day 0
	polls []poll
	began time.Time
}

// poll is what the instance must have shown at a moment, by its own events.
type poll struct {
	at       time.Time
	eligible bool
	last     time.Time // zero: no sync to be seen
}

// on is a moment of a day.
func (s *season) on(n int, hour, minute int) time.Time {
	return s.start.Add(time.Duration(n)*day + time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

// until moves the clock to a moment.
func (s *season) until(at time.Time) { s.r.Clock.Advance(at.Sub(s.r.Clock.Now())) }

// watch looks every so often up to a moment, beginning half past.
func (s *season) watch(to time.Time, every time.Duration) {
	s.t.Helper()
	for next := s.r.Clock.Now().Truncate(time.Hour).Add(30 * time.Minute); next.Before(to); next = next.Add(every) {
		if next.Before(s.r.Clock.Now()) {
			continue
		}
		s.until(next)
		s.look()
	}
	s.until(to)
}

// look polls, and holds the health against the events.
func (s *season) look() {
	s.t.Helper()
	v, err := s.r.Desk.Refresh(s.t.Context(), licensing.RefreshOptions{NoRoster: true}, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	p := poll{at: s.r.Clock.Now(), eligible: v.Facts.License.Value.Kind == model.KindOnlineCloud, last: s.began}
	for _, e := range s.r.Sandbox.Events() {
		switch {
		case e.Outcome != "ok":
		case e.Kind == "seat_link":
			p.last = e.Time.Add(2 * time.Second) // the exchange takes so long
		case e.Kind == "activation":
			p.last = e.Time
		}
	}
	p.last = p.last.Truncate(time.Second) // as exactly as the instance tells it
	s.polls = append(s.polls, p)
	want := model.HealthInStep
	switch {
	case !p.eligible:
		want = model.HealthNotEligible
	case !p.at.Before(due(p.last)):
		want = model.HealthOverdue
	}
	if v.History.Health != want {
		s.t.Errorf("%s: %s (%s), want %s after a sync at %s", p.at, v.History.Health, v.History.Why, want, p.last)
	}
}

// due is when a sync is late after one at last: 05:00 UTC of the next day on
// which it is due at 03:00, and not before 26 hours (contract §3.4, §3.7).
func due(last time.Time) time.Time {
	at := last.Truncate(day).Add(3 * time.Hour)
	for !at.After(last) {
		at = at.Add(day)
	}
	at = at.Add(2 * time.Hour)
	if grace := last.Add(26 * time.Hour); grace.After(at) {
		return grace
	}
	return at
}

// ask sends a request that somebody else makes.
func (s *season) ask(path, contentType, body string) {
	s.t.Helper()
	q := httptest.NewRequest(http.MethodPost, "https://elsewhere.example"+path, strings.NewReader(body))
	q.Header.Set("Content-Type", contentType)
	q.Header.Set("Private-Token", sandbox.TokenAdmin)
	w := httptest.NewRecorder()
	s.r.Sandbox.Handler().ServeHTTP(w, q)
	if w.Code >= 300 || strings.Contains(w.Body.String(), `"errors":[{`) {
		s.t.Fatalf("POST %s: %d %s", path, w.Code, w.Body)
	}
}

// TestSixtyDays: daily syncs, three days without a way to the portal, another
// licence for two days, silent mode, a week in which nobody looks, and a clock
// that is turned back. What the history tells is what was to be seen.
func TestSixtyDays(t *testing.T) { sixtyDays(t, 6*time.Hour, 3*time.Hour) }

// sixtyDays polls so often while all is well, and while it is not.
func sixtyDays(t *testing.T, calm, troubled time.Duration) {
	r := rig.New(t, rig.Options{Users: 60, Memory: true, Start: time.Date(2026, 9, 7, 0, 10, 0, 0, time.UTC)})
	s := &season{t: t, r: r, start: time.Date(2026, 9, 7, 0, 0, 0, 0, time.UTC)}
	v, err := r.Desk.Refresh(t.Context(), licensing.RefreshOptions{NoRoster: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.began = v.Facts.License.Value.LastSync.Or(time.Time{})

	s.watch(s.on(9, 0, 0), calm)
	r.Turn("portal", "down")
	s.watch(s.on(12, 0, 0), troubled)
	r.Turn("portal", "ok")
	s.watch(s.on(13, 0, 0), troubled)
	s.watch(s.on(19, 12, 0), calm)
	r.Turn("silent_mode", "true")
	s.watch(s.on(22, 12, 0), troubled)
	r.Turn("silent_mode", "false")
	s.watch(s.on(23, 12, 0), troubled)
	s.watch(s.on(30, 12, 0), calm)
	key, ok := r.Sandbox.SampleKey("legacy")
	if !ok {
		t.Fatal("there is no other licence")
	}
	s.ask("/api/v4/license", "application/x-www-form-urlencoded", url.Values{"license": {key}}.Encode())
	s.watch(s.on(32, 12, 15), troubled)
	body, _ := json.Marshal(map[string]string{"query": `mutation { gitlabSubscriptionActivate(input: {activationCode: "` + sandbox.ActivationCode + `"}) { errors } }`})
	s.ask("/api/graphql", "application/json", string(body))
	s.watch(s.on(34, 0, 0), troubled)
	s.watch(s.on(38, 12, 0), calm)
	s.until(s.on(45, 12, 0)) // nobody looks
	s.watch(s.on(50, 12, 0), calm)
	r.Clock.Back(30 * time.Hour)
	s.watch(s.on(51, 0, 0), troubled)
	s.watch(s.on(60, 9, 0), calm)
	s.look()
	s.judge(r.Desk.View().History)
}

// judge holds the history against the polls.
func (s *season) judge(h model.History) {
	s.t.Helper()
	var syncs, late, wantSyncs, wantLate []string
	stamp := func(at time.Time) string { return at.UTC().Format("01-02 15:04:05") }
	outcomes := map[model.Outcome]int{}
	for _, rec := range h.Records {
		switch rec.Kind {
		case model.RecordSync:
			syncs = append(syncs, stamp(rec.At))
			outcomes[rec.Outcome]++
		case model.RecordOverdue:
			late = append(late, stamp(rec.At)+" to "+stamp(rec.Until.Or(time.Time{})))
		default:
			s.t.Errorf("a row of kind %s", rec.Kind)
		}
	}
	seen := []poll{}
	for _, p := range s.polls {
		if p.eligible && (len(seen) == 0 || !seen[len(seen)-1].last.Equal(p.last)) {
			seen = append(seen, p)
			wantSyncs = append(wantSyncs, stamp(p.last))
		}
	}
	for i, p := range seen {
		proved := slices.ContainsFunc(s.polls, func(q poll) bool { return q.eligible && q.last.Equal(p.last) && !q.at.Before(due(p.last)) })
		if proved && i+1 < len(seen) {
			wantLate = append(wantLate, stamp(due(p.last))+" to "+stamp(seen[i+1].last))
		}
	}
	slices.Reverse(syncs)
	slices.Reverse(late)
	if !slices.Equal(syncs, wantSyncs) {
		s.t.Errorf("syncs\n%q, to be seen were\n%q", syncs, wantSyncs)
	}
	if !slices.Equal(late, wantLate) || len(late) != 2 {
		s.t.Errorf("late\n%q, want\n%q", late, wantLate)
	}
	if outcomes[model.OutcomeFirst] != 1 || outcomes[model.OutcomeChanged] != 1 || outcomes[model.OutcomeUnchanged] != len(syncs)-2 {
		s.t.Errorf("outcomes %v of %d syncs", outcomes, len(syncs))
	}
	s.days(h)
	s.t.Logf("%d polls, %d syncs: %v; late %q; gaps %v", len(s.polls), len(syncs), outcomes, late, h.Gaps)
}

// days holds each day against the polls: a sync of it was seen, or a look after
// it proves that there was none, or nobody can tell.
func (s *season) days(h model.History) {
	s.t.Helper()
	marks := map[model.Day]model.DayMark{}
	for _, d := range h.Strip {
		marks[d.Day] = d.Mark
	}
	gaps := map[model.Day]bool{}
	for _, g := range h.Gaps {
		for d := g.From; d <= g.To; d = d.Add(1) {
			gaps[d] = true
		}
	}
	counts := map[model.DayMark]int{}
	for n := range 60 {
		begins, ends := s.on(n, 0, 0), s.on(n+1, 0, 0)
		want := model.MarkUnwatched
		for _, p := range s.polls {
			switch {
			case !p.eligible:
			case !p.last.Before(begins) && p.last.Before(ends):
				want = model.MarkSeen
			case want == model.MarkUnwatched && p.last.Before(begins) && !p.at.Before(ends):
				want = model.MarkMissing
			}
		}
		d := model.DayOf(begins)
		got := marks[d]
		if got == model.MarkChanged {
			got = model.MarkSeen
		}
		if got != want || gaps[d] != (want == model.MarkUnwatched) {
			s.t.Errorf("%s is %s (in a gap: %v), want %s", d, marks[d], gaps[d], want)
		}
		counts[want]++
	}
	if counts[model.MarkMissing] != 6 || counts[model.MarkUnwatched] != 7 {
		s.t.Errorf("days %v: the story is another one", counts)
	}
	s.t.Logf("days %v", counts)
}

package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"seatdeck/model"
	"seatdeck/storage"
)

var start = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// bench is a journal in a temporary folder with clocks that step by a second.
type bench struct {
	t      testing.TB
	dir    string
	caller storage.Caller
	o      Options
}

func newBench(t testing.TB) *bench {
	base := t.TempDir()
	n := 0
	return &bench{
		t:      t,
		dir:    filepath.Join(base, "journal"),
		caller: storage.Caller{UID: os.Geteuid(), Groups: []int{os.Getegid()}},
		o: Options{
			Who:  model.Who{UID: 1000, User: "alice", PID: 4711, Tool: "1.0"},
			Now:  func() time.Time { n++; return start.Add(time.Duration(n) * time.Second) },
			Boot: func() time.Duration { return time.Duration(n) * time.Second },
			Wait: time.Minute,
		},
	}
}

func (b *bench) place() storage.Place { return storage.Place{Dir: b.dir, Modes: storage.Private} }

func (b *bench) open() *Journal {
	b.t.Helper()
	j, err := Open(b.caller, b.place(), b.o)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { j.Close() })
	return j
}

func (b *bench) append(j *Journal, entries ...model.Entry) {
	b.t.Helper()
	for _, e := range entries {
		if added, err := j.Append(b.t.Context(), e); err != nil || added != 1 {
			b.t.Fatalf("append: added %v, %v", added, err)
		}
	}
}

func (b *bench) verify(j *Journal) model.JournalReport {
	b.t.Helper()
	r, err := Check(b.t.Context(), j.dir)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

func (b *bench) read(j *Journal) []model.Entry {
	b.t.Helper()
	list, err := j.Read(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return list
}

func (b *bench) want(j *Journal, v verdict, records int) {
	b.t.Helper()
	if r := b.verify(j); verdict(r.Verdict) != v || r.Records != records {
		b.t.Fatalf("verdict %s with %d records, want %s with %d: %v", r.Verdict, r.Records, v, records, r.Problems)
	}
}

// segment returns the path of the only segment.
func (b *bench) segment() string {
	b.t.Helper()
	list, err := segments(b.dir)
	if err != nil || len(list) != 1 {
		b.t.Fatalf("segments %v, %v", list, err)
	}
	return filepath.Join(b.dir, segmentName(list[0]))
}

func note(n int) model.Entry {
	return model.Entry{Kind: "note", Body: json.RawMessage(fmt.Sprintf(`{"n":%d}`, n))}
}

func TestAppendFillsWhatTheMachineKnows(t *testing.T) {
	b := newBench(t)
	j := b.open()
	b.append(j, note(1), model.Entry{Kind: "note", At: start.In(time.FixedZone("east", 7200)), Who: model.Who{UID: 7, SudoUID: 8, SSHPeer: "192.0.2.1"}})
	got := b.read(j)
	if len(got) != 2 {
		t.Fatalf("%d entries", len(got))
	}
	first, second := got[0], got[1]
	if first.Seq != 1 || first.Who != b.o.Who || first.Mono == 0 || !first.At.Equal(start.Add(first.Mono)) {
		t.Errorf("first = %+v", first)
	}
	if string(second.Body) != "null" || second.Who.UID != 7 || second.At.Location() != time.UTC || !second.At.Equal(start) {
		t.Errorf("second = %+v", second)
	}
	line, _, _ := bytes.Cut(must(os.ReadFile(b.segment())), []byte("\n"))
	if second.Prev != hashOf(line).String() {
		t.Errorf("prev = %s, want the hash of the first line", second.Prev)
	}
	b.want(j, verdictOK, 2)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestNaturalKeyIsAddedOnce(t *testing.T) {
	b := newBench(t)
	one, two := b.open(), b.open()
	e := model.Entry{Kind: model.EntryObserved, Key: "observed:2026-03-01T03:00:00Z"}
	b.append(one, e)
	for _, j := range []*Journal{one, two, b.open()} {
		if added, err := j.Append(t.Context(), e); added > 0 || err != nil {
			t.Errorf("again: added %v, %v", added, err)
		}
	}
	e.Key = "observed:2026-03-02T03:00:00Z"
	b.append(two, e)
	if added, _ := one.Append(t.Context(), e); added > 0 {
		t.Error("the first journal did not see what the second added")
	}
	b.want(one, verdictOK, 2)
}

func TestChapterBeginsKeysAfresh(t *testing.T) {
	b := newBench(t)
	j, other := b.open(), b.open()
	observed := model.Entry{Kind: model.EntryObserved, Key: "observed:x"}
	chapter := func(uuid, before string) model.Entry {
		return model.Entry{Kind: model.EntryChapter, Key: "chapter:" + uuid, Body: encode(model.Chapter{
			Seen: start, UUID: model.Clean(uuid), Before: model.Clean(before)})}
	}
	for _, step := range []struct {
		what    string
		j       *Journal
		entries []model.Entry
		added   int
	}{
		{"before any chapter", j, []model.Entry{observed}, 1},
		{"the first chapter remembers what it is about", j, []model.Entry{chapter("aaa", ""), observed}, 1},
		{"the same installation", other, []model.Entry{chapter("aaa", ""), observed}, 0},
		{"another one", j, []model.Entry{chapter("bbb", "aaa")}, 1},
		{"noticed twice", other, []model.Entry{chapter("bbb", "aaa")}, 0},
		{"its own observation", other, []model.Entry{observed}, 1},
		{"once", j, []model.Entry{observed}, 0},
		{"the former one again, all at once", other, []model.Entry{observed, chapter("aaa", "bbb"), observed, observed}, 2},
		{"once", j, []model.Entry{observed, chapter("aaa", "bbb")}, 0},
		{"seen by a fresh start", b.open(), []model.Entry{observed, chapter("aaa", "bbb")}, 0},
	} {
		if added, err := step.j.Append(t.Context(), step.entries...); err != nil || added != step.added {
			t.Errorf("%s: added %d, want %d, %v", step.what, added, step.added, err)
		}
	}
	b.want(j, verdictOK, 6)
}

func TestSegmentsRollOver(t *testing.T) {
	b := newBench(t)
	b.o.SegmentSize = 600
	j := b.open()
	for n := range 40 {
		b.append(j, note(n))
	}
	list := must(segments(b.dir))
	if len(list) < 5 {
		t.Fatalf("only %d segments", len(list))
	}
	b.want(b.open(), verdictOK, 40)
	for i, e := range b.read(j) {
		if e.Seq != uint64(i)+1 {
			t.Fatalf("entry %d has seq %d", i, e.Seq)
		}
	}
}

func TestRetainCarriesTheHash(t *testing.T) {
	b := newBench(t)
	b.o.SegmentSize = 600
	j := b.open()
	for n := range 40 {
		b.append(j, note(n))
	}
	before := must(segments(b.dir))
	foretold := must(j.Old(t.Context(), start.Add(20*time.Second)))
	if now := must(segments(b.dir)); !slices.Equal(now, before) {
		t.Fatalf("looking changed %v to %v", before, now)
	}
	dropped, err := j.Retain(t.Context(), start.Add(20*time.Second))
	if err != nil || dropped.Records == 0 || dropped.Records > 20 {
		t.Fatalf("dropped %+v, %v", dropped, err)
	}
	if dropped != foretold {
		t.Errorf("dropped %+v, and said %+v before", dropped, foretold)
	}
	if dropped.First != 1 || dropped.Last != uint64(dropped.Records) || dropped.From.IsZero() || !dropped.From.Before(dropped.To) || !dropped.To.Before(start.Add(20*time.Second)) {
		t.Errorf("dropped %+v", dropped)
	}
	b.want(j, verdictOK, 41-dropped.Records)
	if r := b.verify(j); r.First != dropped.Last+1 {
		t.Errorf("%+v dropped, first %d", dropped, r.First)
	}
	if again, err := j.Retain(t.Context(), start.Add(20*time.Second)); again != (model.OldRecords{}) || err != nil {
		t.Errorf("again: %+v, %v", again, err)
	}
	// Everything is old, yet the newest segment stays.
	if _, err := j.Retain(t.Context(), start.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	b.append(j, note(99))
	if r := b.verify(j); verdict(r.Verdict) != verdictOK {
		t.Errorf("after dropping all that may go: %v", r.Problems)
	}
	// A segment taken away by hand is not covered by the retention record.
	left := must(segments(b.dir))
	if len(left) >= len(before) {
		t.Fatalf("%d segments left of %d", len(left), len(before))
	}
	if err := os.Remove(filepath.Join(b.dir, segmentName(left[0]))); err != nil {
		t.Fatal(err)
	}
	if r := b.verify(j); verdict(r.Verdict) != verdictCut {
		t.Errorf("a removed segment gives %s", r.Verdict)
	}
}

// An act whose end nobody knows is still to be settled: its intent stays, however
// old, until its result is there.
func TestRetainKeepsOpenIntents(t *testing.T) {
	b := newBench(t)
	b.o.SegmentSize = 600
	j := b.open()
	for n := range 10 {
		b.append(j, note(n))
	}
	plan := model.PlanHead{ID: "P1"}
	b.append(j, model.Entry{Kind: model.EntryIntent, Body: encode(model.Intent{Plan: plan, Of: 1})})
	for n := range 10 {
		b.append(j, note(n))
	}
	old := must(j.Retain(t.Context(), start.Add(time.Hour)))
	if old.Records == 0 || old.Last >= 11 {
		t.Errorf("with an open intent at 11: %+v", old)
	}
	b.append(j, model.Entry{Kind: model.EntryResult, Body: encode(model.StepResult{Plan: plan.ID, Of: 1})})
	if old = must(j.Retain(t.Context(), start.Add(time.Hour))); old.Last < 11 {
		t.Errorf("with its result: %+v", old)
	}
	if r := b.verify(j); verdict(r.Verdict) != verdictOK {
		t.Errorf("%s %v", r.Verdict, r.Problems)
	}
}

func TestRetainInterrupted(t *testing.T) {
	// The record that tells of it is there, and only some of the files are gone.
	for gone := 0; ; gone++ {
		b := newBench(t)
		b.o.SegmentSize = 600
		j := b.open()
		for n := range 20 {
			b.append(j, note(n))
		}
		list := must(segments(b.dir))
		old := list[:len(list)-1]
		if gone > len(old) {
			return
		}
		saved := make(map[string][]byte)
		for _, first := range old[gone:] {
			path := filepath.Join(b.dir, segmentName(first))
			saved[path] = must(os.ReadFile(path))
		}
		if dropped, err := j.Retain(t.Context(), start.Add(time.Hour)); err != nil || dropped.Records == 0 {
			t.Fatalf("dropped %+v, %v", dropped, err)
		}
		for path, text := range saved {
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if r := b.verify(j); verdict(r.Verdict) != verdictOK {
			t.Errorf("%d of %d gone: %s %v", gone, len(old), r.Verdict, r.Problems)
		}
	}
}

func TestAddressesAreMasked(t *testing.T) {
	b := newBench(t)
	j := b.open()
	b.append(j, model.Entry{Kind: "note", Body: json.RawMessage(
		`{"who":"alice","text":"mail <bob.b+x@corp.example.com>, carol@example.org","bob@example.com":[1.10,12345678901234567890],"at":"@alice at 10:00"}`)})
	raw := string(must(os.ReadFile(b.segment())))
	if strings.Contains(raw, "example") || strings.Count(raw, "(e-mail)") != 3 {
		t.Errorf("kept: %s", raw)
	}
	for _, keep := range []string{"12345678901234567890", "1.10", "@alice at 10:00", `"who":"alice"`} {
		if !strings.Contains(raw, keep) {
			t.Errorf("%q was lost: %s", keep, raw)
		}
	}
}

func TestFileHoldsNothingThatActs(t *testing.T) {
	b := newBench(t)
	j := b.open()
	hostile := "a\x1b]0;x\x07\u009b31m\u202eb\u200b\U000e0041\u2028\x7f\ufeff\xff\nz"
	b.append(j, model.Entry{Kind: "note", Key: hostile, Who: model.Who{User: hostile}, Body: encode(map[string]string{hostile: hostile})})
	raw := must(os.ReadFile(b.segment()))
	if n := bytes.Count(raw, []byte("\n")); n != 1 {
		t.Errorf("%d lines for one record", n)
	}
	for _, r := range string(bytes.TrimSuffix(raw, []byte("\n"))) {
		if r < 0x20 || acts(r) {
			t.Errorf("%U stands in the file", r)
		}
	}
	got := b.read(j)[0]
	for _, s := range []string{string(got.Body), got.Key, got.Who.User} {
		var text string
		if json.Unmarshal([]byte(`"`+s+`"`), &text) != nil {
			text = s
		}
		for _, r := range text {
			if r < 0x20 || acts(r) {
				t.Errorf("%U was read back in %q", r, s)
			}
		}
	}
	b.want(j, verdictOK, 1)
}

func TestOrderIsBySequenceNotByClock(t *testing.T) {
	b := newBench(t)
	back := []time.Time{start, start.AddDate(1, 0, 0), start.AddDate(-1, 0, 0), start.Add(time.Hour)}
	j := b.open()
	for _, at := range back {
		b.append(j, model.Entry{Kind: "note", At: at})
	}
	for i, e := range b.read(j) {
		if !e.At.Equal(back[i]) {
			t.Errorf("entry %d is of %s", i, e.At)
		}
	}
}

func TestReadMergesJournals(t *testing.T) {
	system, own := newBench(t), newBench(t)
	at := func(min int, kind model.EntryKind, key string) model.Entry {
		return model.Entry{Kind: kind, Key: key, At: start.Add(time.Duration(min) * time.Minute)}
	}
	s := system.open()
	system.append(s, at(1, "observed", "observed:1"), at(5, "observed", "observed:2"), at(2, "late", ""))
	own.o.Others = []string{system.dir, filepath.Join(own.dir, "missing")}
	o := own.open()
	own.append(o, at(3, "observed", "observed:1"), at(4, "watched", "watched:2"), at(6, "observed", "observed:2"))
	var got []string
	for _, e := range own.read(o) {
		got = append(got, fmt.Sprintf("%d %s", e.At.Sub(start)/time.Minute, e.Kind))
	}
	want := "1 observed,4 watched,5 observed,2 late"
	if s := strings.Join(got, ","); s != want {
		t.Errorf("merged = %s, want %s", s, want)
	}
}

func TestUnreadableMiddleIsReported(t *testing.T) {
	b := newBench(t)
	j := b.open()
	b.append(j, note(1), note(2), note(3))
	lines := bytes.SplitAfter(must(os.ReadFile(b.segment())), []byte("\n"))
	lines[1] = []byte("{\"seq\":2,\"\x00\x1b[2J\n")
	if err := os.WriteFile(b.segment(), bytes.Join(lines, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	got := b.read(j)
	if len(got) != 3 || got[1].Kind != EntryUnreadable || got[1].Seq != 2 {
		t.Fatalf("read %+v", got)
	}
	var d Damage
	if err := json.Unmarshal(got[1].Body, &d); err != nil || d.Line != 2 || d.Bytes != len(lines[1])-1 {
		t.Errorf("damage = %+v, %v", d, err)
	}
	// The record goes on behind it, and the damage stays visible.
	b.append(j, note(4))
	r := b.verify(j)
	if verdict(r.Verdict) != verdictAltered || r.Last != 4 {
		t.Errorf("verdict %s, last %d", r.Verdict, r.Last)
	}
}

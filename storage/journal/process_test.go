package journal

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"seatdeck/licensing/sandbox/rig/holder"
	"seatdeck/model"
	"seatdeck/storage"
)

// The test binary is its own writer process: these variables tell it where to
// write, under which name, and how many records.
const (
	envDir    = "JOURNAL_TEST_DIR"
	envWriter = "JOURNAL_TEST_WRITER"
	envCount  = "JOURNAL_TEST_COUNT"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(envDir); dir != "" {
		writer(dir, must(strconv.Atoi(os.Getenv(envWriter))), must(strconv.Atoi(os.Getenv(envCount))))
		return
	}
	if dir := holder.Asked(); dir != "" {
		hold(dir)
	}
	os.Exit(m.Run())
}

// ticket is the body of what a writer process records.
type ticket struct {
	Writer int `json:"writer"`
	N      int `json:"n"`
}

// writer appends its tickets, and one record under a key that all writers
// share, and prints each number once it is told that the record is durable.
func writer(dir string, id, count int) {
	c := storage.Caller{UID: os.Geteuid(), Groups: []int{os.Getegid()}}
	j := must(Open(c, storage.Place{Dir: dir, Modes: storage.Private}, Options{
		Who: model.Who{PID: os.Getpid()}, Now: time.Now, Boot: storage.SinceBoot, Wait: 5 * time.Minute, SegmentSize: 64 << 10,
	}))
	ctx := context.Background()
	for n := range count {
		added := must(j.Append(ctx, model.Entry{Kind: "note", Body: encode(ticket{id, n})}))
		if added != 1 {
			panic("a record without a key was not added")
		}
		must(j.Append(ctx, model.Entry{Kind: "shared", Key: fmt.Sprintf("shared:%d", n)}))
		fmt.Println(n)
	}
}

// runWriters runs one writer process for each element of kill, and kills it
// when it has acknowledged that many records (0 = never). It returns how many
// each acknowledged.
func runWriters(t *testing.T, dir string, count int, kill ...int) []int {
	t.Helper()
	acked := make([]int, len(kill))
	var all sync.WaitGroup
	for id, limit := range kill {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), envDir+"="+dir, fmt.Sprintf("%s=%d", envWriter, id), fmt.Sprintf("%s=%d", envCount, count))
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			for sc := bufio.NewScanner(out); sc.Scan(); {
				if acked[id]++; acked[id] == limit {
					_ = cmd.Process.Kill()
				}
			}
			_ = cmd.Wait()
			if stderr.Len() > 0 {
				t.Errorf("writer %d: %s", id, stderr.String())
			}
		})
	}
	all.Wait()
	return acked
}

// audit checks that every acknowledged record is there once and in its
// writer's order, and every shared key once.
func (b *bench) audit(j *Journal, acked []int) (records int) {
	b.t.Helper()
	r := b.verify(j)
	if verdict(r.Verdict) != verdictOK && verdict(r.Verdict) != verdictTorn && verdict(r.Verdict) != verdictUnchained {
		b.t.Fatalf("%s: %v", r.Verdict, r.Problems)
	}
	next := make([]int, len(acked))
	shared := make(map[string]bool)
	for _, e := range b.read(j) {
		switch e.Kind {
		case "note":
			var k ticket
			if err := json.Unmarshal(e.Body, &k); err != nil {
				b.t.Fatal(err)
			}
			if k.N != next[k.Writer] {
				b.t.Fatalf("writer %d: record %d where %d was due", k.Writer, k.N, next[k.Writer])
			}
			next[k.Writer]++
		case "shared":
			if shared[e.Key] {
				b.t.Fatalf("%s stands there twice", e.Key)
			}
			shared[e.Key] = true
		}
	}
	for id, n := range acked {
		if next[id] < n {
			b.t.Errorf("writer %d: %d records were acknowledged, %d are there", id, n, next[id])
		}
	}
	return r.Records
}

func TestSeveralProcessesTakeTurns(t *testing.T) {
	b := newBench(t)
	const count = 60
	acked := runWriters(t, b.dir, count, 0, 0, 0, 0)
	for id, n := range acked {
		if n != count {
			t.Errorf("writer %d was told of %d records", id, n)
		}
	}
	j := b.open()
	b.audit(j, acked)
	b.want(j, verdictOK, len(acked)*count+count)
}

func TestKilledWritersLoseNothing(t *testing.T) {
	b := newBench(t)
	for round := range 4 {
		acked := runWriters(t, b.subdir(round), 100_000, 5+7*round, 30-7*round)
		b.afterKill(round, acked)
	}
}

// subdir gives every round a journal of its own.
func (b *bench) subdir(round int) string { return fmt.Sprintf("%s-%d", b.dir, round) }

// afterKill opens what the killed writers left, as the next start does.
func (b *bench) afterKill(round int, acked []int) {
	b.t.Helper()
	next := *b
	next.dir = b.subdir(round)
	j := next.open()
	records := next.audit(j, acked)
	next.append(j, note(1))
	r := next.verify(j)
	if verdict(r.Verdict) != verdictOK || r.Records <= records {
		b.t.Errorf("round %d: after the next append: %s with %d records of %d: %v", round, r.Verdict, r.Records, records, r.Problems)
	}
}

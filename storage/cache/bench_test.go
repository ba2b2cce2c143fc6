package cache

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"

	"seatdeck/model"
)

// benchSizes are how many accounts budgets B5 to B8 speak of; -short leaves the
// million out.
func benchSizes() []int {
	sizes := []int{100_000}
	if !testing.Short() {
		sizes = append(sizes, 1_000_000)
	}
	return sizes
}

// BenchmarkLoad loads a roster and, in the same run, the same accounts from
// one JSON value each in a Badger with default options (B5); it reports how
// many times faster, and the bytes an account takes on disk (B7).
func BenchmarkLoad(b *testing.B) {
	for _, n := range benchSizes() {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			c, r := newCache(b), testRoster("r1", n, true)
			mustSave(b, c, "one", "r1", r)
			s, err := c.Stat(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			yardstick := loadPerKey(b, r)
			r = nil
			runtime.GC()
			for b.Loop() {
				if got, err := c.Roster(b.Context()); err != nil || got.Len() != n {
					b.Fatal(got, err)
				}
			}
			took := b.Elapsed() / time.Duration(b.N)
			perAccount, _ := s.BytesPerAccount().Get()
			b.ReportMetric(float64(yardstick)/float64(took), "x-per-key-JSON")
			b.ReportMetric(perAccount, "B/account")
			b.ReportMetric(float64(yardstick.Milliseconds()), "ms-yardstick")
		})
	}
}

// loadPerKey is the yardstick: write one key for each account, then time
// opening, scanning and decoding.
func loadPerKey(b *testing.B, r *model.Roster) time.Duration {
	b.Helper()
	o := badger.DefaultOptions(b.TempDir()).WithLogger(nil)
	db, err := badger.Open(o)
	if err != nil {
		b.Fatal(err)
	}
	w := db.NewWriteBatch()
	for i := range r.Len() {
		a := r.At(i)
		j, err := json.Marshal(a)
		if err == nil {
			err = w.Set(fmt.Appendf(nil, "user/%010d", a.ID), j)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	if db, err = badger.Open(o); err != nil {
		b.Fatal(err)
	}
	list := make([]model.Account, 0, r.Len())
	err = db.View(func(txn *badger.Txn) error {
		it := txn.NewIterator(badger.DefaultIteratorOptions)
		defer it.Close()
		for it.Rewind(); it.Valid(); it.Next() {
			var a model.Account
			if err := it.Item().Value(func(v []byte) error { return json.Unmarshal(v, &a) }); err != nil {
				return err
			}
			list = append(list, a)
		}
		return nil
	})
	if err != nil || len(list) != r.Len() {
		b.Fatal(len(list), err)
	}
	took := time.Since(start)
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	return took
}

// BenchmarkFacts is the read before the first frame; beside 1,000 accounts and
// beside 100,000 it should take the same time.
func BenchmarkFacts(b *testing.B) {
	for _, n := range append([]int{1000}, benchSizes()...) {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			c := newCache(b)
			mustSave(b, c, "one", "r1", testRoster("r1", n, true))
			for b.Loop() {
				if _, err := c.Facts(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSaveFacts reports how long the lock is held for a small save beside
// a large roster (B8).
func BenchmarkSaveFacts(b *testing.B) {
	c := newCache(b)
	mustSave(b, c, "one", "r1", testRoster("r1", 100_000, true))
	facts := testFacts("two", "r1")
	j, err := json.Marshal(facts)
	if err != nil {
		b.Fatal(err)
	}
	var held, worst time.Duration
	best := time.Hour
	for b.Loop() {
		a, err := c.run(context.Background(), request{Op: doSave}, func(w *batchWriter) (closing, error) {
			return fillSave(w, facts, j, nil, today)
		})
		if err != nil {
			b.Fatal(err)
		}
		held += a.Held
		worst, best = max(worst, a.Held), min(best, a.Held)
	}
	b.ReportMetric(float64(held.Microseconds())/float64(b.N)/1000, "ms-held")
	b.ReportMetric(float64(best.Microseconds())/1000, "ms-held-best")
	b.ReportMetric(float64(worst.Microseconds())/1000, "ms-held-worst")
}

// BenchmarkPeakMemory loads facts and roster in a process of its own and
// reports the most memory it had (B6).
func BenchmarkPeakMemory(b *testing.B) {
	for _, n := range benchSizes() {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			c := newCache(b)
			mustSave(b, c, "one", "r1", testRoster("r1", n, true))
			var peak float64
			for b.Loop() {
				out, err := exec.CommandContext(b.Context(), c.cfg.Argv[0], argBench, c.cfg.Place.Dir).Output()
				if err != nil {
					b.Fatal(err)
				}
				kib, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
				if err != nil {
					b.Fatal(err)
				}
				peak = max(peak, kib/1024)
			}
			b.ReportMetric(peak, "MiB-peak")
		})
	}
}

// printPeak is the process that BenchmarkPeakMemory measures.
func printPeak(dir string) int {
	c := New(Config{Place: placeOf(dir), Caller: testCaller(), Now: func() time.Time { return today }})
	if _, err := c.Facts(context.Background()); err != nil {
		return 1
	}
	r, err := c.Roster(context.Background())
	if err != nil {
		return 1
	}
	status, err := os.ReadFile(filepath.Join("/proc", "self", "status"))
	if err != nil {
		return 1
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	fmt.Println(strings.Fields(rest)[0])
	runtime.KeepAlive(r)
	return 0
}

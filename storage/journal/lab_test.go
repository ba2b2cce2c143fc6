//go:build lab

package journal

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestLabEveryByteIsGuarded does it in a log of 1,000 records (faults S-15).
func TestLabEveryByteIsGuarded(t *testing.T) { guardEveryByte(t, 1000) }

// TestLabEightProcesses has eight processes append 10,000 records each.
func TestLabEightProcesses(t *testing.T) {
	b := newBench(t)
	b.o.Wait = time.Minute
	const writers, count = 8, 10_000
	began := time.Now()
	acked := runWriters(t, b.dir, count, make([]int, writers)...)
	took := time.Since(began)
	records := b.audit(b.open(), acked)
	if want := writers*count + count; records != want {
		t.Errorf("%d records, want %d", records, want)
	}
	t.Logf("%d records by %d processes in %s: %.0f a second", records, writers, took.Round(time.Millisecond), float64(records)/took.Seconds())
}

// TestLabRandomKills kills groups of writers at random moments.
func TestLabRandomKills(t *testing.T) {
	b := newBench(t)
	const rounds = 300
	total := 0
	for round := range rounds {
		acked := runWriters(t, b.subdir(round), 100_000, 1+rand.IntN(60), 1+rand.IntN(60), 1+rand.IntN(60))
		for _, n := range acked {
			total += n
		}
		b.afterKill(round, acked)
	}
	t.Logf("%d kills of 3 writers, %d acknowledged records, 0 lost", rounds, total)
}

// TestLabPowerCuts cuts the power at more moments than anybody can think of.
func TestLabPowerCuts(t *testing.T) { cutRounds(t, 500, 20) }

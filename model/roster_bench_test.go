package model

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// The benchmarks here measure ours and a yardstick side by side, round by
// round, and report the ratio of the medians: a ratio means something on a
// noisy machine, a time does not.

var benchSizes = []struct {
	name string
	rows int
}{{"100k", 100_000}, {"1M", 1_000_000}}

var benchRosters sync.Map

// benchRoster makes a roster like that of a large company: one name in ten has
// letters beyond ASCII.
func benchRoster(rows int) *Roster {
	if r, ok := benchRosters.Load(rows); ok {
		return r.(*Roster)
	}
	rng := sampleRand(uint64(rows))
	first := strings.Fields("Ida Tomas Grace Henrik Priya Luc Sabine Danilo Marta Jonas Viktor Hannah Marco Leila Erik Rosa Piotr Chloé")
	last := strings.Fields("Lindqvist Mbeki Raghavan Moreau Ferri Brennan Demir Garcia Zahra Petrov Weiss Bianchi Haddad Kazlauskas Novák")
	b := NewRosterBuilder(rows)
	for i := range rows {
		f, l := first[rng.IntN(len(first))], last[rng.IntN(len(last))]
		user := fmt.Sprintf("%c%s%d", f[0]|0x20, strings.ToLower(l[:3]), i)
		b.Add(Account{
			ID: int64(i*2 + 5), Username: Clean(user), Name: Clean(f + " " + l), Email: Clean(user + "@corp" + string(rune('a'+rng.IntN(20))) + ".example.com"),
			State: []State{StateActive, StateActive, StateActive, StateBlocked, StateDeactivated}[rng.IntN(5)],
			Flags: Flags(rng.IntN(1<<10)) | FlagSeatKnown, Created: sampleToday.Add(-rng.IntN(3000)),
			LastActivity: sampleToday.Add(-rng.IntN(900)), LastSignIn: sampleToday.Add(-rng.IntN(900)),
			Provider: Clean(sampleVia[rng.IntN(len(sampleVia))]),
		})
	}
	r := b.Build(sampleAsOf(), true)
	for which := range orderCount {
		r.order(which)
	}
	benchRosters.Store(rows, r)
	return r
}

// sideBySide runs both in turn and reports medians and their ratio.
func sideBySide(b *testing.B, ours, yardstick func()) {
	b.Helper()
	ours()
	yardstick()
	var mine, theirs []time.Duration
	for b.Loop() {
		mine, theirs = append(mine, clocked(ours)), append(theirs, clocked(yardstick))
	}
	for len(mine) < 5 {
		mine, theirs = append(mine, clocked(ours)), append(theirs, clocked(yardstick))
	}
	slices.Sort(mine)
	slices.Sort(theirs)
	m, t := mine[len(mine)/2], theirs[len(theirs)/2]
	b.ReportMetric(float64(m.Microseconds())/1e3, "ms")
	b.ReportMetric(float64(t.Microseconds())/1e3, "yardstick-ms")
	b.ReportMetric(float64(t)/float64(m), "x-faster")
	b.ReportMetric(0, "ns/op")
}

func clocked(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

// benchTexts are rows as a plain program would keep them.
func benchTexts(r *Roster) [][3]string {
	out := make([][3]string, r.Len())
	for i := range out {
		a := r.At(i)
		out[i] = [3]string{a.Username.String(), a.Name.String(), a.Email.String()}
	}
	return out
}

// BenchmarkFilter is budget B12: one key stroke over all rows, against
// lower-casing every row.
func BenchmarkFilter(b *testing.B) {
	for _, size := range benchSizes {
		r := benchRoster(size.rows)
		texts := benchTexts(r)
		for _, word := range []string{"a", "e", "garcia", "corpa", "an", "zzzz", "novák", "42", "example.com", "idlindq"} {
			q := mustQuery(b, word)
			b.Run(size.name+"/"+word, func(b *testing.B) {
				sideBySide(b, func() {
					if _, err := Filter(context.Background(), r, q, QueryEnv{Today: sampleToday}, nil); err != nil {
						b.Fatal(err)
					}
				}, func() {
					hits := 0
					for i := range texts {
						t := &texts[i]
						if strings.Contains(strings.ToLower(t[0]), word) || strings.Contains(strings.ToLower(t[1]), word) || strings.Contains(strings.ToLower(t[2]), word) {
							hits++
						}
					}
				})
			})
		}
	}
}

// BenchmarkFilterKeys is the same for terms over columns; the yardstick is a
// loop over structs.
func BenchmarkFilterKeys(b *testing.B) {
	r := benchRoster(1_000_000)
	accounts := make([]Account, r.Len())
	for i := range accounts {
		accounts[i] = r.At(i)
	}
	env := QueryEnv{Today: sampleToday}
	for _, s := range []string{"billable:yes", "recency:dormant", "domain:corpa.example.com", "created:>=2024 -kind:bot garcia"} {
		q := mustQuery(b, s)
		b.Run(strings.ReplaceAll(s, " ", "_"), func(b *testing.B) {
			sideBySide(b, func() {
				if _, err := Filter(context.Background(), r, q, env, nil); err != nil {
					b.Fatal(err)
				}
			}, func() { plainFilter(accounts, q, env) })
		})
	}
}

// BenchmarkNarrow is a key stroke that only looks at the last result.
func BenchmarkNarrow(b *testing.B) {
	r := benchRoster(1_000_000)
	env := QueryEnv{Today: sampleToday}
	prev, err := Filter(context.Background(), r, mustQuery(b, "garci"), env, nil)
	if err != nil {
		b.Fatal(err)
	}
	q := mustQuery(b, "garcia")
	sideBySide(b, func() { Filter(context.Background(), r, q, env, prev) }, func() { Filter(context.Background(), r, q, env, nil) })
}

// BenchmarkSort is budget B13: re-sorting all rows, against SortFunc over rows.
func BenchmarkSort(b *testing.B) {
	for _, size := range benchSizes {
		r := benchRoster(size.rows)
		all := r.All()
		rows := make([]Account, r.Len())
		for i := range rows {
			rows[i] = r.At(i)
		}
		scratch := make([]Account, len(rows))
		for _, c := range []struct {
			key  SortKey
			less func(a, b Account) int
		}{
			{SortActivity, func(a, b Account) int { return int(a.LastActivity) - int(b.LastActivity) }},
			{SortCreated, func(a, b Account) int { return int(b.Created) - int(a.Created) }},
			{SortName, func(a, b Account) int { return strings.Compare(a.Name.s, b.Name.s) }},
		} {
			b.Run(size.name+"/"+c.key.String(), func(b *testing.B) {
				sideBySide(b, func() { SortIndex(r, all, c.key, c.key == SortCreated) }, func() {
					copy(scratch, rows)
					slices.SortFunc(scratch, c.less)
				})
			})
		}
	}
}

// BenchmarkDecode loads a roster to where it can be searched, against one JSON
// document an account (B5 without its store). It reports B7, bytes an account
// on disk, and B6, the memory a loaded roster holds.
func BenchmarkDecode(b *testing.B) {
	for _, size := range benchSizes {
		b.Run(size.name, func(b *testing.B) {
			r := benchRoster(size.rows)
			head, chunks := encodeChunks(b, r)
			bytesOnDisk := 0
			for _, c := range chunks {
				bytesOnDisk += len(c)
			}
			docs := make([][]byte, 20_000) // a sample: a million documents take a gigabyte
			for i := range docs {
				docs[i], _ = json.Marshal(r.At(i))
			}
			source := chunkSource(chunks)
			factor := time.Duration(size.rows / len(docs))
			var mine, theirs []time.Duration
			for b.Loop() {
				mine = append(mine, clocked(func() {
					if _, err := DecodeRoster(head, source); err != nil {
						b.Fatal(err)
					}
				}))
				theirs = append(theirs, factor*clocked(func() {
					var a Account
					for _, d := range docs {
						if err := json.Unmarshal(d, &a); err != nil {
							b.Fatal(err)
						}
					}
				}))
			}
			slices.Sort(mine)
			slices.Sort(theirs)
			m, t := mine[len(mine)/2], theirs[len(theirs)/2]
			b.ReportMetric(float64(m.Microseconds())/1e3, "ms")
			b.ReportMetric(float64(t)/float64(m), "x-faster")
			b.ReportMetric(float64(bytesOnDisk)/float64(size.rows), "disk-B/user")
			b.ReportMetric(heldMiB(func() any { r, _ := DecodeRoster(head, source); return r }), "held-MiB")
			runtime.KeepAlive(chunks) // else they are freed in the middle and count against it
			b.ReportMetric(0, "ns/op")
		})
	}
}

// heldMiB returns how much memory the result of make keeps.
func heldMiB(make func() any) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	v := make()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(v)
	return float64(int64(after.HeapAlloc)-int64(before.HeapAlloc)) / (1 << 20)
}

// BenchmarkEncode measures saving; the yardstick is copying the texts.
func BenchmarkEncode(b *testing.B) {
	r := benchRoster(1_000_000)
	var sink bytes.Buffer
	sideBySide(b, func() {
		if _, err := r.Encode(func(_ int, c []byte) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}, func() {
		sink.Reset()
		for k := range r.blocks {
			sink.Write(r.blocks[k].text)
		}
	})
}

// BenchmarkBuild makes a roster of accounts that came in two overlapping parts.
func BenchmarkBuild(b *testing.B) {
	r := benchRoster(100_000)
	accounts := make([]Account, r.Len())
	for i := range accounts {
		accounts[i] = r.At((i + 50_000) % r.Len())
	}
	for b.Loop() {
		NewRoster(accounts, sampleAsOf(), true)
	}
}

// BenchmarkBreakdown counts a roster; the yardstick is one pass over structs
// that only counts domains.
func BenchmarkBreakdown(b *testing.B) {
	for _, size := range benchSizes {
		r := benchRoster(size.rows)
		emails := make([]string, r.Len())
		for i := range emails {
			emails[i] = r.At(i).Email.String()
		}
		b.Run(size.name, func(b *testing.B) {
			sideBySide(b, func() { BreakdownOf(r, QueryEnv{Today: sampleToday}) }, func() {
				domains := map[string]int{}
				for _, e := range emails {
					domains[e[strings.LastIndexByte(e, '@')+1:]]++
				}
			})
		})
	}
}

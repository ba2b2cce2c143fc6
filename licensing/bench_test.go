package licensing_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// benchUsers is how many accounts the budgets speak of.
const benchUsers = 100_000

// Both let the clock run (Bubble), so that pages take the time they take.

// BenchmarkPullAgainstClient is budget B14: all accounts at 50 ms a page over
// real sockets, against the official client following the same keyset chain.
func BenchmarkPullAgainstClient(b *testing.B) {
	r := rig.New(b, rig.Options{Users: benchUsers, Sockets: true, Bubble: true, Set: map[string]string{"latency": "50ms"}})
	theirs, _ := timed(func() any { return sequential(b, r.URL) })
	for _, workers := range []int{4, 8, 16} {
		b.Run(fmt.Sprint(workers), func(b *testing.B) {
			var sum time.Duration
			before := len(r.Sandbox.Requests())
			for b.Loop() {
				took, _ := timed(func() any { return pulled(b, r, workers) })
				sum += took
			}
			ours := sum / time.Duration(b.N)
			b.ReportMetric(float64(theirs)/float64(ours), "times-faster")
			b.ReportMetric(theirs.Seconds(), "client-s")
			b.ReportMetric(float64(len(r.Sandbox.Requests())-before)/float64(b.N), "requests")
		})
	}
}

// BenchmarkPullMemory is budget B15: the same without any latency, as shares of
// the client that keeps its structs.
func BenchmarkPullMemory(b *testing.B) {
	r := rig.New(b, rig.Options{Users: benchUsers, Sockets: true, Bubble: true})
	var time1, time2 time.Duration
	var peak1, peak2 uint64
	for b.Loop() {
		t, p := timed(func() any { return sequential(b, r.URL) })
		time2, peak2 = time2+t, max(peak2, p)
		t, p = timed(func() any { return pulled(b, r, 8) })
		time1, peak1 = time1+t, max(peak1, p)
	}
	b.ReportMetric(float64(time1)/float64(time2), "time-share")
	b.ReportMetric(float64(peak1)/float64(peak2), "memory-share")
	b.ReportMetric(float64(peak1)/(1<<20), "ours-MiB")
	b.ReportMetric(float64(peak2)/(1<<20), "client-MiB")
}

// pulled reads the accounts as a refresh does.
func pulled(b *testing.B, r *rig.Rig, workers int) *model.Roster {
	c := r.Instance()
	defer c.Close()
	parts := licensing.Parts{Instance: c, Cache: &rig.MemoryCache{}, Clock: r.Clock, Workers: workers}
	rows, err := licensing.Pull(b.Context(), parts, model.Some(benchUsers), nil)
	if err != nil || rows.Len() != benchUsers {
		b.Fatalf("%v, %d accounts", err, rows.Len())
	}
	return rows
}

// sequential reads the accounts as the official client's documentation shows.
func sequential(b *testing.B, url string) []*api.User {
	wire := &http.Transport{}
	defer wire.CloseIdleConnections()
	c, err := api.NewClient(sandbox.TokenAdmin, api.WithBaseURL(url), api.WithHTTPClient(&http.Client{Transport: wire}),
		api.WithURLWarningLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	if err != nil {
		b.Fatal(err)
	}
	order, sort := "id", "asc"
	opt := &api.ListUsersOptions{ListOptions: api.ListOptions{Pagination: "keyset", PerPage: 100}, OrderBy: &order, Sort: &sort}
	var all []*api.User
	var more []api.RequestOptionFunc
	for {
		page, resp, err := c.Users.ListUsers(opt, more...)
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, page...)
		if resp.NextLink == "" {
			break
		}
		more = []api.RequestOptionFunc{api.WithKeysetPaginationParameters(resp.NextLink)}
	}
	if len(all) != benchUsers {
		b.Fatalf("the client read %d accounts", len(all))
	}
	return all
}

// timed runs f and returns its time and the most heap that was in use during
// it, above what was there before.
func timed(f func() any) (time.Duration, uint64) {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	floor := m.HeapAlloc
	var peak atomic.Uint64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		var m runtime.MemStats
		t := time.NewTicker(5 * time.Millisecond)
		defer t.Stop()
		for {
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapAlloc))
			select {
			case <-t.C:
			case <-stop:
				return
			}
		}
	}()
	began := time.Now()
	v := f()
	took := time.Since(began)
	close(stop)
	<-done
	runtime.ReadMemStats(&m)
	runtime.KeepAlive(v)
	return took, max(peak.Load(), m.HeapAlloc) - floor
}

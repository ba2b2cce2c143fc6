package gitlab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"seatdeck/model"
)

// fullPage is a page of 100 accounts as GitLab sends it.
func fullPage() []byte {
	ids := make([]int, 100)
	for i := range ids {
		ids[i] = i + 1
	}
	return []byte(rows(ids...))
}

func BenchmarkDecodePage(b *testing.B) {
	page := fullPage()
	b.Run("ours", func(b *testing.B) {
		b.SetBytes(int64(len(page)))
		b.ReportAllocs()
		for b.Loop() {
			if a, _, err := decodeAccounts(bytes.NewBuffer(page), 100); err != nil || len(a) != 100 {
				b.Fatal(err)
			}
		}
	})
	b.Run("client-go", func(b *testing.B) {
		b.SetBytes(int64(len(page)))
		b.ReportAllocs()
		for b.Loop() {
			var users []*api.User
			if err := json.NewDecoder(bytes.NewReader(page)).Decode(&users); err != nil || len(users) != 100 {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkDecodeRatio prints budget B15's share of this package: the time to
// decode a page and the memory that stays, against the official client's own
// types, measured side by side.
func BenchmarkDecodeRatio(b *testing.B) {
	page := fullPage()
	const pages = 100
	ours := func() any {
		var keep [][]model.Account
		for range pages {
			a, _, err := decodeAccounts(bytes.NewBuffer(page), 100)
			if err != nil {
				b.Fatal(err)
			}
			keep = append(keep, a)
		}
		return keep
	}
	theirs := func() any {
		var keep [][]*api.User
		for range pages {
			var users []*api.User
			if err := json.NewDecoder(bytes.NewReader(page)).Decode(&users); err != nil {
				b.Fatal(err)
			}
			keep = append(keep, users)
		}
		return keep
	}
	var time1, time2 time.Duration
	var kept1, kept2 uint64
	for b.Loop() {
		t, k := measure(ours)
		time1, kept1 = time1+t, kept1+k
		t, k = measure(theirs)
		time2, kept2 = time2+t, kept2+k
	}
	b.ReportMetric(float64(time1)/float64(time2), "time-ratio")
	b.ReportMetric(float64(kept1)/float64(kept2), "kept-ratio")
	b.Logf("a page of 100 accounts: %.0f µs against %.0f µs; 10,000 accounts keep %d KiB against %d KiB",
		float64(time1.Microseconds())/float64(b.N*pages), float64(time2.Microseconds())/float64(b.N*pages), kept1/uint64(b.N)>>10, kept2/uint64(b.N)>>10)
}

// measure runs f and returns its time and what stays in memory of its result.
func measure(f func() any) (time.Duration, uint64) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	v := f()
	took := time.Since(began)
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(v)
	return took, after.HeapAlloc - min(before.HeapAlloc, after.HeapAlloc)
}

// BenchmarkPullRatio pulls 10,000 accounts page by page at no network time,
// through the whole of this package and through the official client as it is.
func BenchmarkPullRatio(b *testing.B) {
	const pages = 100
	bodies := make([][]byte, pages)
	for p := range bodies {
		ids := make([]int, 100)
		for i := range ids {
			ids[i] = p*100 + i + 1
		}
		bodies[p] = []byte(rows(ids...))
	}
	server := answerer(func(r *http.Request) (*http.Response, error) {
		if !strings.HasSuffix(r.URL.Path, "/users") {
			return reply(200, `{"version":"19.5.1-ee"}`), nil
		}
		p, _ := strconv.Atoi("0" + r.URL.Query().Get("cursor"))
		resp := reply(200, "")
		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(bodies[p])), int64(len(bodies[p]))
		if p+1 < pages {
			resp.Header.Set("Link", fmt.Sprintf(`<https://gitlab.example.com/api/v4/users?cursor=%d>; rel="next"`, p+1))
		}
		return resp, nil
	})
	c := dial(b, server)
	official, err := api.NewClient("t", api.WithBaseURL("https://gitlab.example.com"), api.WithHTTPClient(&http.Client{Transport: server}))
	if err != nil {
		b.Fatal(err)
	}
	ours := func() any {
		var keep [][]model.Account
		req := model.PageRequest{}
		for {
			p, err := c.Accounts(b.Context(), req)
			if err != nil {
				b.Fatal(err)
			}
			keep = append(keep, p.Accounts)
			if req.Cursor = p.Next; req.Cursor == "" {
				return keep
			}
		}
	}
	theirs := func() any {
		opt := &api.ListUsersOptions{ListOptions: api.ListOptions{Pagination: "keyset", PerPage: 100, OrderBy: "id", Sort: "asc"}}
		all, err := api.ScanAndCollect(func(o api.PaginationOptionFunc) ([]*api.User, *api.Response, error) {
			return official.Users.ListUsers(opt, o)
		})
		if err != nil || len(all) != pages*100 {
			b.Fatal(len(all), err)
		}
		return all
	}
	var time1, time2 time.Duration
	var kept1, kept2 uint64
	for b.Loop() {
		t, k := measure(ours)
		time1, kept1 = time1+t, kept1+k
		t, k = measure(theirs)
		time2, kept2 = time2+t, kept2+k
	}
	b.ReportMetric(float64(time1)/float64(time2), "time-ratio")
	b.ReportMetric(float64(kept1)/float64(kept2), "kept-ratio")
}

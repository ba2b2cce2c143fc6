package sandbox

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// nextLink reads rel="next", and checks that keyset pages have no totals.
func nextLink(t *testing.T, a answer) string {
	t.Helper()
	if a.header.Get("X-Total") != "" || a.header.Get("X-Next-Page") != "" {
		t.Fatalf("a keyset page has offset headers: %v", a.header)
	}
	link := a.header.Get("Link")
	if link == "" {
		return ""
	}
	address, rel, ok := strings.Cut(strings.TrimPrefix(link, "<"), ">; ")
	if !ok || rel != `rel="next"` {
		t.Fatalf("Link: %s", link)
	}
	u, err := url.Parse(address)
	if err != nil || u.Query().Get("cursor") == "" {
		t.Fatalf("Link: %s: %v", link, err)
	}
	return u.RequestURI()
}

// Keyset paging since 16.5 (REST API documentation): five orders, both ways,
// every account once.
func TestKeysetPagesCoverEveryAccountOnce(t *testing.T) {
	l := newSizedLab(t, "ultimate", 431)
	for _, by := range []string{"id", "name", "username", "created_at", "updated_at"} {
		var up []string
		for _, dir := range []string{"asc", "desc"} {
			var ids []string
			var keys []string
			for _, u := range l.all("order_by=" + by + "&sort=" + dir) {
				ids = append(ids, fmt.Sprint(u["id"]))
				if key, ok := u[by].(string); ok {
					keys = append(keys, key)
				}
			}
			if dir == "asc" {
				up = ids
				if !slices.IsSorted(keys) {
					t.Errorf("%s is not ascending", by)
				}
				continue
			}
			slices.Reverse(ids)
			if !slices.Equal(up, ids) {
				t.Errorf("%s: up and down differ", by)
			}
		}
		seen := slices.Clone(up)
		slices.Sort(seen)
		if len(slices.Compact(seen)) != 431 || len(up) != 431 {
			t.Errorf("%s: %d accounts, %d distinct", by, len(up), len(slices.Compact(seen)))
		}
	}
}

func TestVersionsBefore165HaveNoKeyset(t *testing.T) {
	q := "/users?pagination=keyset&order_by=id&sort=asc"
	newLab(t, "ultimate", "gitlab_version=16.4.5").get(q).want(t, 405, `{"error":"Keyset pagination is not yet available for this type of request"}`)
	newLab(t, "ultimate", "gitlab_version=16.5.0").get(q).want(t, 200, "")
}

// Offset headers (REST API documentation, "Pagination").
func TestOffsetHeaders(t *testing.T) {
	l := newLab(t, "ultimate")
	for _, c := range []struct{ query, page, next, prev, total, pages, per string }{
		{"", "1", "2", "", "1214", "61", "20"},
		{"per_page=100&page=13", "13", "", "12", "1214", "13", "100"},
		{"per_page=500&page=2", "2", "3", "1", "1214", "13", "100"},
		{"username=root", "1", "", "", "1", "1", "20"},
		{"username=nobody-has-this", "1", "", "", "0", "1", "20"},
	} {
		h := l.get("/users?" + c.query).header
		got := []string{h.Get("X-Page"), h.Get("X-Next-Page"), h.Get("X-Prev-Page"), h.Get("X-Total"), h.Get("X-Total-Pages"), h.Get("X-Per-Page")}
		if want := []string{c.page, c.next, c.prev, c.total, c.pages, c.per}; !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", c.query, got, want)
		}
		rels := map[string]bool{"first": true, "last": true, "next": c.next != "", "prev": c.prev != ""}
		for rel, want := range rels {
			if strings.Contains(h.Get("Link"), `rel="`+rel+`"`) != want {
				t.Errorf("%q: Link %s: rel %s wanted %v", c.query, h.Get("Link"), rel, want)
			}
		}
	}
	l.get("/users?page=x").want(t, 400, `{"error":"page is invalid"}`)
}

// Above 10,000 records the totals are left out (REST API documentation).
func TestTotalsAreLeftOutAbove10000(t *testing.T) {
	for users, shown := range map[int]bool{10_000: true, 10_001: false} {
		h := newSizedLab(t, "ultimate", users).get("/users?per_page=100&page=3").header
		if (h.Get("X-Total") != "") != shown || (h.Get("X-Total-Pages") != "") != shown || strings.Contains(h.Get("Link"), `rel="last"`) != shown {
			t.Errorf("%d accounts: %v", users, h)
		}
		if h.Get("X-Next-Page") != "4" {
			t.Errorf("%d accounts: next page %q", users, h.Get("X-Next-Page"))
		}
	}
}

// The refusal's words are those of the public source
// lib/api/helpers/pagination_strategies.rb; enforced for users since 17.0.
func TestOffsetIsRefusedBeyond50000(t *testing.T) {
	const refusal = `{"error":"Offset pagination has a maximum allowed offset of 50000 for requests that return objects of type User. Remaining records can be retrieved using keyset pagination."}`
	l := newSizedLab(t, "ultimate", 50_150)
	if n := len(l.list("/users?per_page=100&page=500")); n != 100 {
		t.Errorf("page 500 has %d", n)
	}
	l.get("/users?per_page=100&page=501").want(t, 405, refusal)
	old := newSizedLab(t, "ultimate", 50_150, "gitlab_version=16.11.0")
	if n := len(old.list("/users?per_page=100&page=501")); n != 100 {
		t.Errorf("before 17.0, page 501 has %d", n)
	}
}

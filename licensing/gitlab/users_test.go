package gitlab

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"seatdeck/model"
)

// row is one account in its admin shape.
func row(id int, change ...string) string {
	return replace(fmt.Sprintf(`{"id":%d,"username":"user%d","public_email":null,"name":"User %d","state":"active","locked":false,"avatar_url":null,
		"web_url":"https://gitlab.example.com/user%d","created_at":"2026-01-%02dT10:00:00.123Z","bio":"","location":null,"last_sign_in_at":"2026-02-01T09:00:00.000Z",
		"confirmed_at":"2026-01-02T10:00:00.000Z","last_activity_on":"2026-02-03","email":"user%d@example.com","theme_id":3,"color_scheme_id":1,"projects_limit":100000,
		"current_sign_in_at":"2026-02-02T09:00:00.000Z","identities":[{"provider":"ldapmain","extern_uid":"cn=provider","saml_provider_id":null}],"can_create_group":true,
		"two_factor_enabled":true,"external":false,"private_profile":false,"commit_email":"x@example.com","current_sign_in_ip":"192.0.2.1","last_sign_in_ip":"192.0.2.2",
		"is_admin":false,"note":"secret note","namespace_id":5,"created_by":null,"using_license_seat":true,"is_auditor":false,"bot":false}`, id, id, id, id, 1+id%27, id), change...)
}

func rows(ids ...int) string {
	var out []string
	for _, id := range ids {
		out = append(out, row(id))
	}
	return "[" + strings.Join(out, ",") + "]"
}

// usersOf answers /metadata with a version and /users with f.
func usersOf(version string, f func(q url.Values) (body, link string)) answerer {
	return func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/metadata") {
			return reply(200, fmt.Sprintf(`{"version":%q}`, version)), nil
		}
		body, link := f(r.URL.Query())
		if link == "" {
			return reply(200, body), nil
		}
		return reply(200, body, "Link", link), nil
	}
}

func TestAccountRow(t *testing.T) {
	c := dial(t, usersOf("19.5.1-ee", func(url.Values) (string, string) { return rows(7), "" }))
	p, err := c.Accounts(t.Context(), model.PageRequest{})
	if err != nil || len(p.Accounts) != 1 {
		t.Fatalf("%+v, %v", p, err)
	}
	want := model.Account{ID: 7, Username: model.Clean("user7"), Name: model.Clean("User 7"), Email: model.Clean("user7@example.com"), State: model.StateActive,
		Flags: model.Flag2FA | model.FlagSeat | model.FlagSeatKnown, Created: model.Date(2026, 1, 8), LastActivity: model.Date(2026, 2, 3), LastSignIn: model.Date(2026, 2, 1), Provider: model.Clean("ldapmain")}
	if p.Accounts[0] != want {
		t.Errorf("got  %+v\nwant %+v", p.Accounts[0], want)
	}
	if !p.Created[0].Equal(time.Date(2026, 1, 8, 10, 0, 0, 123e6, time.UTC)) || p.Next != "" || p.Total.Known() {
		t.Errorf("%+v", p)
	}
}

func TestAccountQuirks(t *testing.T) {
	for name, tc := range map[string]struct {
		change []string
		check  func(model.Account) bool
	}{
		"activity as time":   {[]string{`"2026-02-03"`, `"2026-02-03T23:59:59.000Z"`}, func(a model.Account) bool { return a.LastActivity == model.Date(2026, 2, 3) }},
		"activity in a zone": {[]string{`"2026-02-03"`, `"2026-02-03T23:30:00-02:00"`}, func(a model.Account) bool { return a.LastActivity == model.Date(2026, 2, 4) }},
		"never seen":         {[]string{`"2026-02-03"`, `null`, `"2026-02-01T09:00:00.000Z"`, `null`}, func(a model.Account) bool { return !a.LastActivity.Known() && !a.LastSignIn.Known() }},
		"flags as text":      {[]string{`"is_admin":false`, `"is_admin":"true"`, `"using_license_seat":true`, `"using_license_seat":"false"`}, func(a model.Account) bool { return a.Is(model.FlagAdmin) && a.SeatFlag() == model.Some(false) }},
		"CE":                 {[]string{`"using_license_seat":true,`, ``}, func(a model.Account) bool { return !a.SeatFlag().Known() }},
		"seat null":          {[]string{`"using_license_seat":true`, `"using_license_seat":null`}, func(a model.Account) bool { return !a.SeatFlag().Known() }},
		"unconfirmed":        {[]string{`"confirmed_at":"2026-01-02T10:00:00.000Z"`, `"confirmed_at":null`}, func(a model.Account) bool { return a.Is(model.FlagUnconfirmed) }},
		"identity as object": {[]string{`[{"provider":"ldapmain","extern_uid":"cn=provider","saml_provider_id":null}]`, `{"provider":"saml","extern_uid":"x"}`}, func(a model.Account) bool { return a.Provider.String() == "saml" }},
		"value like a name":  {[]string{`{"provider":"ldapmain","extern_uid":"cn=provider"`, `{"extern_uid":"provider","provider":"ldapmain"`}, func(a model.Account) bool { return a.Provider.String() == "ldapmain" }},
		"no identities":      {[]string{`[{"provider":"ldapmain","extern_uid":"cn=provider","saml_provider_id":null}]`, `[]`}, func(a model.Account) bool { return a.Provider.Empty() }},
		"unknown state":      {[]string{`"state":"active"`, `"state":"hibernating"`}, func(a model.Account) bool { return a.State == model.StateOther }},
		"pending":            {[]string{`"state":"active"`, `"state":"blocked_pending_approval"`}, func(a model.Account) bool { return a.State == model.StatePending }},
		"odd bytes": {[]string{`"User 7"`, "\"A\\u001b[2J\xff\\u202eB\""}, func(a model.Account) bool {
			return !strings.ContainsAny(a.Name.String(), "\x1b\u202e") && strings.HasPrefix(a.Name.String(), "A")
		}},
		"escapes": {[]string{`"User 7"`, `"J\u00f6rg \"\\ \ud83d\ude00"`}, func(a model.Account) bool { return a.Name.String() == "Jörg \"\\ 😀" }},
		"long":    {[]string{`"User 7"`, `"` + strings.Repeat("x", 5000) + `"`}, func(a model.Account) bool { return len([]rune(a.Name.String())) <= 256 }},
		"mixed": {[]string{`"bot":false`, `"bot":true,"locked_":1`, `"external":false`, `"external":true`, `"is_auditor":false`, `"is_auditor":true`, `"locked":false`, `"locked":true`, `"private_profile":false`, `"private_profile":true`}, func(a model.Account) bool {
			return a.Is(model.FlagBot) && a.Is(model.FlagExternal) && a.Is(model.FlagAuditor) && a.Is(model.FlagLocked) && a.Is(model.FlagPrivate)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, byPath(map[string]string{"GET users/7": row(7, tc.change...)}))
			a, err := c.Account(t.Context(), 7)
			if err != nil || !tc.check(a) {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}

func TestAccountErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		change []string
		class  model.Class
		text   string
	}{
		"public shape":  {[]string{`"is_admin":false,`, ``}, model.ClassDenied, "public part"},
		"admin null":    {[]string{`"is_admin":false`, `"is_admin":null`}, model.ClassDenied, "public part"},
		"no id":         {[]string{`"id":7,`, ``}, model.ClassMalformed, "lacks id"},
		"zero id":       {[]string{`"id":7,`, `"id":0,`}, model.ClassMalformed, "lacks id"},
		"no username":   {[]string{`"username":"user7",`, ``}, model.ClassMalformed, "lacks username"},
		"no state":      {[]string{`"state":"active",`, ``}, model.ClassMalformed, "lacks state"},
		"no creation":   {[]string{`"created_at":"2026-01-08T10:00:00.123Z",`, ``}, model.ClassMalformed, "lacks created_at"},
		"state null":    {[]string{`"state":"active"`, `"state":null`}, model.ClassMalformed, "state"},
		"flag number":   {[]string{`"bot":false`, `"bot":1`}, model.ClassMalformed, "bot"},
		"name object":   {[]string{`"User 7"`, `{"a":1}`}, model.ClassMalformed, "name"},
		"odd date":      {[]string{`"2026-02-03"`, `"yesterday"`}, model.ClassMalformed, "last_activity_on"},
		"twice":         {[]string{`"bot":false`, `"bot":false,"id":8`}, model.ClassMalformed, "twice"},
		"trailing":      {[]string{`"bot":false}`, `"bot":false}{}`}, model.ClassMalformed, "after its end"},
		"trailing junk": {[]string{`"bot":false}`, `"bot":false}}`}, model.ClassMalformed, "JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := dial(t, byPath(map[string]string{"GET users/7": row(7, tc.change...)})).Account(t.Context(), 7)
			wantClass(t, err, tc.class, tc.text)
			if tc.class == model.ClassDenied && !strings.Contains(err.Error(), "admin_mode") {
				t.Errorf("no remedy in %q", err)
			}
		})
	}
	_, err := dial(t, byPath(nil)).Account(t.Context(), 9)
	wantClass(t, err, model.ClassUsage, "no account with id 9")
}

// One reduced row among whole ones is enough: never half a roster.
func TestReducedRowAmongOthers(t *testing.T) {
	page := "[" + row(1) + "," + row(2, `"is_admin":false,`, ``) + "]"
	p, err := dial(t, usersOf("19.5.1", func(url.Values) (string, string) { return page, "" })).Accounts(t.Context(), model.PageRequest{})
	wantClass(t, err, model.ClassDenied)
	if len(p.Accounts) != 0 {
		t.Errorf("%d accounts came with the error", len(p.Accounts))
	}
}

// walk reads all pages of a range.
func walk(t *testing.T, c *Client, req model.PageRequest) ([]int64, error) {
	t.Helper()
	var ids []int64
	for range 20 {
		p, err := c.Accounts(t.Context(), req)
		if err != nil {
			return ids, err
		}
		for _, a := range p.Accounts {
			ids = append(ids, a.ID)
		}
		if req.Cursor = p.Next; req.Cursor == "" {
			return ids, nil
		}
	}
	t.Fatal("the pages do not end")
	return nil, nil
}

const link = `<https://gitlab.example.com/api/v4/users?cursor=%s&per_page=2>; rel="next"`

func TestKeysetQuery(t *testing.T) {
	var seen []url.Values
	c := dial(t, usersOf("16.5.0-ee", func(q url.Values) (string, string) {
		seen = append(seen, q)
		if q.Get("cursor") == "" {
			return rows(1, 2), fmt.Sprintf(link, "eyJpZCI6IjIifQ%3D%3D") + `, <https://gitlab.example.com/api/v4/users>; rel="first"`
		}
		return rows(3), ""
	}))
	from, to := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 2, 1, 1, 2, 3, 456e6, time.UTC)
	ids, err := walk(t, c, model.PageRequest{Range: model.Range{From: from, To: to}, Size: 2})
	if err != nil || fmt.Sprint(ids) != "[1 2 3]" {
		t.Fatalf("%v, %v", ids, err)
	}
	want := url.Values{"pagination": {"keyset"}, "order_by": {"id"}, "sort": {"asc"}, "per_page": {"2"}, "created_after": {"2026-01-01T00:00:00.000Z"}, "created_before": {"2026-02-01T01:02:03.456Z"}}
	if seen[0].Encode() != want.Encode() {
		t.Errorf("asked %s\nwant  %s", seen[0].Encode(), want.Encode())
	}
	if seen[1].Get("cursor") != "eyJpZCI6IjIifQ==" || seen[1].Get("created_after") != want.Get("created_after") {
		t.Errorf("the second page was asked with %s", seen[1].Encode())
	}
}

func TestNewestFirst(t *testing.T) {
	c := dial(t, usersOf("19.5.1", func(q url.Values) (string, string) {
		if q.Get("sort") != "desc" || q.Get("per_page") != "1" {
			t.Errorf("asked %s", q.Encode())
		}
		return rows(9), fmt.Sprintf(link, "x")
	}))
	p, err := c.Accounts(t.Context(), model.PageRequest{Desc: true, Size: 1})
	if err != nil || p.Accounts[0].ID != 9 || p.Next == "" {
		t.Errorf("%+v, %v", p, err)
	}
}

// Before 16.5 pages have numbers.
func TestOffsetPages(t *testing.T) {
	for name, headers := range map[string]bool{"with headers": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, func(r *http.Request) (*http.Response, error) {
				if strings.HasSuffix(r.URL.Path, "/metadata") {
					return reply(200, `{"version":"16.4.2-ee"}`), nil
				}
				q := r.URL.Query()
				if q.Get("pagination") != "" || q.Get("cursor") != "" {
					t.Errorf("asked %s", q.Encode())
				}
				page, _ := strconv.Atoi(q.Get("page"))
				next, body := strconv.Itoa(page+1), rows(page*2-1, page*2)
				if page == 3 {
					next, body = "", rows(5)
				}
				if !headers {
					return reply(200, body), nil
				}
				return reply(200, body, "X-Next-Page", next, "X-Total", "5"), nil
			})
			ids, err := walk(t, c, model.PageRequest{Size: 2})
			if err != nil || fmt.Sprint(ids) != "[1 2 3 4 5]" {
				t.Errorf("%v, %v", ids, err)
			}
			p, err := c.Accounts(t.Context(), model.PageRequest{Size: 2})
			if err != nil || p.Total.Known() != headers {
				t.Errorf("total %+v, %v", p.Total, err)
			}
		})
	}
}

// Pages that go nowhere, in every way a broken server or cache makes them
// (faults S-06): never endless, never a double row, never silently complete.
func TestPagesThatDoNotAdvance(t *testing.T) {
	for name, tc := range map[string]struct {
		f     func(q url.Values) (string, string)
		class model.Class
		text  string
	}{
		"same cursor": {func(q url.Values) (string, string) {
			n, _ := strconv.Atoi("0" + q.Get("n"))
			return rows(n+1, n+2), fmt.Sprintf(link, "same")
		}, model.ClassMalformed, "do not advance"},
		"same page": {func(q url.Values) (string, string) { return rows(1, 2), fmt.Sprintf(link, q.Get("cursor")+"x") }, model.ClassMalformed, "do not advance"},
		"overlap": {func(q url.Values) (string, string) {
			n := len(q.Get("cursor"))
			return rows(n+1, n+2), fmt.Sprintf(link, q.Get("cursor")+"x")
		}, model.ClassMalformed, "do not advance"},
		"double row":      {func(url.Values) (string, string) { return rows(4, 4), "" }, model.ClassMalformed, "do not advance"},
		"wrong order":     {func(url.Values) (string, string) { return rows(4, 3), "" }, model.ClassMalformed, "do not advance"},
		"empty with next": {func(url.Values) (string, string) { return "[]", fmt.Sprintf(link, "x") }, model.ClassMalformed, "empty page"},
		"next no cursor": {func(url.Values) (string, string) {
			return rows(1), `<https://gitlab.example.com/api/v4/users?page=2>; rel="next"`
		}, model.ClassMalformed, "address of this one"},
		"odd link": {func(url.Values) (string, string) { return rows(1), "<https://gitlab.example.com/%zz>; rel=\"next\"" }, model.ClassMalformed, "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := walk(t, dial(t, usersOf("19.5.1", tc.f)), model.PageRequest{Size: 2})
			wantClass(t, err, tc.class, tc.text)
		})
	}
}

// On the server itself, or through a port forward, GitLab's links name another
// address than the one in use: the cursor counts, the address does not.
func TestNextPageNamesExternalURL(t *testing.T) {
	for _, link := range []string{"https://evil.example/api/v4/users?cursor=x", "http://gitlab.example.com/api/v4/users?cursor=x"} {
		c := dial(t, usersOf("19.5.1", func(q url.Values) (string, string) {
			if q.Get("cursor") == "x" {
				return rows(3), ""
			}
			return rows(1, 2), "<" + link + `>; rel="next"`
		}))
		got, err := walk(t, c, model.PageRequest{Size: 2})
		if err != nil || len(got) != 3 {
			t.Errorf("%s: %d accounts, %v", link, len(got), err)
		}
	}
}

func TestDroppedFilters(t *testing.T) {
	c := dial(t, usersOf("19.5.1", func(url.Values) (string, string) { return rows(1, 2), "" }))
	for _, r := range []model.Range{
		{From: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)},
		{To: time.Date(2025, 2, 1, 0, 0, 0, 0, time.UTC)},
	} {
		_, err := c.Accounts(t.Context(), model.PageRequest{Range: r})
		wantClass(t, err, model.ClassDenied, "ignores the filter")
	}
}

func TestCursors(t *testing.T) {
	for _, at := range []cursor{{1, 2, "eyJ.x.y=="}, {10_000, 1 << 60, ""}} {
		got, err := parseCursor(at.String())
		if err != nil || got != at {
			t.Errorf("%v came back as %v, %v", at, got, err)
		}
	}
	for _, bad := range []string{"x", "1.2", "0.1.k", "1.0.k", "-1.5.k", "1.-5.k", "..", "1e3.2.k", "99999999999999999999.1.k"} {
		_, err := dial(t, byPath(nil)).Accounts(t.Context(), model.PageRequest{Cursor: bad})
		wantClass(t, err, model.ClassUsage)
	}
	for version, place := range map[string]cursor{"16.4.0": {1, 2, "k"}, "16.5.0": {1, 2, ""}} {
		c := dial(t, usersOf(version, func(url.Values) (string, string) { return rows(3), "" }))
		_, err := c.Accounts(t.Context(), model.PageRequest{Cursor: place.String()})
		wantClass(t, err, model.ClassUsage)
	}
	last := cursor{maxPages - 1, 5, "k"}.String()
	c := dial(t, usersOf("19.5.1", func(url.Values) (string, string) { return rows(6), fmt.Sprintf(link, "z") }))
	_, err := c.Accounts(t.Context(), model.PageRequest{Cursor: last, Size: 1})
	wantClass(t, err, model.ClassMalformed, "no end")
}

func TestMemberships(t *testing.T) {
	c := dial(t, func(r *http.Request) (*http.Response, error) {
		var b bytes.Buffer
		if r.URL.Query().Get("type") != "Namespace" {
			return reply(200, "[]"), nil
		}
		b.WriteByte('[')
		n := 100
		if r.URL.Query().Get("page") == "2" {
			n = 3
		}
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"source_id":%d,"source_name":"group","source_type":"Namespace","access_level":"%d"}`, i+1, 10*(1+i%5))
		}
		b.WriteByte(']')
		return reply(200, b.String()), nil
	})
	got, err := c.Memberships(t.Context(), 7)
	if err != nil || len(got) != 103 || got[1].Role != model.RoleReporter || got[0].SourceType.String() != "Namespace" {
		t.Errorf("%d memberships, %v", len(got), err)
	}
	// Requests and Minimal Access come only when no type is asked for; of these
	// two, Minimal Access alone is a membership.
	c = dial(t, func(r *http.Request) (*http.Response, error) {
		if r.URL.Query().Get("type") != "" {
			return reply(200, "[]"), nil
		}
		return reply(200, `[{"source_id":1,"source_name":"asked","source_type":"Project","access_level":30},
			{"source_id":2,"source_name":"top","source_type":"Namespace","access_level":5}]`), nil
	})
	got, err = c.Memberships(t.Context(), 7)
	if err != nil || len(got) != 1 || got[0].Role != model.RoleMinimal {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = dial(t, byPath(nil)).Memberships(t.Context(), 7)
	wantClass(t, err, model.ClassUsage)
	_, err = dial(t, byPath(map[string]string{"GET users/7/memberships": `[{"source_id":1}]`})).Memberships(t.Context(), 7)
	wantClass(t, err, model.ClassMalformed)
	odd, err := dial(t, byPath(map[string]string{"GET users/7/memberships": `[{"source_id":1,"source_name":null,"source_type":"Project","access_level":-1}]`})).Memberships(t.Context(), 7)
	if err != nil || odd[0].Role != model.RoleUnknown {
		t.Errorf("%+v, %v", odd, err)
	}
}

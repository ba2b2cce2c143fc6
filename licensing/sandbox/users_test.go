package sandbox

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// adminMembers and their JSON types, from the public schema
// public_api/v4/user/admin.json; "?" may be null.
var adminMembers = map[string]string{
	"id": "number", "username": "string", "email": "string", "commit_email": "string", "name": "string", "state": "string",
	"avatar_url": "string?", "web_url": "string", "created_at": "string", "is_admin": "boolean", "bio": "string?", "location": "string?",
	"pronouns": "string?", "skype": "string", "linkedin": "string", "twitter": "string", "website_url": "string", "organization": "string?",
	"last_sign_in_at": "string?", "confirmed_at": "string?", "color_scheme_id": "number", "projects_limit": "number",
	"current_sign_in_at": "string?", "identities": "array", "can_create_group": "boolean", "can_create_project": "boolean",
	"two_factor_enabled": "boolean", "external": "boolean", "namespace_id": "number",
	// Beyond the schema, from the Users API documentation.
	"bot": "boolean", "locked": "boolean", "last_activity_on": "string?", "note": "string?", "private_profile": "boolean",
	"theme_id": "number", "public_email": "string?", "using_license_seat": "boolean", "is_auditor": "boolean",
}

func jsonType(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case float64:
		return "number"
	case string:
		return "string"
	case bool:
		return "boolean"
	case []any:
		return "array"
	}
	return "object"
}

func TestUsersHaveTheSchemaOfAdministrators(t *testing.T) {
	l := newLab(t, "ultimate")
	states, nulls := map[string]int{}, map[string]bool{}
	for _, u := range l.all("order_by=id&sort=asc") {
		for m, want := range adminMembers {
			got, ok := u[m]
			kind := jsonType(got)
			if kind == "null" {
				nulls[m] = true
			}
			if !ok || kind != strings.TrimSuffix(want, "?") && (kind != "null" || !strings.HasSuffix(want, "?")) {
				t.Fatalf("user %v: %s is %s (present %v), want %s", u["id"], m, kind, ok, want)
			}
		}
		if mail := u["email"].(string); strings.Count(mail, "@") != 1 {
			t.Fatalf("e-mail %q", mail)
		}
		if day, ok := u["last_activity_on"].(string); ok {
			if _, err := time.Parse(time.DateOnly, day); err != nil {
				t.Fatal(err)
			}
		}
		states[u["state"].(string)]++
	}
	for _, want := range []string{"active", "blocked", "ldap_blocked", "deactivated", "blocked_pending_approval", "banned"} {
		if states[want] == 0 {
			t.Errorf("nobody is %s", want)
		}
	}
	for _, m := range []string{"last_sign_in_at", "confirmed_at", "last_activity_on", "avatar_url"} {
		if !nulls[m] {
			t.Errorf("%s is never null", m)
		}
	}
}

// all reads every user by keyset, following Link headers as a client would.
func (l *lab) all(query string) []map[string]any {
	l.t.Helper()
	var out []map[string]any
	next := "/api/v4/users?pagination=keyset&per_page=100&" + query
	for next != "" {
		a := l.call("GET", next, TokenAdmin, "")
		if a.status != 200 {
			l.t.Fatalf("%s: %d %s", next, a.status, a.body)
		}
		out = append(out, decode[[]map[string]any](l.t, a.body)...)
		next = nextLink(l.t, a)
	}
	return out
}

// The filters of the Users API, each against the members it is about.
func TestFilters(t *testing.T) {
	l := newLab(t, "ultimate")
	everybody := l.all("order_by=id&sort=asc")
	is := func(m string, want any) func(map[string]any) bool {
		return func(u map[string]any) bool { return u[m] == want }
	}
	for query, keep := range map[string]func(map[string]any) bool{
		"blocked=true":          func(u map[string]any) bool { return u["state"] == "blocked" || u["state"] == "ldap_blocked" },
		"external=true":         is("external", true),
		"exclude_external=true": is("external", false),
		"admins=true":           is("is_admin", true),
		"auditors=true":         is("is_auditor", true),
		"two_factor=enabled":    is("two_factor_enabled", true),
		"two_factor=disabled":   is("two_factor_enabled", false),
		"exclude_active=true":   func(u map[string]any) bool { return u["state"] != "active" },
		"blocked=false":         func(map[string]any) bool { return true },
		"skip_ldap=true":        func(u map[string]any) bool { return !strings.Contains(fmt.Sprint(u["identities"]), "ldapmain") },
		"without_project_bots=true": func(u map[string]any) bool {
			return !strings.HasPrefix(u["username"].(string), "project_")
		},
	} {
		want := map[any]bool{}
		for _, u := range everybody {
			if keep(u) {
				want[u["id"]] = true
			}
		}
		got := l.all("order_by=id&sort=asc&" + query)
		if len(got) != len(want) || len(want) == 0 {
			t.Errorf("%s: %d accounts, want %d", query, len(got), len(want))
		}
		for _, u := range got {
			if !want[u["id"]] {
				t.Errorf("%s let user %v through", query, u["id"])
				break
			}
		}
	}
	someone := everybody[40]
	for _, q := range []string{"username=" + strings.ToUpper(someone["username"].(string)), "search=" + url.QueryEscape(someone["email"].(string))} {
		if got := l.list("/users?" + q); len(got) != 1 || got[0]["id"] != someone["id"] {
			t.Errorf("%s: %v", q, got)
		}
	}
	l.get("/users?extern_uid=a").want(t, 400, "")
	l.get("/users?saml_provider_id=1").want(t, 403, "")
	l.get("/users?order_by=email").want(t, 400, `{"error":"order_by does not have a valid value"}`)
}

// created_after and created_before include their ends, so that ranges cut at
// one moment overlap in it and nothing is lost.
func TestCreationRangesIncludeTheirEnds(t *testing.T) {
	l := newLab(t, "ultimate")
	everybody := l.all("order_by=id&sort=asc")
	cut := everybody[600]["created_at"].(string)
	before := l.all("order_by=id&sort=asc&created_before=" + cut)
	after := l.all("order_by=id&sort=asc&created_after=" + cut)
	same := 0
	for _, u := range everybody {
		if u["created_at"] == cut {
			same++
		}
	}
	if len(before)+len(after) != len(everybody)+same || before[len(before)-1]["created_at"] != cut || after[0]["created_at"] != cut {
		t.Errorf("%d + %d for %d with %d on the cut", len(before), len(after), len(everybody), same)
	}
	byName := l.all("order_by=name&sort=asc&created_after=" + cut)
	if len(byName) != len(after) {
		t.Errorf("by name %d, by id %d", len(byName), len(after))
	}
	none := l.all("order_by=id&sort=asc&created_after=" + start.AddDate(1, 0, 0).Format(time.RFC3339))
	if len(none) != 0 {
		t.Errorf("%d accounts from the future", len(none))
	}
	l.get("/users?created_after=soon").want(t, 400, `{"error":"created_after is invalid"}`)
}

// The members a caller who is no effective administrator sees (schema
// public_api/v4/user/basic.json and the Users API documentation). The
// administrator's filters are dropped without a word.
func TestOthersGetTheReducedShapeAndNoFilters(t *testing.T) {
	l := newLab(t, "ultimate", "admin_mode=true")
	for _, token := range []string{TokenNonAdmin, TokenNoAdminMode} {
		read := func(query string) []map[string]any {
			t.Helper()
			a := l.call("GET", "/api/v4/users?per_page=100&"+query, token, "")
			a.want(t, 200, "")
			return decode[[]map[string]any](t, a.body)
		}
		plain := read("")
		filtered := read("order_by=name&sort=asc&two_factor=enabled&without_projects=true&created_before=2001-01-01")
		if len(plain) != 100 || fmt.Sprint(plain) != fmt.Sprint(filtered) {
			t.Errorf("%s: a filter was not dropped", token)
		}
		for _, u := range plain {
			for _, secret := range []string{"is_admin", "email", "last_activity_on", "using_license_seat", "created_at"} {
				if _, ok := u[secret]; ok {
					t.Fatalf("%s sees %s", token, secret)
				}
			}
			if s := u["state"]; s == "blocked" || s == "ldap_blocked" || s == "banned" {
				t.Fatalf("%s sees a user who is %v", token, s)
			}
		}
		l.call("GET", "/api/v4/users?extern_uid=a&provider=saml", token, "").want(t, 403, `{"message":"403 Forbidden"}`)
	}
	if u := decode[map[string]any](t, l.call("GET", "/api/v4/user", TokenNoAdminMode, "").body); u["is_admin"] != true {
		t.Error("GET /user must show an administrator's account as one, Admin Mode or not")
	}
	if _, ok := decode[map[string]any](t, l.call("GET", "/api/v4/user", TokenNonAdmin, "").body)["is_admin"]; ok {
		t.Error("GET /user shows is_admin to somebody who is none")
	}
	l.call("GET", "/api/v4/users", "", "").want(t, 403, `{"message":"403 Forbidden - Not authorized to access /api/v4/users"}`)
	l.call("GET", "/api/v4/users?username=root", "", "").want(t, 200, "")
}

func TestSingleUser(t *testing.T) {
	l := newLab(t, "ultimate")
	l.get("/users/999999").want(t, 404, `{"message":"404 User Not Found"}`)
	l.get("/users/99999999999999999999").want(t, 404, "")
	l.get("/users/abc").want(t, 404, `{"error":"404 Not Found"}`)
	if _, ok := l.object("/users/1")["current_sign_in_ip"]; !ok {
		t.Error("no sign-in address in the administrator's view of one user")
	}
	if _, ok := l.list("/users?username=root")[0]["current_sign_in_ip"]; ok {
		t.Error("a sign-in address in a list")
	}
}

// Membership rows (schema public_api/v4/membership.json, no other members).
// Which rows a type leaves out follows from GitLab's public models: requests
// are left out of both types, Minimal Access of namespaces.
func TestMemberships(t *testing.T) {
	l := newLab(t, "ultimate")
	requests, minimal, all := 0, 0, 0
	for _, a := range l.world.accounts {
		path := fmt.Sprintf("/users/%d/memberships?per_page=100", a.id)
		typed := len(l.list(path+"&type=Project")) + len(l.list(path+"&type=Namespace"))
		rows := l.list(path)
		for _, r := range rows {
			if len(r) != 4 || jsonType(r["source_id"])+jsonType(r["source_name"])+jsonType(r["source_type"])+jsonType(r["access_level"]) != "numberstringstringnumber" {
				t.Fatalf("row %v", r)
			}
		}
		hidden := 0
		for _, m := range l.world.membershipsOf(&a) {
			switch {
			case m.flags&memberRequest != 0:
				requests++
				hidden++
			case m.level == minimalAccess:
				minimal++
				hidden++
			}
		}
		if len(rows) != int(a.count) || typed != len(rows)-hidden {
			t.Fatalf("user %d: %d rows, %d by type, %d stored, %d hidden", a.id, len(rows), typed, a.count, hidden)
		}
		all += len(rows)
	}
	if requests == 0 || minimal == 0 || all < 1214 {
		t.Errorf("%d requests, %d minimal, %d rows: too few to prove anything", requests, minimal, all)
	}
	l.get("/users/1/memberships?type=Group").want(t, 400, "")
	l.call("GET", "/api/v4/users/1/memberships", TokenNonAdmin, "").want(t, 403, "")
	l.call("GET", "/api/v4/users/1/associations_count", TokenNonAdmin, "").want(t, 403, "")
	if c := l.object("/users/1/associations_count"); len(c) != 4 || jsonType(c["groups_count"]) != "number" {
		t.Errorf("associations: %v", c)
	}
}

func TestActivities(t *testing.T) {
	l := newLab(t, "ultimate")
	day := ""
	rows := l.list("/user/activities?per_page=100&from=2026-03-01")
	if len(rows) != 100 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, r := range rows {
		on := r["last_activity_on"].(string)
		if on < "2026-03-01" || on < day {
			t.Fatalf("%v after %s", r, day)
		}
		day = on
	}
}

// Names reach the wire as valid JSON whatever they contain, and no two
// accounts share a username.
func TestUsernamesAreDistinct(t *testing.T) {
	l := newSizedLab(t, "ultimate", 120_000)
	seen := make(map[string]bool, 120_000)
	var previous int64
	var lastID uint32
	for i := range l.world.accounts {
		a := &l.world.accounts[i]
		name := l.world.names.username(a)
		if seen[name] {
			t.Fatalf("%s twice", name)
		}
		seen[name] = true
		if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") != "" {
			t.Fatalf("username %q", name)
		}
		if a.created < previous || a.id <= lastID {
			t.Fatalf("account %d: created or id falls", a.id)
		}
		previous, lastID = a.created, a.id
	}
	if previous > start.UnixMilli() {
		t.Error("somebody was created in the future")
	}
}

func FuzzAppendText(f *testing.F) {
	for _, s := range append(slices.Clone(hostileTexts), "plain", "Åsa O’Brien", "\xff\xfe") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := decode[string](t, appendText(nil, []byte(s)))
		if want := strings.ToValidUTF8(s, "\ufffd"); strings.ToValidUTF8(got, "\ufffd") != got || len([]rune(got)) < len([]rune(want)) {
			t.Errorf("%q became %q", s, got)
		}
	})
}

func BenchmarkUsersPage(b *testing.B) {
	s, err := New(Config{Users: 100_000})
	if err != nil {
		b.Fatal(err)
	}
	h := s.Handler()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r := httptest.NewRequest("GET", "/api/v4/users?pagination=keyset&order_by=id&sort=asc&per_page=100&created_after=2020-01-01&x="+strconv.Itoa(i), nil)
		r.Header.Set("PRIVATE-TOKEN", TokenAdmin)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 200 {
			b.Fatal(w.Code)
		}
	}
}

func BenchmarkNewMillion(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(Config{Users: 1_000_000}); err != nil {
			b.Fatal(err)
		}
	}
}

package sandbox

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"
)

// The default story: 1,214 accounts, 962 of them billable, 1,000 seats, a peak
// of 987 within the term.
func TestTheDefaultStory(t *testing.T) {
	l := newLab(t, "ultimate")
	lic := l.object("/license")
	for key, want := range map[string]any{
		"plan": "ultimate", "user_limit": 1000.0, "active_users": 962.0, "historical_max": 987.0, "maximum_user_count": 987.0,
		"overage": 0.0, "expired": false,
	} {
		if lic[key] != want {
			t.Errorf("%s = %v, want %v", key, lic[key], want)
		}
	}
	if got := l.get("/users?per_page=1").header.Get("X-Total"); got != "1214" {
		t.Errorf("X-Total = %s", got)
	}
	var limits []string
	for _, row := range l.list("/licenses") {
		limits = append(limits, fmt.Sprint(row["user_limit"]))
	}
	if got := strings.Join(limits, " "); got != "1000 950 900" {
		t.Errorf("seats of the rows, newest first: %s", got)
	}
	if f := l.subscription.future; len(f) != 1 || f[0].seats != 1050 {
		t.Errorf("future terms: %+v", f)
	}
	if a := l.subscription.addOns; len(a) != 1 || a[0].assigned != 41 || a[0].purchased != 60 {
		t.Errorf("add-ons: %+v", a)
	}
}

// Growth, peak, dip, growth: the rows must tell it, and never exceed the peak.
func TestTheDailyCountsTellAStory(t *testing.T) {
	l := newLab(t, "ultimate")
	cur := l.subscription.current(start)
	var term []dayRow
	for i, r := range l.subscription.rows {
		if i > 0 {
			if gap := r.at.Sub(l.subscription.rows[i-1].at); gap < 23*time.Hour || gap > 25*time.Hour {
				t.Fatalf("rows %v apart", gap)
			}
		}
		if !r.at.Before(cur.starts) {
			term = append(term, r)
		}
	}
	at := func(share float64) int { return term[int(share*float64(len(term)-1))].count }
	if !(at(0) < at(0.3) && at(0.3) < at(0.52) && at(0.52) > at(0.76) && at(0.76) < at(1)) {
		t.Errorf("story: %d %d %d %d %d", at(0), at(0.3), at(0.52), at(0.76), at(1))
	}
	peaks := 0
	for _, r := range term {
		if r.count > 987 {
			t.Fatalf("%d above the peak", r.count)
		}
		if r.count == 987 {
			peaks++
		}
	}
	if peaks < 1 || peaks > 2 {
		t.Errorf("%d days at the peak", peaks)
	}
	if last := term[len(term)-1]; last.count != 962 || last.at.Format(time.DateOnly) != "2026-03-10" {
		t.Errorf("last row %+v", last)
	}
}

// Members and types of the licence object, from the API's published
// documentation (License API) and ee/spec/requests/api/license_spec.rb:
// active_users is on single objects only; the id is a number.
func TestLicenseObjectHasTheDocumentedMembers(t *testing.T) {
	l := newLab(t, "ultimate")
	members := []string{"id", "plan", "created_at", "starts_at", "expires_at", "historical_max", "maximum_user_count", "licensee", "add_ons", "expired", "overage", "user_limit"}
	check := func(o map[string]any, single bool) {
		t.Helper()
		for _, m := range members {
			if _, ok := o[m]; !ok {
				t.Errorf("%s is missing", m)
			}
		}
		if _, ok := o["active_users"]; ok != single {
			t.Errorf("active_users present: %v", ok)
		}
		if _, ok := o["id"].(float64); !ok {
			t.Errorf("id is %T", o["id"])
		}
		if _, err := time.Parse("2006-01-02T15:04:05.000Z", o["created_at"].(string)); err != nil {
			t.Error(err)
		}
		for _, d := range []string{"starts_at", "expires_at"} {
			if _, err := time.Parse(time.DateOnly, o[d].(string)); err != nil {
				t.Error(err)
			}
		}
	}
	one := l.object("/license")
	check(one, true)
	check(l.object(fmt.Sprintf("/license/%v", one["id"])), true)
	for _, row := range l.list("/licenses") {
		check(row, false)
	}
}

// Overage (License API documentation): the current count while the term runs,
// the maximum once it has ended.
func TestOverage(t *testing.T) {
	for _, c := range []struct {
		scenario, set      string
		over, limit, peak  float64
		expired, unlimited bool
	}{
		{scenario: "over-limit", over: 12, limit: 950, peak: 987},
		{scenario: "expired", set: "seats=950", over: 37, limit: 950, peak: 987, expired: true},
		{scenario: "ultimate", set: "seats=-1", limit: 0, peak: 987},
		{scenario: "expiring", limit: 1000, peak: 987},
	} {
		set := []string{}
		if c.set != "" {
			set = append(set, c.set)
		}
		lic := newLab(t, c.scenario, set...).object("/license")
		if lic["overage"] != c.over || lic["user_limit"] != c.limit || lic["maximum_user_count"] != c.peak || lic["expired"] != c.expired {
			t.Errorf("%s %s: %v", c.scenario, c.set, lic)
		}
	}
}

// Statuses and messages of ee/spec/requests/api/license_spec.rb: the two
// spellings of "not found" are the API's own.
func TestLicenseErrors(t *testing.T) {
	l := newLab(t, "ultimate")
	l.get("/license/0").want(t, 404, `{"message":"404 Not Found"}`)
	l.call("DELETE", "/api/v4/license/0", TokenAdmin, "").want(t, 404, `{"message":"404 Not found"}`)
	l.call("PUT", "/api/v4/license/0/refresh_billable_users", TokenAdmin, "").want(t, 404, `{"message":"404 Not Found"}`)
	for _, path := range []string{"/license", "/licenses", "/license/6", "/license/usage_export"} {
		l.call("GET", "/api/v4"+path, TokenNonAdmin, "").want(t, 403, `{"message":"403 Forbidden"}`)
		l.call("GET", "/api/v4"+path, "", "").want(t, 401, `{"message":"401 Unauthorized"}`)
	}
	l.call("POST", "/api/v4/license", TokenAdmin, `{"license":"foo"}`).want(t, 400, "")
	l.call("POST", "/api/v4/license", TokenAdmin, `{}`).want(t, 400, `{"error":"license is missing"}`)
}

func TestWithoutALicense(t *testing.T) {
	l := newLab(t, "free")
	l.get("/license").want(t, 200, "null")
	l.get("/licenses").want(t, 200, "[]")
	l.get("/license/usage_export.csv").want(t, 500, "")
	ce := newLab(t, "free", "edition=ce")
	for _, path := range []string{"/license", "/licenses", "/license/1", "/license/usage_export.csv"} {
		ce.get(path).want(t, 404, `{"error":"404 Not Found"}`)
	}
	if m := ce.object("/metadata"); m["enterprise"] != false || m["version"] != "19.5.1" {
		t.Errorf("metadata of CE: %v", m)
	}
}

func TestAddingAndRemovingLicenses(t *testing.T) {
	l := newLab(t, "ultimate")
	post := func(sample string) answer {
		t.Helper()
		key, ok := l.SampleKey(sample)
		if !ok {
			t.Fatalf("no key %q", sample)
		}
		return l.call("POST", "/api/v4/license", TokenAdmin, fmt.Sprintf(`{"license":%q}`, strings.ReplaceAll(key, "\n", "\r\n")))
	}
	post("expired").want(t, 400, `{"message":"This license has already expired."}`)
	if a := post("small"); a.status != 400 || !strings.Contains(string(a.body), "962") || !strings.Contains(string(a.body), "481") {
		t.Errorf("too small: %d %s", a.status, a.body)
	}
	post("legacy").want(t, 201, "")
	added := l.object("/license")
	if added["user_limit"] != 1012.0 {
		t.Errorf("current after adding: %v", added)
	}
	path := fmt.Sprintf("/api/v4/license/%v", added["id"])
	l.call("DELETE", path, TokenReadOnly, "").want(t, 403, "")
	l.call("DELETE", path, TokenAdmin, "").want(t, 204, "")
	l.call("DELETE", path, TokenAdmin, "").want(t, 404, "")
	if l.object("/license")["user_limit"] != 1000.0 || l.subscription.future != nil {
		t.Error("the row before is not current again, or future terms survived")
	}
	for _, row := range l.list("/licenses") {
		l.call("DELETE", fmt.Sprintf("/api/v4/license/%v", row["id"]), TokenAdmin, "").want(t, 204, "")
	}
	l.get("/license").want(t, 200, "null")
	if l.list("/users?per_page=1&order_by=id&sort=asc")[0]["using_license_seat"] != false {
		t.Error("a seat is used without a licence")
	}
}

// Layout of the file, from the published sample in License usage
// documentation: six facts, a separator, a header, a row a day.
func TestUsageExportLayout(t *testing.T) {
	l := newLab(t, "ultimate")
	a := l.get("/license/usage_export.csv")
	if a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/csv") {
		t.Fatalf("%d %v", a.status, a.header)
	}
	r := csv.NewReader(strings.NewReader(string(a.body)))
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var first []string
	for _, row := range rows[:8] {
		first = append(first, row[0])
	}
	if got := strings.Join(first, "|"); got != "License Key|Email|License Start Date|License End Date|Company|Generated At||Date" {
		t.Errorf("first column: %s", got)
	}
	if !strings.HasSuffix(rows[0][1], "\n") || rows[5][1] != "2026-03-10 14:30:00" || rows[7][1] != "Billable User Count" {
		t.Errorf("head: %q", rows[:8])
	}
	if !strings.Contains(string(a.body), "\n\"\",\"\"\n") {
		t.Error("no separator row")
	}
	term := rows[8:]
	if term[0][0][:10] != rows[2][1] || term[len(term)-1][0][:10] != "2026-03-10" || term[len(term)-1][1] != "962" {
		t.Errorf("rows run from %v to %v", term[0], term[len(term)-1])
	}
	old := newLab(t, "ultimate", "gitlab_version=16.7.0").get("/license/usage_export")
	if !strings.Contains(string(old.body), "\n\"\"\nDate,Active User Count\n") {
		t.Error("the older layout is not the older one")
	}
	newLab(t, "ultimate", "gitlab_version=15.0.0").get("/license/usage_export").want(t, 404, "")
}

// For an offline cloud licence the export marks the usage as exported: it is a
// write, and the log says so.
func TestUsageExportOfAnOfflineLicenseIsAWrite(t *testing.T) {
	for scenario, writes := range map[string]bool{"offline": true, "ultimate": false} {
		l := newLab(t, scenario)
		l.get("/license/usage_export.csv").want(t, 200, "")
		if got := l.Requests()[0].Writes; got != writes || l.subscription.exportedAt.IsZero() == writes {
			t.Errorf("%s: writes %v, exported at %v", scenario, got, l.subscription.exportedAt)
		}
	}
}

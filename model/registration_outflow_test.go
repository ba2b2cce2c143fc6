package model_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"seatdeck/model"
)

// shared is an instance with a licence, daily rows and a cached payload.
func shared(t testing.TB) *model.Facts {
	f := setup{version: "19.5.1-ee", plan: "ultimate", ping: on, optional: on, features: off}.facts(t)
	now := model.Live(at(t, "2026-11-21 09:52"))
	f.Host = "git.example.com:8443"
	f.License.Value.Starts, f.License.Value.Name = day(t, "2026-03-01"), model.Clean("Ida Person")
	f.License.Value.Company, f.License.Value.Email = model.Clean("Nordhafen AG"), model.Clean("ida@example.com")
	f.Daily = model.Read(model.DailyCounts{Rows: []model.DayCount{
		{At: at(t, "2026-02-10 12:00"), Count: 990}, {At: at(t, "2026-06-10 12:00"), Count: 970}, {At: at(t, "2026-11-20 12:00"), Count: 958},
	}}, now)
	f.AddOns = model.Read([]model.AddOn{{Name: model.Clean("DUO_ENTERPRISE"), Purchased: 100, Assigned: 50}}, now)
	f.Ping = model.Read(model.Ping{
		Bytes: 413022, Counts: 9123, UUID: model.Clean("d9e2f4e8-db1f-4e51-b03d-f427e1965c4a"), Hostname: model.Clean("git.example.com"),
		RecordedAt: model.Some(at(t, "2026-11-19 10:44")), SHA256: strings.Repeat("ab", 32), Categories: []string{"standard", "optional"},
		Naming: []string{"hostname", "uuid", "licensee.Email", "license_md5"},
	}, now)
	return f
}

func rows(d model.Disclosure) map[string]model.Disclosed {
	out := map[string]model.Disclosed{}
	for _, r := range d.Rows {
		out[r.Name] = r
	}
	return out
}

// TestSyncPacketShown: the body of contract §3.2, its counts those of the newest
// daily row, its secret named and not shown.
func TestSyncPacketShown(t *testing.T) {
	f := shared(t)
	d := model.DisclosuresOf(f, at(t, "2026-11-21 09:52"))[0]
	got := rows(d)
	for name, want := range map[string][2]string{
		"gitlab_version": {"19.5.1-ee", ""}, "timestamp": {"2026-11-20T12:00:00Z", ""}, "license_key": {"hidden", model.MarkSecret},
		"max_historical_user_count": {"970", ""}, "billable_users_count": {"958", ""}, "hostname": {"git.example.com", model.MarkServer},
		"instance_id":        {"d9e2f4e8-db1f-4e51-b03d-f427e1965c4a", model.MarkServer},
		"unique_instance_id": {"", model.MarkServer}, "add_on_metrics duo_enterprise": {"100 purchased, 50 assigned", ""},
	} {
		if r, ok := got[name]; !ok || r.Value.String() != want[0] || r.Mark != want[1] {
			t.Errorf("%s: %+v, want %q", name, r, want)
		}
	}
	if d.Sent != on || len(got) != 9 || d.Sensitive() != 4 {
		t.Errorf("sent %v, %d rows, %d sensitive", d.Sent, len(got), d.Sensitive())
	}
	f.Metadata.Value.Version = model.Version{Major: 16, Minor: 11}
	if got := rows(model.DisclosuresOf(f, at(t, "2026-11-21 09:52"))[0]); len(got) != 7 {
		t.Errorf("16.11 sends %d members, want 7: %v", len(got), got)
	}
	f.Daily, f.Ping = model.Part[model.DailyCounts]{}, model.Part[model.Ping]{}
	if got := rows(model.DisclosuresOf(f, at(t, "2026-11-21 09:52"))[0]); !got["billable_users_count"].Value.Empty() || got["hostname"].Value.String() != "git.example.com:8443" {
		t.Errorf("without rows and payload: %v", got)
	}
	f.License.Value = model.License{Kind: model.KindNone}
	if d := model.DisclosuresOf(f, at(t, "2026-11-21 09:52"))[0]; d.Sent != off || d.Note != "no licence, no sync" || len(d.Rows) != 0 {
		t.Errorf("without a licence: %+v", d)
	}
}

func TestPingShown(t *testing.T) {
	f, now := shared(t), at(t, "2026-11-21 09:52")
	d := model.DisclosuresOf(f, now)[1]
	got := rows(d)
	for name, want := range map[string][2]string{
		"cached payload": {"413,022 bytes, 9,123 values", ""}, "recorded at": {"2026-11-19 10:44 UTC", ""}, "sha256": {strings.Repeat("ab", 32), ""},
		"categories in it": {"standard, optional", ""}, "categories as things stand": {"standard, subscription, operational, optional", ""},
		"next sending": {"Thu 26 Nov 10:44 UTC", ""}, "hostname": {"git.example.com", model.MarkServer},
		"licensee.Email": {"hidden", model.MarkLicensee}, "license_md5": {"hidden", model.MarkLicense},
	} {
		if r, ok := got[name]; !ok || r.Value.String() != want[0] || r.Mark != want[1] {
			t.Errorf("%s: %+v, want %q", name, r, want)
		}
	}
	if text := string(d.Plain()); strings.Contains(text, "ida@") || strings.Contains(text, "Ida") {
		t.Errorf("the licensee is shown:\n%s", text)
	}
	f.Settings.Value.OptionalMetrics = off
	if v := rows(model.DisclosuresOf(f, now)[1])["categories as things stand"].Value.String(); v != "standard, subscription, operational" {
		t.Errorf("without optional metrics: %s", v)
	}
	f.Ping.Value = model.Ping{Empty: true}
	if v := rows(model.DisclosuresOf(f, now)[1])["cached payload"].Value.String(); !strings.HasPrefix(v, "none") {
		t.Errorf("none cached: %s", v)
	}
	f.Ping = f.Ping.Failed(model.Fail(model.ClassDenied, "read the cached Service Ping", "the token's scope is too small", ""))
	f.Ping.AsOf = model.AsOf{}
	if v := rows(model.DisclosuresOf(f, now)[1])["cached payload"].Value.String(); !strings.Contains(v, "scope is too small") {
		t.Errorf("denied: %s", v)
	}
}

// TestDisclosureReceipt: the receipt is that of the plain form, and every change
// of what is shown changes it.
func TestDisclosureReceipt(t *testing.T) {
	now := at(t, "2026-11-21 09:52")
	seen := map[string]string{}
	note := func(what string, f *model.Facts) {
		d := model.DisclosuresOf(f, now)[0]
		r := d.Receipt()
		if r.SHA256 != fmt.Sprintf("%x", sha256.Sum256(d.Plain())) || r.Bytes != len(d.Plain()) || r.Title != d.Title {
			t.Errorf("%s: %+v", what, r)
		}
		if other, ok := seen[r.SHA256]; ok {
			t.Errorf("%s and %s have one receipt", what, other)
		}
		seen[r.SHA256] = what
	}
	f := shared(t)
	note("as it is", f)
	f.Settings.Value.SilentMode = on
	note("not sent", f)
	f.Ping.Value.Hostname = model.Clean("other.example.com")
	note("another host", f)
	f.AddOns.Value[0].Assigned++
	note("one seat more", f)
	f.AddOns.Value = nil
	note("no add-on", f)
}

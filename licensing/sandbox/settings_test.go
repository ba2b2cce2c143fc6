package sandbox

import (
	"strings"
	"testing"
)

func (l *lab) put(body string) answer {
	l.t.Helper()
	return l.call("PUT", "/api/v4/application/settings", TokenAdmin, body)
}

// The effective switches (contract §7.2, §7.3): what was stored is not what is
// answered.
func TestRegistrationFeaturesAreOnOnlyWhenAllItNeedsIs(t *testing.T) {
	const features = "usage_ping_features_enabled"
	for _, c := range []struct {
		scenario string
		set      []string
		body     string
		want     map[string]any
	}{
		{"free", nil, `{"usage_ping_features_enabled":true}`, map[string]any{features: true, "usage_ping_enabled": true}},
		{"free", []string{"optional_metrics=false"}, `{"usage_ping_features_enabled":true}`, map[string]any{features: false}},
		{"free", []string{"service_ping=false"}, `{"usage_ping_features_enabled":true}`, map[string]any{features: false}},
		{"free", []string{"service_ping=false", "optional_metrics=false"},
			`{"usage_ping_enabled":true,"usage_ping_features_enabled":true,"include_optional_metrics_in_service_ping":true}`,
			map[string]any{features: true, "usage_ping_enabled": true, "include_optional_metrics_in_service_ping": true}},
		{"free", []string{"pinned=true"},
			`{"usage_ping_enabled":true,"usage_ping_features_enabled":true,"include_optional_metrics_in_service_ping":true}`,
			map[string]any{features: false, "usage_ping_enabled": false, "include_optional_metrics_in_service_ping": false}},
		{"free", []string{"gitlab_version=16.8.0", "optional_metrics=false"}, `{"usage_ping_features_enabled":true}`, map[string]any{features: true, "include_optional_metrics_in_service_ping": nil}},
		{"free", []string{"registration=true"}, `{"usage_ping_enabled":false}`, map[string]any{features: false, "usage_ping_enabled": false}},
		{"free", []string{"edition=ce", "optional_metrics=false"}, `{"usage_ping_features_enabled":true}`, map[string]any{features: true}},
	} {
		l := newLab(t, c.scenario, c.set...)
		a := l.put(c.body)
		a.want(t, 200, "")
		got := decode[map[string]any](t, a.body)
		for m, want := range c.want {
			if got[m] != want {
				t.Errorf("%v %s: %s = %v, want %v", c.set, c.body, m, got[m], want)
			}
		}
	}
}

// A feature of the paid plans is dropped from a change without a word, until a
// licence or registration opens it.
func TestLicenceGatedSettings(t *testing.T) {
	l := newLab(t, "free")
	l.put(`{"repository_size_limit":5,"signup_enabled":true}`).want(t, 200, "")
	if _, ok := l.object("/application/settings")["repository_size_limit"]; ok {
		t.Error("a gated setting is shown on a free instance")
	}
	l.put(`{"usage_ping_features_enabled":true}`).want(t, 200, "")
	if got := l.object("/application/settings")["repository_size_limit"]; got != 0.0 {
		t.Errorf("the dropped change was kept, or the setting is still closed: %v", got)
	}
	l.put(`{"repository_size_limit":5}`).want(t, 200, "")
	if got := l.object("/application/settings")["repository_size_limit"]; got != 5.0 {
		t.Errorf("after opting in: %v", got)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	l := newLab(t, "ultimate")
	l.put(`{"deactivate_dormant_users_period":30,"signup_enabled":true}`).
		want(t, 400, `{"message":{"deactivate_dormant_users_period":["must be greater than or equal to 90"]}}`)
	l.put(`{"signup_enabled":true,"usage_ping_enabled":"maybe"}`).want(t, 400, `{"error":"usage_ping_enabled is invalid"}`)
	if l.object("/application/settings")["signup_enabled"] != false {
		t.Error("half of a refused change was kept")
	}
	if a := l.put(`{"nothing":1}`); a.status != 400 || !strings.Contains(string(a.body), "at least one parameter must be provided") {
		t.Errorf("%d %s", a.status, a.body)
	}
	l.put(`{"deactivate_dormant_users_period":120}`).want(t, 200, "")
	if l.object("/application/settings")["deactivate_dormant_users_period"] != 120.0 {
		t.Error("a good change was not kept")
	}
	l.call("GET", "/api/v4/application/settings", TokenNonAdmin, "").want(t, 403, "")
}

// Members appear with the version that brought them (Settings API).
func TestSettingsByVersion(t *testing.T) {
	for member, from := range map[string]string{
		"include_optional_metrics_in_service_ping": "16.10.0", "usage_ping_generation_enabled": "18.4.0", "deactivate_dormant_users_period": "15.4.0",
	} {
		if _, ok := newLab(t, "free", "gitlab_version="+from).object("/application/settings")[member]; !ok {
			t.Errorf("%s is missing in %s", member, from)
		}
		if _, ok := newLab(t, "free", "gitlab_version=15.3.0").object("/application/settings")[member]; ok {
			t.Errorf("%s is there in 15.3", member)
		}
	}
	if s := newLab(t, "ultimate").object("/application/settings"); s["akismet_api_key"] == nil {
		t.Error("the real document has secrets; this one must too")
	}
}

package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// getServicePing is GET /usage_data/service_ping: the cached payload, or one
// of the empty answers (contract §7.7).
func getServicePing(c *call) {
	body := c.s.ping
	switch kind := c.s.knobs.ping; {
	case kind == "empty" || c.s.pingAt.IsZero():
		body = nil
	case kind == "null":
		body = []byte("null")
	case kind == "object":
		body = []byte("{}")
	case body == nil:
		c.s.ping = c.s.pingPayload()
		body = c.s.ping
	}
	c.raw(http.StatusOK, "application/json", body)
}

// pingFeatures name the made-up metrics; with the verbs and periods they give
// a payload of the usual size, some hundreds of kilobytes.
var (
	pingFeatures = strings.Fields("issues merge_requests pipelines deployments environments snippets wikis packages releases runners " +
		"clusters terraform_modules feature_flags service_desk design_management epics iterations code_review web_ide container_scanning " +
		"secret_detection dast sast dependency_proxy pages boards labels milestones notes todos webhooks integrations error_tracking " +
		"incidents on_call_schedules quality_management requirements analytics value_streams compliance audit_events saml ldap")
	pingVerbs   = strings.Fields("created updated closed reopened deleted viewed assigned labelled mentioned approved merged triggered imported exported templated searched filtered subscribed unsubscribed rebased retried cancelled scheduled")
	pingPeriods = []string{"7d", "28d"}
)

// pingPayload makes the payload of the last weekly run. It has everything that
// makes real ones awkward: deep nesting, -1 and -3 for counts that failed,
// null, fractions, and objects where a number would do.
func (s *Server) pingPayload() []byte {
	l := s.subscription.current(s.jobs.through)
	doc := map[string]any{
		"uuid": s.uuid, "hostname": s.hostname(), "version": s.knobs.version.String(), "installation_type": "omnibus-gitlab",
		"edition": map[bool]string{true: "EEU", false: "EE"}[s.planName() == "ultimate"], "recorded_at": timestamp(s.pingAt),
		"active_user_count": s.subscription.measured, "recording_ce_finished_at": nil, "collected_data_categories": s.pingCategories(),
		"settings": map[string]any{
			"ldap_encrypted_secrets_enabled": false, "operating_system": "ubuntu-24.04", "collected_data_categories": s.pingCategories(),
			"gitaly_apdex": 0.9917, "service_ping_features_enabled": s.featuresEnabled(), "snowplow_enabled": false,
		},
		"counts": s.pingCounts("counts"), "counts_weekly": map[string]any{"aggregated_metrics": s.pingCounts("weekly")},
		"redis_hll_counters": s.pingHLL(), "usage_activity_by_stage": s.pingStages("all"), "usage_activity_by_stage_monthly": s.pingStages("monthly"),
		"topology":                            map[string]any{"duration_s": 0.0131, "failures": []any{}, "nodes": []any{map[string]any{"node_cpus": 16, "node_memory_total_bytes": 67391102976, "node_uname_info": nil}}},
		"gitaly":                              map[string]any{"version": s.knobs.version.String(), "servers": 3, "clusters": 0, "filesystems": []string{"EXT_2_3_4"}},
		"database":                            map[string]any{"adapter": "postgresql", "version": "16.11", "pg_system_id": -1, "flavor": nil},
		"search":                              map[string]any{"pipeline_count": -3, "zoekt_enabled": nil},
		"container_registry_server":           map[string]any{"vendor": "gitlab", "version": "4.31.0-gitlab"},
		"mattermost_enabled":                  false,
		"average_merge_request_notes":         6.62,
		"usage_data_redis_counter_last_error": nil,
	}
	if l != nil {
		doc["license_plan"], doc["license_id"], doc["license_user_count"] = l.plan, l.number, max(l.seats, 0)
		doc["license_starts_at"], doc["license_expires_at"] = date(l.starts), optional(l.expires, date)
		doc["license_trial"], doc["license_billable_users"] = l.trial, s.subscription.measured
		doc["license_md5"], doc["license_sha256"] = fmt.Sprintf("%032x", mix(s.seed, "md5", 0)), fmt.Sprintf("%064x", mix(s.seed, "sha256", 0))
		doc["licensee"] = map[string]string{"Name": l.name, "Company": l.company, "Email": l.email}
		doc["historical_max_users"] = s.subscription.historicalMax(l, s.jobs.through)
		doc["license_add_ons"] = map[string]any{}
	}
	b, err := json.Marshal(doc)
	if err != nil {
		return []byte("{}")
	}
	return b
}

// pingCategories are the categories that are sent (contract §7.5).
func (s *Server) pingCategories() []string {
	all := []string{"standard", "subscription", "operational", "optional"}
	if s.knobs.edition == "ee" && !s.optionalEnabled() {
		all = slices.Delete(all, 3, 4)
	}
	return all
}

// hostname is what the instance calls itself, in every payload: its name without
// scheme and port.
func (s *Server) hostname() string {
	if u, err := url.Parse(s.host); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return "gitlab.nordhafen.example"
}

func (s *Server) pingCounts(label string) map[string]any {
	out := map[string]any{}
	for _, feature := range pingFeatures {
		for _, verb := range pingVerbs {
			out[feature+"_"+verb] = s.pingValue(label, feature+verb)
		}
	}
	return out
}

func (s *Server) pingHLL() map[string]any {
	out := map[string]any{}
	for _, feature := range pingFeatures {
		inner := map[string]any{}
		for _, verb := range pingVerbs {
			for _, period := range pingPeriods {
				inner["g_"+feature+"_"+verb+"_unique_users_"+period] = s.pingValue(period, feature+verb)
			}
		}
		inner[feature+"_total_unique_counts_monthly"] = s.pingValue("monthly", feature)
		out[feature] = inner
	}
	return out
}

func (s *Server) pingStages(label string) map[string]any {
	out := map[string]any{}
	for stage := range strings.FieldsSeq("configure create enablement manage monitor package plan release secure verify govern") {
		inner := map[string]any{}
		for _, feature := range pingFeatures {
			inner[feature] = s.pingValue(label, stage+feature)
		}
		inner["user_preferences_group_overview"] = map[string]any{"details": s.pingValue(label, stage), "default": nil}
		out[stage] = inner
	}
	return out
}

// pingValue makes one metric; a few are the awkward kinds.
func (s *Server) pingValue(label, name string) any {
	switch r := mix(s.seed, label+name, 1); r % 97 {
	case 0:
		return -1
	case 1:
		return -3
	case 2:
		return nil
	case 3:
		return float64(r%1000) / 7
	case 4:
		return map[string]any{"value": r % 50, "unit": "count"}
	default:
		return r % 20_000
	}
}

// getMetricDefinitions is GET /usage_data/metric_definitions: YAML, for
// anybody.
func getMetricDefinitions(c *call) {
	var b strings.Builder
	b.WriteString("---\n")
	paths, _ := c.isTrue("include_paths")
	for _, m := range [][3]string{
		{"uuid", "standard", "GitLab instance unique identifier"},
		{"hostname", "standard", "Host name of the instance"},
		{"version", "standard", "Version of the instance"},
		{"active_user_count", "subscription", "Number of billable accounts"},
		{"historical_max_users", "subscription", "Largest number of billable accounts in the term"},
		{"license_plan", "subscription", "Plan of the licence"},
		{"counts.issues_created", "operational", "Number of issues"},
		{"counts.pipelines_triggered", "operational", "Number of pipelines started"},
		{"redis_hll_counters.code_review.g_code_review_viewed_unique_users_28d", "optional", "People who opened a merge request in four weeks"},
	} {
		fmt.Fprintf(&b, "- key_path: %s\n  description: %s\n  value_type: %s\n  status: active\n  data_source: database\n  data_category: %s\n  milestone: \"13.9\"\n  tiers:\n  - free\n  - premium\n  - ultimate\n",
			m[0], m[2], map[bool]string{true: "number", false: "string"}[strings.Contains(m[0], "count") || strings.Contains(m[0], "max")], m[1])
		if paths {
			fmt.Fprintf(&b, "  file_path: config/metrics/%s.yml\n", strings.ReplaceAll(m[0], ".", "/"))
		}
	}
	c.raw(http.StatusOK, "application/yaml", []byte(b.String()))
}

// getSwitchedOff answers for operations behind a flag that is off.
func getSwitchedOff(c *call) { c.notFound("") }

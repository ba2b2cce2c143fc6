package sandbox

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// settings is what the instance stores of its settings document. Some members
// are answered with another value than the stored one (contract §7).
type settings struct {
	servicePing     bool
	registration    bool
	optionalMetrics bool
	generation      bool
	productUsage    bool
	versionCheck    bool
	dormant         bool
	dormantPeriod   int
	mails           bool
	silentMode      bool
	toolkit         bool
	prometheus      bool
	maintenanceText string
	mailText        string // licence-gated
	sizeLimit       int    // licence-gated, bytes
	signup          bool
	approveSignup   bool
}

func newSettings(k knobs) *settings {
	return &settings{
		servicePing: k.servicePing, registration: k.registration, optionalMetrics: k.optionalMetrics, generation: true, productUsage: true,
		versionCheck: true, dormant: k.dormant, dormantPeriod: 90, mails: true, silentMode: k.silentMode, prometheus: true,
		approveSignup: true,
	}
}

// The effective switches (contract §7.2, §7.3).

func (s *Server) pingEnabled() bool { return !s.knobs.pinned && s.settings.servicePing }

func (s *Server) optionalEnabled() bool { return !s.knobs.pinned && s.settings.optionalMetrics }

func (s *Server) featuresEnabled() bool {
	if !s.pingEnabled() || !s.settings.registration {
		return false
	}
	return s.knobs.edition != "ee" || !s.knobs.version.hasOptionalMetrics() || s.optionalEnabled()
}

// paidFeature: a feature of the paid plans that registration also opens.
func (s *Server) paidFeature() bool {
	l := s.subscription.current(s.jobs.through)
	return s.knobs.edition == "ee" && (l != nil && !l.expired(s.jobs.through) || s.featuresEnabled())
}

// setting is one member of the settings document.
type setting struct {
	name  string
	since func(version) bool   // nil: always
	gate  func(s *Server) bool // nil: always; else PUT drops it silently and GET leaves it out
	get   func(s *Server) any
	put   func(s *Server, v any) string // returns what is wrong; nil: read-only
	fixed any                           // a value nothing here depends on
}

func since(major, minor int) func(version) bool {
	return func(v version) bool { return v.atLeast(major, minor) }
}

//
//go:noinline
func switchOf(field func(*Server) *bool) (func(*Server) any, func(*Server, any) string) {
	return func(s *Server) any { return *field(s) }, func(s *Server, v any) string {
		b, ok := asBool(v)
		if !ok {
			return "is invalid"
		}
		*field(s) = b
		return ""
	}
}

func textOf(field func(*Server) *string) (func(*Server) any, func(*Server, any) string) {
	return func(s *Server) any { return *field(s) }, func(s *Server, v any) string {
		text, ok := v.(string)
		if !ok {
			return "is invalid"
		}
		*field(s) = text
		return ""
	}
}

// isEE gates members that exist in the Enterprise Edition only.
func isEE(s *Server) bool { return s.knobs.edition == "ee" }

// settingsTable lists the members in the order they are answered. It is made
// when a sandbox first needs it.
var settingsTable = sync.OnceValue(makeSettingsTable)

func makeSettingsTable() []setting {
	stored := func(name string, field func(*settings) *bool) setting {
		get, put := switchOf(func(s *Server) *bool { return field(s.settings) })
		return setting{name: name, get: get, put: put}
	}
	effective := func(st setting, get func(*Server) bool) setting {
		st.get = func(s *Server) any { return get(s) }
		return st
	}
	with := func(st setting, since func(version) bool, gate func(*Server) bool) setting {
		st.since, st.gate = since, gate
		return st
	}
	onKnobs := func(name string, field func(*knobs) *bool) setting {
		get, put := switchOf(func(s *Server) *bool { return field(&s.knobs) })
		return setting{name: name, get: get, put: put}
	}
	onText := func(name string, field func(*settings) *string) setting {
		get, put := textOf(func(s *Server) *string { return field(s.settings) })
		return setting{name: name, get: get, put: put}
	}
	table := []setting{
		{name: "id", fixed: 1},
		onKnobs("admin_mode", func(k *knobs) *bool { return &k.adminMode }),
		{name: "after_sign_up_text", fixed: ""},
		{name: "akismet_api_key", fixed: "made-up-akismet-key"},
		{name: "asset_proxy_secret_key", fixed: nil},
		{name: "container_registry_token_expire_delay", fixed: 5},
		stored("deactivate_dormant_users", func(st *settings) *bool { return &st.dormant }),
		{name: "deactivate_dormant_users_period", since: since(15, 4), get: func(s *Server) any { return s.settings.dormantPeriod }, put: putDormantPeriod},
		{name: "default_branch_protection", fixed: 2},
		{name: "default_projects_limit", fixed: 100000},
		with(onText("email_additional_text", func(st *settings) *string { return &st.mailText }), nil, (*Server).paidFeature),
		with(stored("gitlab_environment_toolkit_instance", func(st *settings) *bool { return &st.toolkit }), since(18, 0), nil),
		with(stored("gitlab_product_usage_data_enabled", func(st *settings) *bool { return &st.productUsage }), since(18, 0), nil),
		{name: "gitlab_product_usage_data_source", since: since(18, 0), fixed: "database"},
		{name: "home_page_url", fixed: ""},
		with(effective(stored("include_optional_metrics_in_service_ping", func(st *settings) *bool { return &st.optionalMetrics }), (*Server).optionalEnabled), version.hasOptionalMetrics, isEE),
		with(onKnobs("maintenance_mode", func(k *knobs) *bool { return &k.maintenance }), nil, (*Server).paidFeature),
		with(onText("maintenance_mode_message", func(st *settings) *string { return &st.maintenanceText }), nil, (*Server).paidFeature),
		{name: "max_attachment_size", fixed: 100},
		{name: "max_personal_access_token_lifetime", fixed: nil},
		stored("prometheus_metrics_enabled", func(st *settings) *bool { return &st.prometheus }),
		{name: "recaptcha_private_key", fixed: "made-up-recaptcha-key"},
		{name: "repository_size_limit", gate: (*Server).paidFeature, get: func(s *Server) any { return s.settings.sizeLimit }, put: putSizeLimit},
		stored("require_admin_approval_after_user_signup", func(st *settings) *bool { return &st.approveSignup }),
		{name: "restricted_visibility_levels", fixed: []string{}},
		{name: "runners_registration_token", fixed: "made-up-runner-token"},
		stored("signup_enabled", func(st *settings) *bool { return &st.signup }),
		with(stored("silent_mode_enabled", func(st *settings) *bool { return &st.silentMode }), since(15, 11), nil),
		{name: "throttle_authenticated_api_enabled", fixed: false},
		{name: "throttle_authenticated_api_period_in_seconds", fixed: 3600},
		{name: "throttle_authenticated_api_requests_per_period", fixed: 7200},
		effective(stored("usage_ping_enabled", func(st *settings) *bool { return &st.servicePing }), (*Server).pingEnabled),
		effective(stored("usage_ping_features_enabled", func(st *settings) *bool { return &st.registration }), (*Server).featuresEnabled),
		with(effective(stored("usage_ping_generation_enabled", func(st *settings) *bool { return &st.generation }), func(s *Server) bool {
			return s.pingEnabled() || s.settings.generation
		}), since(18, 4), nil),
		stored("user_deactivation_emails_enabled", func(st *settings) *bool { return &st.mails }),
		stored("version_check_enabled", func(st *settings) *bool { return &st.versionCheck }),
	}
	return table
}

func putDormantPeriod(s *Server, v any) string {
	n, ok := asInt(v)
	switch {
	case !ok:
		return "is invalid"
	case n < 90 && s.knobs.version.atLeast(15, 5):
		return "must be greater than or equal to 90"
	}
	s.settings.dormantPeriod = n
	return ""
}

func putSizeLimit(s *Server, v any) string {
	n, ok := asInt(v)
	if !ok {
		return "is invalid"
	}
	s.settings.sizeLimit = n
	return ""
}

func asBool(v any) (value, ok bool) {
	switch v := v.(type) {
	case bool:
		return v, true
	case string:
		if v == "" {
			return false, false
		}
		return readBoolean(v)
	}
	return false, false
}

func asInt(v any) (int, bool) {
	switch v := v.(type) {
	case float64:
		return int(v), v == math.Trunc(v)
	case string:
		n, err := strconv.Atoi(v)
		return n, err == nil
	}
	return 0, false
}

// offers reports whether this instance has the member now.
func (st *setting) offers(s *Server) bool {
	return (st.since == nil || st.since(s.knobs.version)) && (st.gate == nil || st.gate(s))
}

// getSettings is GET /application/settings.
func getSettings(c *call) {
	b := []byte{'{'}
	table := settingsTable()
	for i := range table {
		st := &table[i]
		if !st.offers(c.s) {
			continue
		}
		value := st.fixed
		if st.get != nil {
			value = st.get(c.s)
		}
		text, err := json.Marshal(value)
		if err != nil {
			c.fail(http.StatusInternalServerError, "500 Internal Server Error")
			return
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(strconv.AppendQuote(b, st.name), ':')
		b = append(b, text...)
	}
	c.raw(http.StatusOK, "application/json", append(b, '}'))
}

// putSettings is PUT /application/settings: it changes what it may, drops what
// the licence does not give, and answers with the effective document. Either
// all of a request counts or nothing does.
func putSettings(c *call) {
	if !c.readFields() {
		return
	}
	delete(c.fields, "private_token")
	c.note = asSent(c.fields)
	storedBefore, knobsBefore := *c.s.settings, c.s.knobs
	known, problems := 0, map[string][]string{}
	table := settingsTable()
	for i := range table {
		st := &table[i]
		v, given := c.fields[st.name]
		if !given || st.put == nil {
			continue
		}
		known++
		if !st.offers(c.s) {
			continue
		}
		switch problem := st.put(c.s, v); problem {
		case "":
		case "is invalid": // the parameter layer refuses a wrong type
			*c.s.settings, c.s.knobs = storedBefore, knobsBefore
			c.badParameter(st.name, problem)
			return
		default:
			problems[st.name] = []string{problem}
		}
	}
	switch {
	case known == 0:
		c.json(http.StatusBadRequest, errorText{fmt.Sprintf("%s are missing, at least one parameter must be provided", strings.Join(writableSettings(), ", "))})
	case len(problems) > 0:
		*c.s.settings, c.s.knobs = storedBefore, knobsBefore
		c.json(http.StatusBadRequest, messageFields{problems})
	default:
		getSettings(c)
	}
}

// asSent is what a change of settings asks for, as JSON with its names in order.
func asSent(fields map[string]any) string {
	b, err := json.Marshal(fields)
	if err != nil {
		return ""
	}
	return string(b)
}

func writableSettings() []string {
	var out []string
	for _, st := range settingsTable() {
		if st.put != nil {
			out = append(out, st.name)
		}
	}
	slices.Sort(out)
	return out
}

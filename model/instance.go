package model

import (
	"slices"
	"time"
)

// Metadata is what the instance says it is (GET /metadata, contract §9).
type Metadata struct {
	Version    Version   `json:"version"`
	Revision   Text      `json:"revision"`
	Enterprise Opt[bool] `json:"enterprise"` // absent on old versions; then the suffix decides
}

// EE reports whether the Enterprise Edition package runs here: only it knows
// licences.
func (m Metadata) EE() bool {
	if v, ok := m.Enterprise.Get(); ok {
		return v
	}
	return m.Version.Suffix == "ee"
}

// Token is what the instance says about the token in use. It never holds the
// token itself (GET /personal_access_tokens/self, contract §11.2).
type Token struct {
	ID      int64          `json:"id"`
	Name    Text           `json:"name"`
	Scopes  []string       `json:"scopes"`
	UserID  int64          `json:"user_id"`
	Active  bool           `json:"active"`
	Revoked bool           `json:"revoked"`
	Expires Day            `json:"expires_at"`
	LastUse Opt[time.Time] `json:"last_used_at"`
}

// Has reports whether the token carries the scope.
func (t Token) Has(scope string) bool {
	return slices.Contains(t.Scopes, scope)
}

// Allow says why the token's scopes do not reach as far as the operation; nil when
// they do, or when nobody could read them.
func (t Token) Allow(op Operation) *Error {
	if len(t.Scopes) == 0 || op.Scope != "api" || t.Has("api") {
		return nil
	}
	return Fail(ClassDenied, op.What, "the token's scope is too small; this needs "+op.Scope, "make a token with the scopes api, read_service_ping and admin_mode")
}

// Operator is the account behind the token. Effective tells whether the
// instance treats it as an administrator right now; Admin only that the
// account is one (contract §5.3, §11.3).
type Operator struct {
	ID        int64     `json:"id"`
	Username  Text      `json:"username"`
	Admin     bool      `json:"admin"`
	Effective Opt[bool] `json:"effective_admin"`
}

// Settings is the allow-list of application settings that are read and kept.
// The settings object holds secrets; nothing else of it is decoded
// (contract §7.1). Unknown means: this version does not have the setting.
type Settings struct {
	ServicePing      Opt[bool] `json:"usage_ping_enabled"`
	Features         Opt[bool] `json:"usage_ping_features_enabled"` // effective value, contract §7.3
	OptionalMetrics  Opt[bool] `json:"include_optional_metrics_in_service_ping"`
	PingGeneration   Opt[bool] `json:"usage_ping_generation_enabled"`
	ProductUsage     Opt[bool] `json:"gitlab_product_usage_data_enabled"`
	ProductUsageFrom Text      `json:"gitlab_product_usage_data_source"`
	VersionCheck     Opt[bool] `json:"version_check_enabled"`
	AdminMode        Opt[bool] `json:"admin_mode"`
	Maintenance      Opt[bool] `json:"maintenance_mode"`
	SilentMode       Opt[bool] `json:"silent_mode_enabled"`
	Deactivate       Opt[bool] `json:"deactivate_dormant_users"`
	DormantDays      Opt[int]  `json:"deactivate_dormant_users_period"`
	SeatControl      Opt[int]  `json:"seat_control"`         // read if present, contract §6.4
	SignupsCap       Opt[int]  `json:"new_user_signups_cap"` // read if present
}

// DefaultDormantDays is GitLab's default period after which an account counts
// as dormant (contract §6.6).
const DefaultDormantDays = 90

// DormantPeriod returns the instance's own dormancy period in days, GitLab's
// default when it could not be read.
func (s Settings) DormantPeriod() int { return s.DormantDays.Or(DefaultDormantDays) }

// Statistics is GET /application/statistics: approximate counts, except
// ActiveUsers (contract §5.5).
type Statistics struct {
	Users       Opt[int] `json:"users"`        // an estimate
	ActiveUsers Opt[int] `json:"active_users"` // accounts in state active, bots included; not the billable count
	Projects    Opt[int] `json:"projects"`
	Groups      Opt[int] `json:"groups"`
}

// Ping is what is kept of the cached Service Ping payload (contract §7.7).
// Empty tells that the instance has none cached.
type Ping struct {
	Empty      bool           `json:"empty"`
	Bytes      int            `json:"bytes"`
	UUID       Text           `json:"uuid"`
	Hostname   Text           `json:"hostname"`
	RecordedAt Opt[time.Time] `json:"recorded_at"`
	Counts     int            `json:"counts"`     // how many metrics the payload holds
	SHA256     string         `json:"sha256"`     // of the payload as it was read, hexadecimal; "" without one
	Categories []string       `json:"categories"` // data categories the payload says it holds
	Naming     []string       `json:"naming"`     // members in it that name the server, the licensee or the licence
}

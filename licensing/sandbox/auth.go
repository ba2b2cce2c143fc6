package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// Ready-made tokens. They are public on purpose: the sandbox listens on
// loopback only and holds nothing real.
const (
	TokenAdmin       = "glpat-sandbox-admin"         // stands in for Config.Token when that is empty
	TokenOperator    = "glpat-sandbox-operator"      // api, admin_mode, read_service_ping
	TokenReadOnly    = "glpat-sandbox-read-only"     // read_api, admin_mode, read_service_ping
	TokenNoAdminMode = "glpat-sandbox-no-admin-mode" // api, without admin_mode
	TokenReadUser    = "glpat-sandbox-read-user"     // read_user only: too small for most
	TokenPingOnly    = "glpat-sandbox-ping-only"     // read_service_ping only
	TokenNonAdmin    = "glpat-sandbox-non-admin"     // api, of an account that is no administrator
	TokenExpired     = "glpat-sandbox-expired"
	TokenRevoked     = "glpat-sandbox-revoked"
	TokenBlocked     = "glpat-sandbox-blocked" // of a blocked account
)

// Token describes a ready-made token.
type Token struct {
	Value  string
	About  string
	Scopes []string
	Admin  bool // its account is an administrator
}

// knownScopes are the scopes a personal access token can have here.
var knownScopes = []string{"api", "read_api", "read_user", "admin_mode", "read_service_ping", "sudo", "self_rotate"}

// Tokens lists the ready-made tokens, without Config.Token.
func Tokens() []Token {
	return []Token{
		{TokenOperator, "may read and write, Admin Mode or not", []string{"api", "admin_mode", "read_service_ping"}, true},
		{TokenReadOnly, "may read everything", []string{"read_api", "admin_mode", "read_service_ping"}, true},
		{TokenNoAdminMode, "loses its powers when Admin Mode is on", []string{"api", "read_service_ping"}, true},
		{TokenReadUser, "may read users and little else", []string{"read_user"}, true},
		{TokenPingOnly, "may read the Service Ping payload only", []string{"read_service_ping", "admin_mode"}, true},
		{TokenNonAdmin, "belongs to an account that is no administrator", []string{"api"}, false},
		{TokenExpired, "ended three days ago", []string{"api", "admin_mode"}, true},
		{TokenRevoked, "was revoked", []string{"api", "admin_mode"}, true},
		{TokenBlocked, "belongs to a blocked account", []string{"api"}, false},
	}
}

// token is a personal access token.
type token struct {
	value   string
	id      int
	name    string
	user    uint32 // account id
	scopes  []string
	created time.Time
	expires time.Time // at 00:00 UTC of the day
	used    time.Time
	revoked bool
}

func (t *token) can(scopes []string) bool {
	return len(scopes) == 0 || slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(t.scopes, s) })
}

type tokenSet struct {
	byValue map[string]*token
}

// newTokens hands out Config.Token and the ready-made ones.
func newTokens(admin string, k knobs, w *world, born time.Time) *tokenSet {
	set := &tokenSet{byValue: map[string]*token{}}
	day := born.Truncate(24 * time.Hour)
	add := func(value, name string, user uint32, scopes []string) *token {
		t := &token{
			value: value, id: len(set.byValue) + 1, name: name, user: user, scopes: scopes,
			created: day.AddDate(0, 0, -40).Add(9*time.Hour + 12*time.Minute), expires: day.AddDate(0, 0, 200),
		}
		set.byValue[value] = t
		return t
	}
	root := w.accounts[0].id
	for _, t := range Tokens() {
		owner := root
		switch {
		case t.Value == TokenBlocked:
			owner = w.firstWhere(func(a *account) bool { return a.kind == human && a.state == blocked })
		case !t.Admin:
			owner = w.firstWhere(func(a *account) bool { return a.kind == human && a.state == active && !a.has(flagAdmin) })
		}
		made := add(t.Value, strings.TrimPrefix(t.Value, "glpat-sandbox-"), owner, t.Scopes)
		switch t.Value {
		case TokenExpired:
			made.expires = day.AddDate(0, 0, -3)
		case TokenRevoked:
			made.revoked = true
		}
	}
	add(admin, "seatdeck", root, k.tokenScopes)
	return set
}

// firstWhere finds the oldest account of a sort; every world has one of each
// sort asked for here.
func (w *world) firstWhere(want func(*account) bool) uint32 {
	i := slices.IndexFunc(w.accounts, func(a account) bool { return want(&a) })
	if i < 0 {
		return 0
	}
	return w.accounts[i].id
}

// credential is where a request carried its token.
type credential string

const (
	credentialNone    credential = "none"
	credentialPrivate credential = "private-token"
	credentialBearer  credential = "bearer"
	credentialQuery   credential = "parameter"
)

// refusal is why a token does not count.
type refusal uint8

const (
	accepted refusal = iota
	tokenMissing
	tokenUnknown
	tokenExpired
	tokenRevoked
)

// identify finds out who is asking. It answers nothing: a public route does
// not care.
func (s *Server) identify(c *call) {
	value := ""
	switch bearer, isBearer := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer "); {
	case c.r.Header.Get("Private-Token") != "":
		c.credential, value = credentialPrivate, c.r.Header.Get("Private-Token")
	case isBearer:
		c.credential, value = credentialBearer, bearer
	case c.query.Get("private_token") != "":
		c.credential, value = credentialQuery, c.query.Get("private_token")
	default:
		c.credential, c.refusal = credentialNone, tokenMissing
		return
	}
	t, ok := s.tokens.byValue[value]
	switch {
	case !ok:
		c.refusal = tokenUnknown
		return
	case t.revoked:
		c.refusal = tokenRevoked
		return
	case !t.expires.IsZero() && !c.now.Before(t.expires):
		c.refusal = tokenExpired
		return
	}
	user, ok := s.world.at(int(t.user))
	if !ok {
		c.refusal = tokenUnknown
		return
	}
	c.token, c.user, t.used = t, user, c.now
}

// effectiveAdmin: an administrator who, when Admin Mode is on, also brings the
// scope for it (contract §11.3).
func (c *call) effectiveAdmin() bool {
	if c.user == nil || !c.user.has(flagAdmin) || c.user.state != active {
		return false
	}
	return !c.s.knobs.adminMode || !c.s.knobs.version.hasAdminModeScope() || slices.Contains(c.token.scopes, "admin_mode")
}

// admit checks a request against its route and answers when it may not pass.
func (c *call) admit(rt *route) bool {
	if rt.public && c.refusal == tokenMissing {
		return true
	}
	if c.refusal != accepted {
		c.unauthorized()
		return false
	}
	if reason := c.barred(); reason != "" {
		c.forbidden(reason)
		return false
	}
	if !c.token.can(rt.scopes) {
		c.insufficientScope(rt.scopes)
		return false
	}
	if rt.admin && !c.effectiveAdmin() {
		c.forbidden("")
		return false
	}
	return true
}

// barred words why an account may not use the API at all.
func (c *call) barred() string {
	switch c.user.state {
	case active:
		return ""
	case deactivated:
		return "Your account has been deactivated. Please reactivate it by logging in via web."
	case pendingApproval:
		return "Your request to join is pending approval from an administrator."
	}
	return "Your account has been blocked."
}

// getTokenSelf is GET /personal_access_tokens/self (contract §11.2).
func getTokenSelf(c *call) {
	t := c.token
	out := struct {
		ID          int      `json:"id"`
		Name        string   `json:"name"`
		Revoked     bool     `json:"revoked"`
		CreatedAt   string   `json:"created_at"`
		Description *string  `json:"description"`
		Scopes      []string `json:"scopes"`
		UserID      int      `json:"user_id"`
		LastUsedAt  *string  `json:"last_used_at"`
		Active      bool     `json:"active"`
		ExpiresAt   *string  `json:"expires_at"`
	}{
		ID: t.id, Name: t.name, Revoked: t.revoked, CreatedAt: timestamp(t.created), Scopes: t.scopes,
		UserID: int(t.user), LastUsedAt: optional(t.used, timestamp), Active: true, ExpiresAt: optional(t.expires, date),
	}
	c.json(http.StatusOK, out)
}

// timestamp words a moment as the API does: UTC, milliseconds, Z.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// date words a day.
func date(t time.Time) string { return t.UTC().Format("2006-01-02") }

// optional words a moment that may be missing: null, never a zero date.
func optional(t time.Time, word func(time.Time) string) *string {
	if t.IsZero() {
		return nil
	}
	text := word(t)
	return &text
}

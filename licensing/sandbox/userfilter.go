package sandbox

import (
	"net/http"
	"slices"
	"sort"
	"strings"
	"time"
)

// boolFilters are the "only these" filters of GET /users. A false value asks
// for nothing; it is no negation (contract §5.1).
var boolFilters = map[string]struct {
	since version
	match func(*account) bool
}{
	"active":               {match: func(a *account) bool { return a.state == active && !a.kind.isInternal() }},
	"blocked":              {match: func(a *account) bool { return a.state == blocked || a.state == ldapBlocked }},
	"external":             {match: func(a *account) bool { return a.has(flagExternal) }},
	"exclude_external":     {match: func(a *account) bool { return !a.has(flagExternal) }},
	"exclude_internal":     {match: func(a *account) bool { return !a.kind.isInternal() }},
	"without_project_bots": {match: func(a *account) bool { return a.kind != projectBot }},
	"humans":               {version{17, 0, 0}, func(a *account) bool { return a.kind == human }},
	"exclude_humans":       {version{17, 0, 0}, func(a *account) bool { return a.kind != human }},
	"exclude_active":       {version{17, 0, 0}, func(a *account) bool { return a.state != active }},
	"skip_ldap":            {match: func(a *account) bool { return !a.has(flagLDAP) }},
	"auditors":             {match: func(a *account) bool { return a.has(flagAuditor) }},
}

// eeFilters exist in the Enterprise Edition only.
var eeFilters = []string{"skip_ldap", "auditors"}

// filters collects what an account must satisfy.
type filters []func(*account) bool

func (f filters) match(a *account) bool {
	for _, want := range f {
		if !want(a) {
			return false
		}
	}
	return true
}

// userQuery is a read and checked GET /users.
type userQuery struct {
	filters       filters
	after, before time.Time // creation, both ends included; zero: open
	orderBy       string
	desc          bool
}

// userQuery reads the parameters. It answers and reports false when the
// request cannot be served. For a caller who is not an effective
// administrator, some parameters are dropped without a word.
func (c *call) userQuery(admin bool) (userQuery, bool) {
	q := userQuery{orderBy: "id", desc: true}
	if !c.boolParameters(&q, admin) || !c.textParameters(&q, admin) {
		return q, false
	}
	if !admin {
		q.filters = append(q.filters, func(a *account) bool {
			return a.state != blocked && a.state != banned && a.state != ldapBlocked
		})
		return q, true
	}
	return q, c.adminParameters(&q)
}

func (c *call) boolParameters(q *userQuery, admin bool) bool {
	for name, f := range boolFilters {
		value, ok := c.isTrue(name)
		if !ok {
			c.badParameter(name, "is invalid")
			return false
		}
		known := c.s.knobs.version.atLeast(f.since.major, f.since.minor) && (isEE(c.s) || !slices.Contains(eeFilters, name))
		if value && known {
			q.filters = append(q.filters, f.match)
		}
	}
	admins, ok := c.isTrue("admins")
	if !ok {
		c.badParameter("admins", "is invalid")
		return false
	}
	if admins && admin {
		q.filters = append(q.filters, func(a *account) bool { return a.has(flagAdmin) })
	}
	return true
}

func (c *call) textParameters(q *userQuery, admin bool) bool {
	n := c.s.world.names
	if name := c.query.Get("username"); name != "" {
		q.filters = append(q.filters, func(a *account) bool { return strings.EqualFold(n.username(a), name) })
	}
	if text := strings.ToLower(c.query.Get("search")); text != "" {
		q.filters = append(q.filters, func(a *account) bool { return n.matches(a, text) })
	}
	if mail := c.query.Get("public_email"); mail != "" {
		q.filters = append(q.filters, func(a *account) bool { return a.has(flagPublicEmail) && n.email(a) == mail })
	}
	uid, provider := c.query.Get("extern_uid"), c.query.Get("provider")
	switch {
	case c.query.Has("extern_uid") != c.query.Has("provider"):
		c.json(http.StatusBadRequest, errorText{"extern_uid, provider provide all or none of parameters"})
		return false
	case uid == "":
	case !admin:
		c.forbidden("")
		return false
	default:
		q.filters = append(q.filters, func(a *account) bool {
			p, u := n.identity(a)
			return p == provider && u == uid
		})
	}
	return true
}

// adminParameters reads those that only an effective administrator may use.
func (c *call) adminParameters(q *userQuery) bool {
	for name, into := range map[string]*time.Time{"created_after": &q.after, "created_before": &q.before} {
		if text := c.query.Get(name); text != "" {
			t, ok := readTime(text)
			if !ok {
				c.badParameter(name, "is invalid")
				return false
			}
			*into = t
		}
	}
	if by := c.query.Get("order_by"); by != "" {
		if !slices.Contains([]string{"id", "name", "username", "created_at", "updated_at"}, by) {
			c.badParameter("order_by", "does not have a valid value")
			return false
		}
		q.orderBy = by
	}
	switch c.query.Get("sort") {
	case "", "desc":
	case "asc":
		q.desc = false
	default:
		c.badParameter("sort", "does not have a valid value")
		return false
	}
	switch c.query.Get("two_factor") {
	case "enabled":
		q.filters = append(q.filters, func(a *account) bool { return a.has(flagTwoFactor) })
	case "disabled":
		q.filters = append(q.filters, func(a *account) bool { return !a.has(flagTwoFactor) })
	}
	if only, _ := c.isTrue("without_projects"); only {
		q.filters = append(q.filters, func(a *account) bool { return c.s.world.standingOf(a).highest < guest })
	}
	return true
}

// readTime reads a moment as the API does: RFC 3339, or a plain date.
func readTime(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// listing applies a query to the crowd. Creation grows with the id, so bounds
// on it are a range of ranks; that order by creation is the order by id.
func (w *world) listing(q userQuery) *listing {
	l := &listing{w: w, hi: len(w.accounts), desc: q.desc, match: q.filters.match}
	lo, hi := 0, len(w.accounts)
	if !q.after.IsZero() {
		ms := ceilMilli(q.after)
		lo = sort.Search(len(w.accounts), func(i int) bool { return w.accounts[i].created >= ms })
	}
	if !q.before.IsZero() {
		ms := q.before.UnixMilli()
		hi = sort.Search(len(w.accounts), func(i int) bool { return w.accounts[i].created > ms })
	}
	if q.orderBy == "id" || q.orderBy == "created_at" {
		l.lo, l.hi = lo, max(lo, hi)
		return l
	}
	l.order = w.order(q.orderBy)
	if lo > 0 || hi < len(w.accounts) {
		from, to := uint32(0), ^uint32(0)
		if lo > 0 {
			from = w.idAt(lo)
		}
		if hi < len(w.accounts) {
			to = w.idAt(hi)
		}
		l.match = func(a *account) bool { return a.id >= from && a.id < to && q.filters.match(a) }
	}
	return l
}

// idAt is the id at a position; past the end it is beyond every id.
func (w *world) idAt(i int) uint32 {
	if i >= len(w.accounts) {
		return ^uint32(0)
	}
	return w.accounts[i].id
}

// ceilMilli rounds a moment up to the millisecond, the grain of created_at.
func ceilMilli(t time.Time) int64 {
	ms := t.UnixMilli()
	if t.Nanosecond()%int(time.Millisecond) != 0 {
		ms++
	}
	return ms
}

// matches is what "search" looks at: parts of name and username, the whole
// e-mail address. Short texts must be the whole name or username.
func (n *names) matches(a *account, lower string) bool {
	name, user := strings.ToLower(string(n.appendName(nil, a))), n.username(a)
	if len([]rune(lower)) < 3 {
		return name == lower || user == lower
	}
	return strings.Contains(name, lower) || strings.Contains(user, lower) || n.email(a) == lower
}

// email is an account's primary address.
func (n *names) email(a *account) string {
	return string(n.appendEmail(nil, a))
}

func (n *names) appendEmail(b []byte, a *account) []byte {
	b = n.appendUsername(b, a)
	if a.kind != human {
		return append(b, "@noreply.gitlab.example.com"...)
	}
	return append(b, "@nordhafen.example"...)
}

// identity is the account's external login, if it has one.
func (n *names) identity(a *account) (provider, uid string) {
	switch {
	case a.has(flagLDAP):
		return "ldapmain", "uid=" + n.username(a) + ",ou=people,dc=nordhafen,dc=example"
	case a.has(flagSAML):
		return "saml", n.email(a)
	}
	return "", ""
}

package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// getUsers is GET /users (contract §5.1, §5.2).
func getUsers(c *call) {
	admin := c.effectiveAdmin()
	if c.user == nil && c.query.Get("username") == "" {
		c.forbidden("Not authorized to access /api/v4/users")
		return
	}
	if c.query.Get("saml_provider_id") != "" && isEE(c.s) {
		c.forbidden("saml_provider_id attribute was removed for security reasons. Consider using 'GET /groups/:id/saml_users' API endpoint instead, or '/groups/:id/users' with 'include_saml_users=true'")
		return
	}
	q, ok := c.userQuery(admin)
	if !ok {
		return
	}
	var page []*account
	if c.query.Get("pagination") == "keyset" {
		if !c.s.knobs.version.hasUserKeyset() {
			c.json(http.StatusMethodNotAllowed, errorText{"Keyset pagination is not yet available for this type of request"})
			return
		}
		page = c.keysetUsers(c.s.world.listing(q), q.orderBy)
	} else {
		page = c.offsetUsers(c.s.world.listing(q))
	}
	if page == nil {
		return // refused; the answer is made
	}
	shape := shapePublic
	if admin {
		shape = shapeAdmin
	}
	c.users(page, shape)
}

// users answers with a list of accounts.
func (c *call) users(page []*account, shape userShape) {
	u := c.userWriter()
	b := make([]byte, 0, 2+len(page)*1200)
	b = append(b, '[')
	for i, a := range page {
		if i > 0 {
			b = append(b, ',')
		}
		b = u.append(b, a, shape)
	}
	c.raw(http.StatusOK, "application/json", append(b, ']'))
}

// userFromPath finds the account a request names, or answers 404.
func (c *call) userFromPath() *account {
	a, ok := c.s.world.at(c.id())
	if !ok {
		c.notFound("User")
		return nil
	}
	return a
}

// getUser is GET /users/:id.
func getUser(c *call) {
	a := c.userFromPath()
	if a == nil {
		return
	}
	shape := shapeProfile
	if c.effectiveAdmin() {
		shape = shapeDetails
	}
	c.raw(http.StatusOK, "application/json", c.userWriter().append(nil, a, shape))
}

// getCurrentUser is GET /user. It shows an administrator the administrator's
// shape whether or not Admin Mode lets it through (contract §5.3).
func getCurrentUser(c *call) {
	shape := shapeOwn
	if c.user.has(flagAdmin) {
		shape = shapeAdmin
	}
	c.raw(http.StatusOK, "application/json", c.userWriter().append(nil, c.user, shape))
}

// getMemberships is GET /users/:id/memberships: direct ones, paged by offset.
// As in GitLab's own models, the list of one type leaves requests for access
// out, that of namespaces Minimal Access too, and the list without a type has
// them all, with nothing to tell them apart.
func getMemberships(c *call) {
	type row struct {
		SourceID    int    `json:"source_id"`
		SourceName  string `json:"source_name"`
		SourceType  string `json:"source_type"`
		AccessLevel uint8  `json:"access_level"`
	}
	a := c.userFromPath()
	if a == nil {
		return
	}
	only := c.query.Get("type")
	if only != "" && only != "Project" && only != "Namespace" {
		c.badParameter("type", "does not have a valid value")
		return
	}
	var all []row
	for _, m := range c.s.world.membershipsOf(a) {
		sourceType, name, id := c.s.world.sourceName(m)
		hidden := m.flags&memberRequest != 0 || sourceType == "Namespace" && m.level < guest
		if only == "" || only == sourceType && !hidden {
			all = append(all, row{id, name, sourceType, m.level})
		}
	}
	if page, ok := cutPage(c, all); ok {
		c.json(http.StatusOK, page)
	}
}

// cutPage cuts one offset page out of a short list and sets its headers.
func cutPage[T any](c *call, all []T) ([]T, bool) {
	page, perPage, ok := c.pageParameters()
	if !ok {
		return nil, false
	}
	from := min(len(all), (page-1)*perPage)
	to := min(len(all), from+perPage)
	c.offsetPage(page, perPage, len(all), to < len(all))
	return append([]T{}, all[from:to]...), true
}

// getAssociations is GET /users/:id/associations_count: for administrators,
// and for everyone about themselves.
func getAssociations(c *call) {
	a := c.userFromPath()
	if a == nil {
		return
	}
	if !c.effectiveAdmin() && a.id != c.user.id {
		c.forbidden("")
		return
	}
	out := struct {
		Groups        int    `json:"groups_count"`
		Projects      int    `json:"projects_count"`
		Issues        uint64 `json:"issues_count"`
		MergeRequests uint64 `json:"merge_requests_count"`
	}{}
	for _, m := range c.s.world.membershipsOf(a) {
		switch kind, _, _ := c.s.world.sourceName(m); {
		case m.flags&memberRequest != 0:
		case kind == "Project":
			out.Projects++
		default:
			out.Groups++
		}
	}
	if a.activity != 0 {
		out.Issues, out.MergeRequests = scatter(uint64(a.id))%180, scatter(uint64(a.id)+1)%240
	}
	c.json(http.StatusOK, out)
}

// getActivities is GET /user/activities: who was active from a day on, the
// longest ago first. Without a day, the last six months.
func getActivities(c *call) {
	type row struct {
		Username       string `json:"username"`
		LastActivityOn string `json:"last_activity_on"`
		LastActivityAt string `json:"last_activity_at"` // the older name of the same
	}
	from := c.now.AddDate(0, -6, 0)
	if text := c.query.Get("from"); text != "" {
		t, ok := readTime(text)
		if !ok {
			c.badParameter("from", "is invalid")
			return
		}
		from = t
	}
	first := uint16(max(0, from.Unix()/86400))
	var all []*account
	for i := range c.s.world.accounts {
		if a := &c.s.world.accounts[i]; a.activity >= max(first, 1) && !a.has(flagGone) {
			all = append(all, a)
		}
	}
	slices.SortStableFunc(all, func(a, b *account) int { return int(a.activity) - int(b.activity) })
	page, ok := cutPage(c, all)
	if !ok {
		return
	}
	out := make([]row, len(page))
	for i, a := range page {
		day, _ := a.activeOn() // the loop above let only active ones in
		out[i] = row{c.s.world.names.username(a), date(day), date(day)}
	}
	c.json(http.StatusOK, out)
}

// getMetadata is GET /metadata and its older name GET /version (contract §9).
func getMetadata(c *call) {
	type kas struct {
		Enabled     bool    `json:"enabled"`
		ExternalURL *string `json:"externalUrl"`
		K8sProxyURL *string `json:"externalK8sProxyUrl"`
		Version     *string `json:"version"`
	}
	v := c.s.knobs.version
	if !v.hasTokenSelf() && strings.HasSuffix(c.r.URL.Path, "/version") {
		c.json(http.StatusOK, map[string]string{"version": c.s.versionText(), "revision": c.s.revision()})
		return
	}
	out := struct {
		Version    string `json:"version"`
		Revision   string `json:"revision"`
		Kas        kas    `json:"kas"`
		Enterprise bool   `json:"enterprise"`
	}{Version: c.s.versionText(), Revision: c.s.revision(), Enterprise: c.s.knobs.edition == "ee"}
	c.json(http.StatusOK, out)
}

// revision is the short commit of the made-up build.
func (s *Server) revision() string {
	const hex = "0123456789abcdef"
	b := make([]byte, 11)
	for i := range b {
		b[i] = hex[mix(0, "revision/"+s.knobs.version.String(), uint64(i))%16]
	}
	return string(b)
}

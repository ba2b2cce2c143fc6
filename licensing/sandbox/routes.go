package sandbox

import (
	"net/http"
	"strings"
)

// route is one operation of the API.
type route struct {
	method  string
	pattern string // below /api/v4; ":id" is a number
	scopes  []string
	admin   bool // needs an effective administrator
	public  bool // needs no token
	ee      bool // exists in the Enterprise Edition only
	since   func(version) bool
	handle  func(*call)
}

// The scopes that open a route, besides "api", which opens all of them.
var (
	reading     = []string{"api", "read_api"}
	readingUser = []string{"api", "read_api", "read_user"}
	readingPing = []string{"api", "read_api", "read_service_ping"}
	writing     = []string{"api"}
	anyScope    = []string(nil)
)

// routes is the REST surface. Sources: contract §13 and the published OpenAPI
// description.
var routes = []route{
	{method: http.MethodGet, pattern: "/metadata", scopes: readingUser, since: version.hasMetadata, handle: getMetadata},
	{method: http.MethodGet, pattern: "/version", scopes: readingUser, handle: getMetadata},
	{method: http.MethodGet, pattern: "/personal_access_tokens/self", scopes: anyScope, since: version.hasTokenSelf, handle: getTokenSelf},
	{method: http.MethodGet, pattern: "/user", scopes: readingUser, handle: getCurrentUser},
	{method: http.MethodGet, pattern: "/user/activities", scopes: readingUser, admin: true, handle: getActivities},

	{method: http.MethodGet, pattern: "/license", scopes: reading, admin: true, ee: true, handle: getLicense},
	{method: http.MethodPost, pattern: "/license", scopes: writing, admin: true, ee: true, handle: postLicense},
	{method: http.MethodGet, pattern: "/licenses", scopes: reading, admin: true, ee: true, handle: getLicenses},
	{method: http.MethodGet, pattern: "/license/usage_export", scopes: reading, admin: true, ee: true, since: version.hasUsageExport, handle: getUsageExport},
	{method: http.MethodGet, pattern: "/license/usage_export.csv", scopes: reading, admin: true, ee: true, since: version.hasUsageExport, handle: getUsageExport},
	{method: http.MethodGet, pattern: "/license/:id", scopes: reading, admin: true, ee: true, handle: getLicenseByID},
	{method: http.MethodDelete, pattern: "/license/:id", scopes: writing, admin: true, ee: true, handle: deleteLicense},
	{method: http.MethodPut, pattern: "/license/:id/refresh_billable_users", scopes: writing, admin: true, ee: true, handle: putRefreshBillable},

	{method: http.MethodGet, pattern: "/users", scopes: readingUser, public: true, handle: getUsers},
	{method: http.MethodGet, pattern: "/users/:id", scopes: readingUser, handle: getUser},
	{method: http.MethodGet, pattern: "/users/:id/memberships", scopes: readingUser, admin: true, handle: getMemberships},
	{method: http.MethodGet, pattern: "/users/:id/associations_count", scopes: readingUser, handle: getAssociations},
	{method: http.MethodPost, pattern: "/users/:id/block", scopes: writing, admin: true, handle: blockUser},
	{method: http.MethodPost, pattern: "/users/:id/unblock", scopes: writing, admin: true, handle: unblockUser},
	{method: http.MethodPost, pattern: "/users/:id/ban", scopes: writing, admin: true, handle: banUser},
	{method: http.MethodPost, pattern: "/users/:id/unban", scopes: writing, admin: true, handle: unbanUser},
	{method: http.MethodPost, pattern: "/users/:id/deactivate", scopes: writing, admin: true, handle: deactivateUser},
	{method: http.MethodPost, pattern: "/users/:id/activate", scopes: writing, admin: true, handle: activateUser},
	{method: http.MethodPost, pattern: "/users/:id/approve", scopes: writing, admin: true, handle: approveUser},
	{method: http.MethodPost, pattern: "/users/:id/reject", scopes: writing, admin: true, handle: rejectUser},

	{method: http.MethodGet, pattern: "/application/settings", scopes: reading, admin: true, handle: getSettings},
	{method: http.MethodPut, pattern: "/application/settings", scopes: writing, admin: true, handle: putSettings},
	{method: http.MethodGet, pattern: "/application/statistics", scopes: reading, admin: true, handle: getStatistics},
	{method: http.MethodGet, pattern: "/usage_data/service_ping", scopes: readingPing, admin: true, since: version.hasServicePing, handle: getServicePing},
	{method: http.MethodGet, pattern: "/usage_data/metric_definitions", public: true, handle: getMetricDefinitions},
	{method: http.MethodGet, pattern: "/usage_data/queries", scopes: reading, admin: true, handle: getSwitchedOff},
	{method: http.MethodGet, pattern: "/usage_data/non_sql_metrics", scopes: reading, admin: true, handle: getSwitchedOff},
}

// dispatch finds the operation, checks who may use it, and runs it.
func (s *Server) dispatch(c *call) {
	path := c.r.URL.Path
	switch {
	case path == "/api/graphql":
		s.graphql(c)
	case path == "/api/v4" || strings.HasPrefix(path, "/api/"):
		s.dispatchREST(c, strings.TrimPrefix(path, "/api/v4"))
	default:
		s.webPage(c)
	}
}

func (s *Server) dispatchREST(c *call, path string) {
	allowed := false
	for i := range routes {
		rt := &routes[i]
		named, ok := matchPath(rt.pattern, path)
		if !ok || rt.ee && s.knobs.edition != "ee" || rt.since != nil && !rt.since(s.knobs.version) {
			continue
		}
		if rt.method != c.r.Method && !(rt.method == http.MethodGet && c.r.Method == http.MethodHead) {
			allowed = true
			continue
		}
		c.path = named
		if c.admit(rt) {
			rt.handle(c)
		}
		return
	}
	if allowed {
		c.json(http.StatusMethodNotAllowed, errorText{"405 Not Allowed"})
		return
	}
	c.json(http.StatusNotFound, errorText{"404 Not Found"})
}

// matchPath compares a path with a pattern segment by segment; ":id" takes
// digits only, as GitLab's own route requirement does.
func matchPath(pattern, path string) (map[string]string, bool) {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	var named map[string]string
	for i, segment := range want {
		switch {
		case segment == ":id":
			if got[i] == "" || strings.Trim(got[i], "0123456789") != "" {
				return nil, false
			}
			named = map[string]string{"id": got[i]}
		case segment != got[i]:
			return nil, false
		}
	}
	return named, true
}

// webPage answers for everything outside the API: a person's pages, which want
// a browser session that no token can give.
func (s *Server) webPage(c *call) {
	switch path := c.r.URL.Path; {
	case path == "/users/sign_in":
		c.raw(http.StatusOK, "text/html; charset=utf-8", signInPage)
	case path == "/" || path == "/admin" || strings.HasPrefix(path, "/admin/"):
		c.header.Set("Location", c.base+"/users/sign_in")
		c.raw(http.StatusFound, "text/html; charset=utf-8", []byte("<html><body>You are being redirected.</body></html>"))
	default:
		c.raw(http.StatusNotFound, "text/html; charset=utf-8", []byte("<!DOCTYPE html>\n<html><head><title>Not Found</title></head><body><h1>404: Page not found</h1></body></html>\n"))
	}
}

var signInPage = []byte("<!DOCTYPE html>\n<html><head><title>Sign in · GitLab</title></head><body><h1>GitLab (made up)</h1><p>Sign in to continue.</p></body></html>\n")

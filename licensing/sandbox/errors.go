package sandbox

import (
	"net/http"
	"strings"
)

// The shapes of an error body (contract §11.5).
type (
	messageText struct {
		Message string `json:"message"`
	}
	messageFields struct {
		Message map[string][]string `json:"message"`
	}
	errorText struct {
		Error string `json:"error"`
	}
	oauthError struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
		Scope       string `json:"scope,omitempty"`
	}
)

// fail answers with the plain form, {"message": …}.
func (c *call) fail(status int, message string) { c.json(status, messageText{message}) }

// forbidden answers 403, with a reason if there is one.
func (c *call) forbidden(reason string) {
	if reason != "" {
		reason = " - " + reason
	}
	c.fail(http.StatusForbidden, "403 Forbidden"+reason)
}

// notFound answers 404 for a named thing, such as "User".
func (c *call) notFound(what string) {
	if what != "" {
		what += " "
	}
	c.fail(http.StatusNotFound, "404 "+what+"Not Found")
}

// badParameter answers 400 as the parameter layer does.
func (c *call) badParameter(name, problem string) {
	c.json(http.StatusBadRequest, errorText{name + " " + problem})
}

// unauthorized words why a token does not count (contract §11.4). A token
// that is not known is refused in the words of the header it came in.
func (c *call) unauthorized() {
	description := map[refusal]string{
		tokenExpired: "Token is expired. You can either do re-authorization or token refresh.",
		tokenRevoked: "Token was revoked. You have to re-authorize from the user.",
		tokenUnknown: "Bad Access Token.",
	}[c.refusal]
	if description == "" || c.refusal == tokenUnknown && c.credential != credentialBearer {
		c.fail(http.StatusUnauthorized, "401 Unauthorized")
		return
	}
	c.json(http.StatusUnauthorized, oauthError{Error: "invalid_token", Description: description})
}

// insufficientScope refuses a token whose scopes do not open the route.
func (c *call) insufficientScope(scopes []string) {
	c.json(http.StatusForbidden, oauthError{
		Error:       "insufficient_scope",
		Description: "The request requires higher privileges than provided by the access token.",
		Scope:       strings.Join(scopes, " "),
	})
}

// refuseWrite answers writes in maintenance mode and reports whether it did.
// Settings stay writable, or the mode could not be left; GraphQL decides for
// itself, because its queries are posted too (contract §11.7).
func (s *Server) refuseWrite(c *call) bool {
	path := c.r.URL.Path
	if !c.writes || path == "/api/graphql" || path == "/api/v4/application/settings" || path == "/oauth/token" {
		return false
	}
	switch {
	case !strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/json"):
		c.header.Set("Location", c.base+"/") // 301, as GitLab's read-only middleware sends it
		c.raw(http.StatusMovedPermanently, "text/html; charset=utf-8", nil)
	case s.knobs.version.maintenanceIs503():
		c.header.Set("Retry-After", "300")
		c.fail(http.StatusServiceUnavailable, maintenanceMessage)
	default:
		c.fail(http.StatusForbidden, readOnlyMessage)
	}
	return true
}

const (
	maintenanceMessage = "GitLab Maintenance: system is in maintenance mode"
	readOnlyMessage    = "You cannot perform write operations on a read-only instance"
)

package gitlab

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"seatdeck/model"
)

// answerText is what a refusal says, in any of the shapes of contract §11.5.
type answerText struct {
	message string // message, error or the first GraphQL error
	detail  string // error_description
	scope   string // scopes that would do, on insufficient_scope
	page    bool   // a web page
}

func readRefusal(header http.Header, body string) answerText {
	body = strings.TrimSpace(body)
	if webPage(header, body) {
		return answerText{page: true}
	}
	var o struct {
		Message     json.RawMessage `json:"message"`
		Error       json.RawMessage `json:"error"`
		Description string          `json:"error_description"`
		Scope       string          `json:"scope"`
		Errors      []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	if json.Unmarshal([]byte(body), &o) != nil {
		return answerText{message: cut(body)}
	}
	a := answerText{message: flat(o.Message), detail: cut(o.Description), scope: cut(o.Scope)}
	if a.message == "" {
		a.message = flat(o.Error)
	}
	if a.message == "" && len(o.Errors) > 0 {
		a.message = cut(o.Errors[0].Message)
	}
	return a
}

// flat words a message member: a text, or an object of field to texts.
func flat(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return cut(s)
	}
	var fields map[string][]string
	if json.Unmarshal(raw, &fields) != nil {
		return ""
	}
	var parts []string
	for f, texts := range fields {
		parts = append(parts, f+" "+strings.Join(texts, ", "))
	}
	slices.Sort(parts)
	return cut(strings.Join(parts, "; "))
}

func cut(s string) string {
	if len(s) > excerptBytes {
		s = s[:excerptBytes]
	}
	return model.CleanN(s, 200).String()
}

// webPage reports whether a body is meant for a browser.
func webPage(header http.Header, body string) bool {
	if strings.HasPrefix(strings.ToLower(header.Get("Content-Type")), "text/html") {
		return true
	}
	return strings.HasPrefix(strings.TrimLeft(body, "\ufeff \t\r\n"), "<")
}

// refusal words an answer that is not a good one. Each cause with its own
// remedy has its own words (contract §11.3-§11.7).
func (c *Client) refusal(cl *call) *model.Error {
	op, a := cl.op, readRefusal(cl.header, cl.excerpt)
	fail := func(class model.Class, msg, next string) *model.Error {
		return model.Fail(class, op.What, msg, next)
	}
	switch cl.status {
	case http.StatusUnauthorized:
		return unauthorised(op, a)
	case http.StatusForbidden:
		return c.forbidden(op, a)
	case http.StatusNotFound:
		if a.page {
			return notGitLab(op)
		}
		return fail(model.ClassUnsupported, "the instance does not have this"+c.onVersion(), "")
	case http.StatusMethodNotAllowed:
		return fail(model.ClassUnsupported, "the instance refuses to go on this way: "+orSilent(a.message), "")
	case http.StatusProxyAuthRequired:
		return fail(model.ClassUnreachable, "the proxy asks for a sign-in", "put user and password for the proxy into HTTPS_PROXY")
	case http.StatusTooManyRequests:
		return fail(model.ClassLocked, "the instance limits how often this account may ask", waitHint(cl, c))
	case http.StatusServiceUnavailable:
		if maintenance(a.message) {
			return inMaintenance(op)
		}
		return fail(model.ClassUnreachable, "GitLab is not available right now (503)", "try again in a few minutes"+waitTail(cl, c))
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		return fail(model.ClassUnreachable, fmt.Sprintf("the web server answers, GitLab behind it does not (%d)", cl.status), "try again in a few minutes; gitlab-ctl status on the server tells more")
	}
	if a.page {
		return notGitLab(op)
	}
	if cl.status >= 500 {
		return fail(model.ClassFailed, fmt.Sprintf("GitLab failed on this request (%d): %s", cl.status, orSilent(a.message)), "its log production_json.log names the cause")
	}
	return fail(model.ClassFailed, fmt.Sprintf("GitLab refused the request (%d): %s", cl.status, orSilent(a.message)), "")
}

func unauthorised(op model.Operation, a answerText) *model.Error {
	why := strings.ToLower(a.message + " " + a.detail)
	switch {
	case a.page:
		return model.Fail(model.ClassDenied, op.What, "a web page asks for a sign-in before GitLab is reached", "let /api/ pass whatever stands in front of GitLab")
	case strings.Contains(why, "expired"):
		return model.Fail(model.ClassDenied, op.What, "the token is expired", "make a new one under User settings > Access tokens and store it where token_file or token_command reads it")
	case strings.Contains(why, "revoked"):
		return model.Fail(model.ClassDenied, op.What, "the token was revoked", "find out by whom, then make a new one under User settings > Access tokens")
	}
	return model.Fail(model.ClassDenied, op.What, "the instance does not know this token", "check that the token belongs to this instance and is complete")
}

func (c *Client) forbidden(op model.Operation, a answerText) *model.Error {
	reason, blocked := strings.CutPrefix(a.message, "403 Forbidden - ")
	switch {
	case a.message == "insufficient_scope" || a.scope != "":
		need := op.Scope
		if need == "" {
			need = a.scope
		}
		return model.Fail(model.ClassDenied, op.What, "the token's scope is too small; this needs "+need, tokenFor(op))
	case maintenance(a.message):
		return inMaintenance(op)
	case blocked:
		return model.Fail(model.ClassDenied, op.What, "the instance refuses the token's account: "+reason, "use a token of an administrator whose account is active")
	case a.page:
		return model.Fail(model.ClassNotGitLab, op.What, "a web page refused the request before GitLab saw it (403)", "a proxy or firewall stands in front: let /api/ pass it")
	}
	return c.notAdmin(op)
}

// notAdmin words a plain 403. "Not an administrator" and "Admin Mode without
// the scope" look the same on the wire (contract §11.3); what was learned
// before tells them apart.
func (c *Client) notAdmin(op model.Operation) *model.Error {
	if e := c.whyNotAdmin(op); e != nil {
		return e
	}
	return model.Fail(model.ClassDenied, op.What, "this needs an administrator, and the instance does not take the token for one",
		"use an administrator's token; where Admin Mode is on, it needs the scope admin_mode as well")
}

// whyNotAdmin is why the instance does not take the token for an administrator's;
// nil where nobody knows.
func (c *Client) whyNotAdmin(op model.Operation) *model.Error {
	c.mu.Lock()
	admin, known := c.known.admin.Get()
	scopes := c.known.scopes
	c.mu.Unlock()
	switch {
	case known && !admin:
		return model.Fail(model.ClassDenied, op.What, "the token's account is not an administrator", "use a token of an administrator")
	case known && scopes != nil && !slices.Contains(scopes, "admin_mode"):
		return adminModeError(op)
	}
	return nil
}

// explained is the refusal of a question that is asked before anybody knows whose
// token it is: that is found out first. Failing to leaves the refusal as it is.
func (c *Client) explained(ctx context.Context, cl *call) *model.Error {
	c.mu.Lock()
	scopes := c.known.scopes
	c.mu.Unlock()
	if scopes == nil {
		_, _ = c.Token(ctx)
	}
	c.effective(ctx)
	return c.refusal(cl)
}

func adminModeError(op model.Operation) *model.Error {
	return model.Fail(model.ClassDenied, op.What, "Admin Mode is on and the token lacks the scope admin_mode", tokenFor(op))
}

// tokenFor says which token to make: one that reads, or one that also changes
// (contract §11.1).
func tokenFor(op model.Operation) string {
	if op.Writes {
		return "make a token with the scopes api, read_service_ping and admin_mode"
	}
	return "make a token with the scopes read_api, read_service_ping and admin_mode"
}

func notGitLab(op model.Operation) *model.Error {
	return model.Fail(model.ClassNotGitLab, op.What, "a web page answered instead of the GitLab API", "check url in config.toml: it must be GitLab's own address, with its relative root if it has one")
}

func inMaintenance(op model.Operation) *model.Error {
	return model.Fail(model.ClassRefused, op.What, "the instance is in maintenance mode: it can be read, not changed", "try again when maintenance is over")
}

// maintenance recognises both forms (contract §11.7).
func maintenance(msg string) bool {
	return strings.Contains(msg, "maintenance mode") || strings.Contains(msg, "read-only instance")
}

func (c *Client) onVersion() string {
	if v := c.version(); v.Known() {
		return " (not available on " + v.Short() + ")"
	}
	return ""
}

func orSilent(msg string) string {
	if msg == "" {
		return "no reason given"
	}
	return msg
}

func waitHint(cl *call, c *Client) string {
	if d, ok := retryAfter(cl.header.Get("Retry-After"), c.now()); ok {
		return "try again in " + roughly(d)
	}
	return "try again in a minute"
}

func waitTail(cl *call, c *Client) string {
	if d, ok := retryAfter(cl.header.Get("Retry-After"), c.now()); ok {
		return "; it asks to wait " + roughly(d)
	}
	return ""
}

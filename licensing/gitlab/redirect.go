package gitlab

import (
	"net/http"
	"net/url"
	"strings"

	"seatdeck/model"
)

// redirect decides about an answer that points elsewhere: nil for an ordinary
// answer, the next address for a read that stays within the instance, and an
// error for everything else (faults T-02).
func (t *transport) redirect(c *call, method string, from *url.URL, resp *http.Response, token string, hop int) (*url.URL, error) {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, nil
	}
	to, err := from.Parse(resp.Header.Get("Location"))
	if err != nil || to.Host == "" {
		return nil, model.Fail(model.ClassNotGitLab, c.op.What, "the answer was a redirect without a usable address", "check url in config.toml")
	}
	shown := redact(showURL(to), token)
	switch {
	case signIn(to):
		return nil, model.Fail(model.ClassNotGitLab, c.op.What, "the request was sent on to a sign-in page at "+shown,
			"something in front of GitLab wants its own sign-in: let /api/ pass it, or use an address that does")
	case !t.site.holds(to):
		return nil, model.Fail(model.ClassNotGitLab, c.op.What, "the instance sends this request on to another address, "+shown+"; the token was not sent there",
			"if that is the instance, set url = \""+redact(t.proposed(from, to), token)+"\"")
	case c.op.Writes || method != http.MethodGet:
		return nil, model.Fail(model.ClassNotGitLab, c.op.What, "the instance sends this request on to "+shown+", and such a request is never sent twice",
			"check url in config.toml")
	case hop >= maxHops:
		return nil, model.Fail(model.ClassNotGitLab, c.op.What, "the instance sends the request from one address to the next without an end", "check url in config.toml")
	case strings.HasSuffix(strings.TrimSuffix(to.Path, ".csv"), "/license/usage_export") && !strings.HasSuffix(from.Path, "/license/usage_export.csv"):
		// The export marks usage as reported on some licences: a read must not
		// be led into it (contract §1.10).
		return nil, model.Fail(model.ClassNotGitLab, c.op.What, "the instance sends this request on to the usage export, which was not asked for", "")
	}
	to.Fragment, to.RawFragment = "", ""
	return to, nil
}

// proposed is the base address that would have led to the target directly.
func (t *transport) proposed(from, to *url.URL) string {
	tail, ok := strings.CutPrefix(from.EscapedPath(), t.site.root)
	base := to.Scheme + "://" + to.Host
	if root, found := strings.CutSuffix(to.EscapedPath(), tail); ok && found {
		return base + root
	}
	return base
}

func signIn(u *url.URL) bool {
	p := strings.ToLower(u.Path)
	for _, mark := range []string{"/users/sign_in", "/users/auth/", "/login", "/signin", "/oauth2/", "/saml"} {
		if strings.Contains(p, mark) {
			return true
		}
	}
	return false
}

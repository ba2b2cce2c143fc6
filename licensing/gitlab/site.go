package gitlab

import (
	"net"
	"net/url"
	"strings"

	"seatdeck/model"
)

// site is the configured address: an origin, and below it the path where the
// instance lives (a relative URL root, usually empty).
type site struct {
	scheme, hostname, port string
	base                   string // scheme://host[:port][/root], no slash at the end
	root                   string // "" or "/root"
}

const opConnect = "connect"

// parseSite reads a base address. It accepts what people paste (a slash at the
// end, /api/v4) and refuses what would be a trap: user and password, a query,
// plain http to another machine.
func parseSite(raw string, allowHTTP bool) (site, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" || u.Opaque != "" {
		return site{}, model.Fail(model.ClassConfig, opConnect, "the address of the instance is not a URL", "write it like https://gitlab.example.com")
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return site{}, model.Fail(model.ClassConfig, opConnect, "the address of the instance must begin with https://", "write it like https://gitlab.example.com")
	case u.User != nil:
		return site{}, model.Fail(model.ClassConfig, opConnect, "the address of the instance holds a user name or password", "take it out of url; the token comes from token_file or token_command")
	case u.RawQuery != "" || u.Fragment != "":
		return site{}, model.Fail(model.ClassConfig, opConnect, "the address of the instance holds a query or a fragment", "write only scheme, host and path, like https://gitlab.example.com")
	case u.Scheme == "http" && !allowHTTP && !loopback(u.Hostname()):
		return site{}, model.Fail(model.ClassConfig, opConnect, "plain http would send the token readable over the network", "use https://"+u.Host+", or set allow_http = true for this instance")
	}
	root := strings.TrimRight(u.EscapedPath(), "/")
	root = strings.TrimRight(strings.TrimSuffix(root, "/api/v4"), "/")
	s := site{scheme: u.Scheme, hostname: strings.ToLower(u.Hostname()), port: portOf(u), root: root}
	s.base = u.Scheme + "://" + strings.ToLower(u.Host) + root
	return s, nil
}

// holds reports whether u is at the site's own origin: scheme, host and port.
// An address with a user name is not, whatever its host.
func (s site) holds(u *url.URL) bool {
	return u.User == nil && u.Scheme == s.scheme && strings.ToLower(u.Hostname()) == s.hostname && portOf(u) == s.port
}

// route returns the API route of a path below the site, such as "license" or
// "graphql", and whether the path is one of its API at all.
func (s site) route(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, s.root+"/api/")
	if !ok {
		return "", false
	}
	if rest == "graphql" {
		return rest, true
	}
	return strings.CutPrefix(rest, "v4/")
}

func (s site) graphql() *url.URL {
	return &url.URL{Scheme: s.scheme, Host: s.authority(), Path: s.root + "/api/graphql"}
}

func (s site) authority() string {
	return strings.SplitN(strings.TrimPrefix(s.base, s.scheme+"://"), "/", 2)[0]
}

// host is the host, with the port when it is not the scheme's own.
func (s site) host() string {
	if s.port == defaultPort(s.scheme) {
		return strings.TrimSuffix(s.authority(), ":"+s.port)
	}
	return s.authority()
}

func portOf(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	return defaultPort(u.Scheme)
}

func defaultPort(scheme string) string {
	if scheme == "http" {
		return "80"
	}
	return "443"
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// showURL is how an address from the instance appears in a message: without
// user, query and fragment, which may carry secrets.
func showURL(u *url.URL) string {
	return u.Scheme + "://" + u.Host + u.EscapedPath()
}

package gitlab

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"seatdeck/model"
)

// Check is one line of the test of an instance: what was looked at, whether it
// is as it should be, what was found, and what to do when it is not.
type Check = model.Check

func passed(name, detail string) Check {
	return Check{Name: name, OK: true, Detail: model.Clean(detail)}
}

func failed(name string, err error) Check {
	e := model.AsError(name, err)
	return Check{Name: name, Class: e.Class, Detail: e.Msg, Next: e.Next}
}

// fullSince is the version from which everything can be read (design §3).
var fullSince = model.Version{Major: 16, Minor: 11}

// skewShown is how far two clocks may stand apart before it is said.
const skewShown = 2 * time.Minute

// Probe tests an instance from the outside inwards and stops where going on
// makes no sense: address, encryption, GitLab, version, token, administrator
// rights, edition, then every part that a refresh reads.
func (c *Client) Probe(ctx context.Context) []Check {
	checks, meta, ok := c.probeAddress(ctx)
	if !ok {
		return checks
	}
	token, ok := c.probeToken(ctx)
	if checks = append(checks, token...); !ok {
		return checks
	}
	checks = append(checks, c.probeOperator(ctx))
	if meta.EE() {
		checks = append(checks, passed("edition", "Enterprise Edition"))
	} else {
		checks = append(checks, Check{Name: "edition", Detail: model.Clean("Community Edition: it has no licences, seats or registration features"), Next: model.Clean("install the gitlab-ee package; it runs without a licence as well")})
	}
	return append(checks, c.probeParts(ctx)...)
}

// probeAddress looks at everything up to the version.
func (c *Client) probeAddress(ctx context.Context) ([]Check, model.Metadata, bool) {
	cl, err := c.get(ctx, model.OpMetadata, "metadata", nil)
	if cl.status == 0 {
		return []Check{failed("reachable", err)}, model.Metadata{}, false
	}
	checks := []Check{passed("reachable", c.site.base), c.encryption(cl)}
	if skew, ok := c.probeClock(cl); ok {
		checks = append(checks, skew)
	}
	meta, err := c.Metadata(ctx)
	e, _ := errors.AsType[*model.Error](err)
	switch {
	case e == nil:
	case e.Class == model.ClassUnsupported:
		return append(checks, passed("GitLab", "the API answers"), failed("version", err)), meta, false
	case e.Class == model.ClassDenied:
		return append(checks, passed("GitLab", "the API answers"), failed("token", err)), meta, false
	default:
		return append(checks, failed("GitLab", err)), meta, false
	}
	checks = append(checks, passed("GitLab", "the API answers"))
	if meta.Version.AtLeast(fullSince.Major, fullSince.Minor) {
		return append(checks, passed("version", meta.Version.String())), meta, true
	}
	return append(checks, passed("version", meta.Version.String()+"; some parts need 16.11 and are missing before")), meta, true
}

func (c *Client) encryption(cl *call) Check {
	switch {
	case c.site.scheme != "https" && loopback(c.site.hostname):
		return passed("encryption", "none, and none needed: the instance is on this machine")
	case c.site.scheme != "https":
		return Check{Name: "encryption", Detail: model.Clean("none: the token travels readable over the network"), Next: model.Clean("let the instance speak https, and set url to it")}
	case cl.tls == nil || len(cl.tls.PeerCertificates) == 0:
		return passed("encryption", "TLS")
	}
	leaf := cl.tls.PeerCertificates[0]
	return passed("encryption", fmt.Sprintf("%s, certificate of %s by %s until %s", tls.VersionName(cl.tls.Version), leaf.Subject.CommonName, leaf.Issuer.CommonName, leaf.NotAfter.UTC().Format(time.DateOnly)))
}

// probeClock compares this machine's clock with the answer's Date header.
func (c *Client) probeClock(cl *call) (Check, bool) {
	at, err := http.ParseTime(cl.header.Get("Date"))
	if err != nil {
		return Check{}, false
	}
	skew := c.now().Sub(at)
	if skew.Abs() < skewShown {
		return passed("clock", "agrees with the instance"), true
	}
	which := "ahead of"
	if skew < 0 {
		which = "behind"
	}
	return Check{Name: "clock", Detail: model.Clean("this machine is " + roughly(skew.Abs()) + " " + which + " the instance"), Next: model.Clean("set the clock of one of them by NTP")}, true
}

// expirySoon is from when on a token's end is pointed out (faults T-05).
const expirySoon = 30

func (c *Client) probeToken(ctx context.Context) ([]Check, bool) {
	t, err := c.Token(ctx)
	switch {
	case unsupported(err):
		return []Check{passed("token", "accepted; instances before 15.5 cannot say more about it")}, true
	case err != nil:
		return []Check{failed("token", err)}, false
	}
	token := passed("token", t.Name.String()+", no end date")
	if t.Expires.Known() {
		days := t.Expires.Sub(model.DayOf(c.now()))
		token.Detail = model.Clean(fmt.Sprintf("%s, expires on %s (%d days)", t.Name, t.Expires, days))
		if days <= expirySoon {
			token.OK, token.Next = false, model.Clean("make a new token before it expires")
		}
	}
	return []Check{token, probeScopes(t)}, true
}

func probeScopes(t model.Token) Check {
	have := strings.Join(t.Scopes, ", ")
	var lacks []string
	if !t.Has("read_api") && !t.Has("api") {
		lacks = append(lacks, "read_api")
	}
	if !t.Has("read_service_ping") && !t.Has("api") && !t.Has("read_api") {
		lacks = append(lacks, "read_service_ping")
	}
	if len(lacks) == 0 {
		return passed("scopes", have)
	}
	return Check{Name: "scopes", Class: model.ClassDenied, Detail: model.Clean(have + "; lacks " + strings.Join(lacks, " and ")), Next: model.Clean("make a token with the scopes read_api, read_service_ping and admin_mode")}
}

func (c *Client) probeOperator(ctx context.Context) Check {
	o, err := c.Operator(ctx)
	if err != nil {
		return failed("administrator", err)
	}
	effective, known := o.Effective.Get()
	switch {
	case !o.Admin:
		return Check{Name: "administrator", Class: model.ClassDenied, Detail: model.Clean(o.Username.String() + " is not an administrator"), Next: model.Clean("use a token of an administrator")}
	case known && !effective:
		e := adminModeError(model.OpOperator)
		return Check{Name: "administrator", Class: e.Class, Detail: model.Clean(o.Username.String() + " is an administrator, but " + e.Msg.String()), Next: e.Next}
	}
	return passed("administrator", o.Username.String())
}

// probeParts asks for every part that a refresh reads. The usage export is
// asked only where reading it changes nothing.
func (c *Client) probeParts(ctx context.Context) []Check {
	license, err := c.License(ctx)
	checks := []Check{part("licence", err)}
	only := func(_ any, err error) error { return err }
	checks = append(checks,
		part("licence history", only(c.Terms(ctx))),
		part("future terms", only(c.Future(ctx))),
		part("add-ons", only(c.AddOns(ctx))),
		part("role promotions", only(c.Promotions(ctx))),
		part("settings", only(c.Settings(ctx))),
		part("statistics", only(c.Statistics(ctx))),
		part("accounts", only(c.Accounts(ctx, model.PageRequest{Size: 1}))),
		part("Service Ping", only(c.Ping(ctx))))
	if slices.Contains([]model.Kind{model.KindOnlineCloud, model.KindLegacy}, license.Kind) {
		return append(checks, part("daily counts", only(c.Daily(ctx, license.Kind))))
	}
	return checks
}

// part is what became of reading a part. What this edition, version or licence
// does not have is nothing to repair.
func part(name string, err error) Check {
	if err == nil {
		return passed(name, "readable")
	}
	c := failed(name, err)
	c.OK = c.Class == model.ClassUnsupported
	return c
}

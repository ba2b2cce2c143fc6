package sandbox

import (
	"bytes"
	_ "embed" // for blanks.gz
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const faultHelp = "KIND[=ARGUMENT][:/PATH[:COUNT]], joined by commas; kinds: 401, 403, 404, 429, 500, 501, 502, 503, 504, " +
	"cut, drop, drift, empty, endless, gzipbomb, hostile, html, lost, null, redirect=URL, slow=DURATION, truncate"

// faultRule is one fault: what, where, how often.
type faultRule struct {
	kind     string
	argument string
	prefix   string // of the path below /api/v4; empty: everywhere
	count    int    // how many more times; negative: always
}

// faultKinds are the faults beside plain status codes. True: needs an argument.
var faultKinds = map[string]bool{
	"401": false, "403": false, "404": false, "429": false, "500": false, "501": false, "502": false, "503": false, "504": false,
	"cut":      false, // the work is done, half of the answer arrives
	"drop":     false, // nothing is done, nothing arrives
	"lost":     false, // the work is done, nothing arrives
	"truncate": false, // the answer ends early but claims to be whole
	"html":     false, // a proxy's page with status 200
	"empty":    false, // 200 and no body
	"null":     false, // 200 and JSON null
	"drift":    false, // types changed and members missing
	"hostile":  false, // hostile text in all text members
	"gzipbomb": false, // an answer that grows when unpacked
	"endless":  false, // each page says that there is another
	"redirect": true,
	"slow":     true,
}

// faultForm is made when the first fault is named: every start of the program
// would pay for it, and few have a sandbox.
var faultForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([a-z0-9]+)(?:=(.+?))?(?::(/(?:[^/:][^:]*)?)(?::([0-9]+))?)?$`)
})

// parseFaults reads the value of the fault knob.
func parseFaults(text string) ([]faultRule, error) {
	var rules []faultRule
	for part := range strings.SplitSeq(text, ",") {
		m := faultForm().FindStringSubmatch(part)
		if m == nil {
			return nil, fmt.Errorf("%q is not %s", part, faultHelp)
		}
		needs, ok := faultKinds[m[1]]
		if !ok {
			return nil, unknownName("fault", m[1], slices.Collect(maps.Keys(faultKinds)))
		}
		if needs != (m[2] != "") {
			return nil, fmt.Errorf("fault %s: argument %q: redirect and slow need one, others take none", m[1], m[2])
		}
		rule := faultRule{kind: m[1], argument: m[2], prefix: m[3], count: -1}
		if m[4] != "" {
			n, err := strconv.Atoi(m[4])
			if err != nil {
				return nil, fmt.Errorf("fault %s: count %q: %w", m[1], m[4], err)
			}
			rule.count = n
		}
		if rule.kind == "slow" {
			if _, err := time.ParseDuration(rule.argument); err != nil {
				return nil, fmt.Errorf("fault slow: %w", err)
			}
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

// faultSet holds the faults of an instance and counts them down.
type faultSet struct {
	rules []faultRule
}

func newFaultSet(rules []faultRule) *faultSet { return &faultSet{rules: slices.Clone(rules)} }

// faultHit is the faults that strike one request, in the order of the rules.
type faultHit []faultRule

// take picks the rules for a path and uses them up.
func (f *faultSet) take(path string) faultHit {
	var hit faultHit
	for i := range f.rules {
		rule := &f.rules[i]
		if rule.count == 0 || !rule.matches(path) {
			continue
		}
		if rule.count > 0 {
			rule.count--
		}
		hit = append(hit, *rule)
	}
	return hit
}

func (r *faultRule) matches(path string) bool {
	return r.prefix == "" || strings.HasPrefix(path, r.prefix) || strings.HasPrefix(path, "/api/v4"+r.prefix)
}

// before answers in place of the instance; true means that nothing was done.
func (h faultHit) before(c *call) bool {
	for _, rule := range h {
		switch rule.kind {
		case "429":
			c.header.Set("Retry-After", "2")
			c.raw(http.StatusTooManyRequests, "text/plain", []byte("Retry later\n"))
		case "502", "503", "504", "html":
			status, err := strconv.Atoi(rule.kind)
			if err != nil {
				status = http.StatusOK
			}
			c.raw(status, "text/html; charset=utf-8", proxyPage)
		case "500", "501":
			status, _ := strconv.Atoi(rule.kind) // one of the two
			c.fail(status, rule.kind+" "+http.StatusText(status))
		case "401":
			c.refusal = tokenUnknown
			c.unauthorized()
		case "403":
			c.forbidden("")
		case "404":
			c.notFound("")
		case "redirect":
			c.header.Set("Location", rule.argument)
			c.raw(http.StatusFound, "text/html", nil)
		case "drop":
			c.status = http.StatusBadGateway // for the log; nothing is sent
		case "empty":
			c.raw(http.StatusOK, "application/json", nil)
		case "null":
			c.raw(http.StatusOK, "application/json", []byte("null"))
		default:
			continue
		}
		return true
	}
	return false
}

// after spoils the instance's own answer.
func (h faultHit) after(c *call) wireFault {
	wire := wholeAnswer
	for _, rule := range h {
		switch rule.kind {
		case "drift":
			c.body = driftJSON(c.body)
		case "hostile":
			c.body = hostileJSON(c.body)
		case "truncate":
			c.body = c.body[:len(c.body)/2]
		case "endless":
			c.endlessPage()
		case "gzipbomb":
			c.header.Set("Content-Encoding", "gzip")
			c.raw(http.StatusOK, "application/json", gzipBomb())
		case "cut":
			wire = halfAnswer
		case "drop", "lost":
			wire = noAnswer
		}
	}
	return wire
}

// delay is the time slow faults add.
func (h faultHit) delay() time.Duration {
	var sum time.Duration
	for _, rule := range h {
		if rule.kind == "slow" {
			d, _ := time.ParseDuration(rule.argument) // checked when the knob was set
			sum += d
		}
	}
	return sum
}

// endlessPage makes every page of a list name itself as the next one.
func (c *call) endlessPage() {
	next := c.base + c.r.URL.RequestURI()
	c.header.Set("Link", `<`+next+`>; rel="next"`)
	if c.header.Get("X-Page") != "" {
		c.header.Set("X-Next-Page", "2")
	}
}

// wireFault is how much of an answer reaches the client.
type wireFault uint8

const (
	wholeAnswer wireFault = iota
	halfAnswer            // the connection ends within the body
	noAnswer              // the connection ends before the first byte
)

// send writes an answer to the client, or as much of it as the fault leaves.
func (f wireFault) send(w http.ResponseWriter, c *call) {
	if f == noAnswer {
		panic(http.ErrAbortHandler)
	}
	header := w.Header()
	maps.Copy(header, c.header)
	if c.status != http.StatusNoContent {
		header.Set("Content-Length", strconv.Itoa(len(c.body)))
	}
	w.WriteHeader(c.status)
	if c.r.Method == http.MethodHead || c.status == http.StatusNoContent {
		return
	}
	if f == halfAnswer {
		_, _ = w.Write(c.body[:len(c.body)/2]) // the connection is about to break anyway
		if fl, ok := w.(http.Flusher); ok {
			fl.Flush()
		}
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(c.body) // a client that went away is no concern of the instance
}

var proxyPage = []byte("<!DOCTYPE html>\n<html>\n<head><title>GitLab is not responding</title></head>\n<body><h1>Whoops, GitLab is taking too much time to respond.</h1></body>\n</html>\n")

// blanks is a packed mebibyte of blanks.
//
//go:embed blanks.gz
var blanks []byte

// gzipBomb is 512 MiB of blanks, where JSON may still begin. A gzip stream may
// consist of many members, so one is repeated.
func gzipBomb() []byte { return bytes.Repeat(blanks, 512) }

package sandbox

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxBody is the largest request body that is read.
const maxBody = 1 << 20

// call is one request and the answer being made for it, in memory, so that an
// answer can be logged, cut or spoilt before it reaches the wire.
type call struct {
	s   *Server
	r   *http.Request
	now time.Time

	base   string // scheme and authority for links
	query  url.Values
	path   map[string]string // named segments of the route
	fields map[string]any    // the body's members, JSON or form

	token      *token
	credential credential
	refusal    refusal // why the token does not count, if it does not
	user       *account

	header http.Header
	status int
	body   []byte
	writes bool   // the request changes something, as the request log shows it
	note   string // what a GraphQL request or a change of settings asked for, for the request log
}

func newCall(s *Server, r *http.Request) *call {
	query := r.URL.Query()
	for name, values := range query { // a repeated parameter: the last one counts
		query[name] = values[len(values)-1:]
	}
	return &call{
		s: s, r: r, query: query, header: http.Header{},
		writes: r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodOptions,
	}
}

// resolveBase decides what links begin with.
func (c *call) resolveBase() {
	if c.base = c.s.host; c.base == "" {
		scheme := "http://"
		if c.r.TLS != nil {
			scheme = "https://"
		}
		c.base = scheme + c.r.Host
	}
}

// json answers with a value. Only types of this package reach it, and they all
// encode.
func (c *call) json(status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		c.fail(http.StatusInternalServerError, "500 Internal Server Error")
		return
	}
	c.raw(status, "application/json", b)
}

// raw answers with bytes of a media type.
func (c *call) raw(status int, mediaType string, b []byte) {
	c.header.Set("Content-Type", mediaType)
	c.status, c.body = status, b
}

// readFields reads the members of the body, once. It reports false, and has
// answered, when the body cannot be read as what it claims to be.
func (c *call) readFields() bool {
	if c.fields != nil {
		return true
	}
	c.fields = map[string]any{}
	for key, v := range c.query {
		c.fields[key] = v[len(v)-1]
	}
	if c.r.Body == nil {
		return true
	}
	b, err := io.ReadAll(io.LimitReader(c.r.Body, maxBody+1))
	if err != nil || len(b) > maxBody {
		c.json(http.StatusRequestEntityTooLarge, errorText{"Request Entity Too Large"})
		return false
	}
	kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	switch {
	case len(b) == 0:
	case kind == "application/json":
		if err := json.Unmarshal(b, &c.fields); err != nil {
			c.json(http.StatusBadRequest, errorText{"There was a problem in the JSON you submitted"})
			return false
		}
	case kind == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(b))
		if err != nil {
			c.json(http.StatusBadRequest, errorText{"Bad Request"})
			return false
		}
		for key, v := range form {
			c.fields[key] = v[len(v)-1]
		}
	default:
		c.json(http.StatusUnsupportedMediaType, errorText{"The provided content-type '" + kind + "' is not supported."})
		return false
	}
	return true
}

// id reads the route's :id; the router lets digits only through.
func (c *call) id() int {
	n, err := strconv.Atoi(c.path["id"])
	if err != nil {
		return 0 // too long for a number: an id nobody has
	}
	return n
}

// isTrue reads a boolean parameter as GitLab's parameter layer does; ok is
// false when the value is not a boolean.
func (c *call) isTrue(name string) (value, ok bool) {
	return readBoolean(c.query.Get(name))
}

func readBoolean(text string) (value, ok bool) {
	switch strings.ToLower(text) {
	case "true", "t", "1", "yes", "y", "on":
		return true, true
	case "false", "f", "0", "no", "n", "off", "":
		return false, true
	}
	return false, false
}

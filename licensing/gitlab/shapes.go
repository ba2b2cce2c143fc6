package gitlab

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"seatdeck/model"
)

// shape is one answer without its values: status, header names, keys and types,
// beside what our description of GitLab marks as not yet confirmed.
type shape struct {
	Name        string   `json:"name"`
	Request     string   `json:"request"`
	Status      int      `json:"status"`
	ContentType string   `json:"content_type"`
	Headers     []string `json:"headers"`
	Body        any      `json:"body"`
	Unconfirmed []string `json:"unconfirmed,omitempty"`
	Error       string   `json:"error,omitempty"` // class only
}

// shapeQuestion is one request whose answer's shape is wanted.
type shapeQuestion struct {
	name   string
	op     model.Operation
	path   string
	query  url.Values
	graph  *question
	doubts []string // what the contract marks UNCONFIRMED or DERIVED
}

// shapeQuestions are all requests a refresh makes, but for the usage export,
// which is only asked where it changes nothing.
var shapeQuestions = []shapeQuestion{
	{name: "metadata", op: model.OpMetadata, path: "metadata"},
	{name: "token", op: model.OpToken, path: "personal_access_tokens/self"},
	{name: "operator", op: model.OpOperator, path: "user"},
	{name: "license", op: model.OpLicense, path: "license", doubts: []string{"null with status 200 when there is no licence", "the body of the 404 of the Community Edition"}},
	{name: "licenses", op: model.OpLicenses, path: "licenses", doubts: []string{"newest first"}},
	{name: "users", op: model.OpUsers, path: "users", query: url.Values{"per_page": {"5"}, "pagination": {"keyset"}, "order_by": {"id"}, "sort": {"asc"}},
		doubts: []string{"current_sign_in_ip and last_sign_in_ip in lists", "offset paging when pagination=keyset is not sent"}},
	{name: "settings", op: model.OpSettings, path: "application/settings", doubts: []string{"seat_control and new_user_signups_cap", "silent_mode_enabled: since which version"}},
	{name: "statistics", op: model.OpStatistics, path: "application/statistics", doubts: []string{"text with digit grouping, or numbers"}},
	{name: "service-ping", op: model.OpPing, path: "usage_data/service_ping", doubts: []string{"whether api and read_api suffice as scopes", "empty, null or {} when none is cached"}},
	{name: "currentLicense", op: model.OpLicense, graph: &askCurrent, doubts: []string{"the wording of a missing permission", "the number in id for keys without one"}},
	{name: "licenseHistoryEntries", op: model.OpLicenses, graph: &askTerms},
	{name: "subscriptionFutureEntries", op: model.OpFuture, graph: &askFuture, doubts: []string{"type of an offline future term"}},
	{name: "addOnPurchases", op: model.OpAddOns, graph: &askAddOns},
	{name: "selfManagedUsersQueuedForRolePromotion", op: model.OpPromotions, graph: &askPromotions},
}

// Shapes writes, as JSON, the shape of every answer a refresh needs: types,
// keys and status codes, no values. It lets the description of GitLab that this
// program follows be corrected by a real instance.
func (c *Client) Shapes(ctx context.Context, w io.Writer) error {
	meta, err := c.Metadata(ctx)
	if err != nil && !unsupported(err) {
		return err
	}
	out := struct {
		Schema  string        `json:"schema"`
		Version int           `json:"version"`
		GitLab  model.Version `json:"gitlab"`
		Answers []shape       `json:"answers"`
	}{Schema: "seatdeck.shapes", Version: 1, GitLab: meta.Version}
	for _, q := range shapeQuestions {
		if ctx.Err() != nil {
			return model.AsError("read the shapes", ctx.Err())
		}
		out.Answers = append(out.Answers, c.shape(ctx, q))
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		return model.Fail(model.ClassStorage, "write the shapes", "the file cannot be written", "check the place and its free space").Because(err)
	}
	return nil
}

func (c *Client) shape(ctx context.Context, q shapeQuestion) shape {
	cl := &call{op: q.op}
	s := shape{Name: q.name, Unconfirmed: q.doubts, Headers: []string{}}
	var err error
	if q.graph != nil {
		s.Request = "POST /api/graphql"
		err = c.send(ctx, cl, http.MethodPost, c.site.graphql(), graphPayload{Query: q.graph.document(nil)})
	} else {
		s.Request = "GET /api/v4/" + q.path
		err = c.send(ctx, cl, http.MethodGet, c.rest(q.path, q.query), nil)
	}
	s.Status = cl.status
	if err != nil {
		s.Error = string(model.AsError(q.name, err).Class)
	}
	if cl.status == 0 {
		return s
	}
	s.ContentType = model.CleanN(cl.header.Get("Content-Type"), 80).String()
	for _, h := range slices.Sorted(maps.Keys(cl.header)) {
		s.Headers = append(s.Headers, model.CleanN(h, 80).String())
	}
	raw := cl.body.Bytes()
	if !cl.good() {
		raw = []byte(cl.excerpt)
	}
	s.Body = shapeOf(raw)
	wipe(&cl.body)
	return s
}

// shapeOf describes a body: "empty", "not JSON", or the shape of its value.
func shapeOf(raw []byte) any {
	if len(strings.TrimSpace(string(raw[:min(len(raw), 64)]))) == 0 {
		return "empty"
	}
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return "not JSON"
	}
	return shapeValue(v, 0)
}

// shapeDepth is how deep a shape goes; Service Ping payloads go deeper, and
// nothing there is in doubt.
const shapeDepth = 5

func shapeValue(v any, depth int) any {
	switch v := v.(type) {
	case map[string]any:
		if depth >= shapeDepth {
			return "object"
		}
		out := make(map[string]any, len(v))
		for k, m := range v {
			out[model.CleanN(k, 80).String()] = shapeValue(m, depth+1)
		}
		return out
	case []any:
		if depth >= shapeDepth || len(v) == 0 {
			return "array"
		}
		all := shapeValue(v[0], depth+1)
		for _, e := range v[1:] {
			all = merge(all, shapeValue(e, depth+1))
		}
		return []any{all}
	case string:
		return textShape(v)
	case float64:
		return "number"
	case bool:
		return "boolean"
	}
	return "null"
}

// merge joins the shapes of two elements of an array.
func merge(a, b any) any {
	ma, okA := a.(map[string]any)
	mb, okB := b.(map[string]any)
	if okA && okB {
		for k, v := range mb {
			if have, ok := ma[k]; ok {
				ma[k] = merge(have, v)
			} else {
				ma[k] = merge("absent", v)
			}
		}
		for k, v := range ma {
			if _, ok := mb[k]; !ok {
				ma[k] = merge(v, "absent")
			}
		}
		return ma
	}
	sa, okA := a.(string)
	sb, okB := b.(string)
	if okA && okB {
		kinds := append(strings.Split(sa, " | "), strings.Split(sb, " | ")...)
		slices.Sort(kinds)
		return strings.Join(slices.Compact(kinds), " | ")
	}
	if okA && !okB {
		return b // an object or array says more than null or absent
	}
	return a
}

// textForm is a kind of text.
type textForm struct {
	name string
	form *regexp.Regexp
}

// textForms tell what kind of text a string is, without showing it. Only one
// verb needs them, so no other start pays for them.
var textForms = sync.OnceValue(func() []textForm {
	return []textForm{
		{"date", regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)},
		{"date-time", regexp.MustCompile(`^\d{4}-\d\d-\d\d[T ]\d\d:\d\d`)},
		{"number in text", regexp.MustCompile(`^-?\d[\d,. ]*$`)},
		{"boolean in text", regexp.MustCompile(`^(true|false)$`)},
		{"global id", regexp.MustCompile(`^gid://`)},
	}
})

func textShape(s string) string {
	for _, f := range textForms() {
		if f.form.MatchString(s) {
			return f.name
		}
	}
	return "string"
}

package gitlab

import (
	"context"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"seatdeck/model"
)

// member is one selected field of a GraphQL document, with its own selection
// when it is an object. Documents are built from members, so that a member an
// older version does not know can be left out and the rest asked again.
type member struct {
	name string
	sub  []member
}

// members selects plain fields.
func members(names ...string) []member {
	out := make([]member, len(names))
	for i, n := range names {
		out[i].name = n
	}
	return out
}

// without drops every member of that name, and objects that lose their last.
func without(in []member, gone map[string]bool) []member {
	var out []member
	for _, m := range in {
		if gone[m.name] {
			continue
		}
		if m.sub != nil {
			if m.sub = without(m.sub, gone); m.sub == nil {
				continue
			}
		}
		out = append(out, m)
	}
	return out
}

func write(b *strings.Builder, in []member) {
	b.WriteString("{ ")
	for _, m := range in {
		b.WriteString(m.name)
		b.WriteByte(' ')
		if m.sub != nil {
			write(b, m.sub)
		}
	}
	b.WriteString("} ")
}

// question is one GraphQL query: a root field with what is selected of it. A
// connection is read page by page, at most 100 nodes each (contract §11.8).
type question struct {
	op         model.Operation
	root       string
	fields     []member
	connection bool
}

func (q question) document(gone map[string]bool) string {
	var b strings.Builder
	if q.connection {
		b.WriteString("query($after: String) { " + q.root + "(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes ")
		write(&b, without(q.fields, gone))
		b.WriteString("} }")
		return b.String()
	}
	b.WriteString("query { " + q.root + " ")
	write(&b, without(q.fields, gone))
	b.WriteString("}")
	return b.String()
}

type graphPayload struct {
	Query     string         `json:"query"`
	Variables map[string]any `json:"variables,omitempty"`
}

type graphError struct {
	Message    text           `json:"message"`
	Extensions jsontext.Value `json:"extensions"`
}

// graphRounds is how often a question is put again without unknown members:
// an instance names all of them at once, other engines a few at a time.
const graphRounds = 8

// askGraph puts a question and returns the value of its root field, nil for
// null. Members the instance does not know are left out and remembered; an
// unknown root is a model.ClassUnsupported error.
func (c *Client) askGraph(ctx context.Context, q question, after string) (jsontext.Value, error) {
	for range graphRounds {
		gone := c.missing(q)
		if without(q.fields, gone) == nil || gone[q.root] {
			return nil, c.notOnVersion(q.op)
		}
		payload := graphPayload{Query: q.document(gone)}
		if after != "" {
			payload.Variables = map[string]any{"after": after}
		}
		cl := &call{op: q.op}
		if err := c.send(ctx, cl, http.MethodPost, c.site.graphql(), payload); err != nil {
			return nil, err
		}
		var w struct {
			Data   map[string]jsontext.Value `json:"data"`
			Errors []graphError              `json:"errors"`
		}
		if err := decode(cl, &w); err != nil {
			return nil, err
		}
		unknown := unknownMembers(w.Errors)
		switch {
		case len(unknown) > 0:
			c.miss(q, unknown)
			continue
		case len(w.Errors) > 0:
			return nil, c.graphRefusal(ctx, q.op, w.Errors[0].Message.v.String())
		}
		v, ok := w.Data[q.root]
		if !ok {
			return nil, lacking(q.op, q.root)
		}
		if v.Kind() == 'n' {
			return nil, nil
		}
		return v, nil
	}
	return nil, c.notOnVersion(q.op)
}

// miss remembers what the instance does not know of a question. The set is
// replaced, so that readers of the older one are not disturbed.
func (c *Client) miss(q question, names []string) {
	c.learn(func(k *known) {
		next := maps.Clone(k.missing[q.root])
		if next == nil {
			next = map[string]bool{}
		}
		for _, n := range names {
			next[n] = true
		}
		k.missing[q.root] = next
	})
}

func (c *Client) missing(q question) map[string]bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known.missing[q.root]
}

// unknownForms are the wordings of "no such field": GitLab's, and that of
// engines that follow the reference implementation. They are compiled when the
// first refusal comes.
var unknownForms = sync.OnceValue(func() []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile(`^Field ['"]([A-Za-z_][A-Za-z0-9_]*)['"] doesn't exist on type`),
		regexp.MustCompile(`^Cannot query field ['"]([A-Za-z_][A-Za-z0-9_]*)['"] on type`),
	}
})

func unknownMembers(errs []graphError) []string {
	var out []string
	for _, e := range errs {
		for _, form := range unknownForms() {
			if m := form.FindStringSubmatch(e.Message.v.String()); m != nil {
				out = append(out, m[1])
			}
		}
	}
	return out
}

// graphRefusal words a top-level error that came with status 200, which is no
// answer (contract §2.1, §12).
//
// "Missing permission" is also what an administrator reads where the licence
// lacks the feature behind a field.
func (c *Client) graphRefusal(ctx context.Context, op model.Operation, msg string) *model.Error {
	switch low := strings.ToLower(msg); {
	case strings.Contains(low, "permission"), strings.Contains(low, "not authorized"), strings.Contains(low, "unauthorized"):
		if c.effective(ctx).Or(false) {
			return model.Fail(model.ClassUnsupported, op.What, "the instance does not offer this with its licence", "")
		}
		return c.notAdmin(op)
	case strings.Contains(low, "invalid token"):
		return unauthorised(op, answerText{message: msg})
	case strings.Contains(low, "timeout"), strings.Contains(low, "timed out"):
		return model.Fail(model.ClassUnreachable, op.What, "the instance took too long over the query", "try again when it is less busy")
	case maintenance(msg):
		return inMaintenance(op)
	}
	return model.Fail(model.ClassFailed, op.What, "the instance answered with an error: "+orSilent(msg), "")
}

func (c *Client) notOnVersion(op model.Operation) *model.Error {
	if v := c.version(); v.Known() {
		return model.Fail(model.ClassUnsupported, op.What, "not available on GitLab "+v.String(), "")
	}
	return model.Fail(model.ClassUnsupported, op.What, "not available on this version of GitLab", "")
}

// askConnection reads all nodes of a connection question, each handed to node.
func (c *Client) askConnection(ctx context.Context, q question, node func(jsontext.Value) error) error {
	after := ""
	for range maxPages {
		raw, err := c.askGraph(ctx, q, after)
		if err != nil || raw == nil {
			return err
		}
		var w struct {
			PageInfo struct {
				HasNext flag `json:"hasNextPage"`
				End     text `json:"endCursor"`
			} `json:"pageInfo"`
			Nodes []jsontext.Value `json:"nodes"`
		}
		if err := decodeValue(q.op, raw, &w); err != nil {
			return err
		}
		for _, n := range w.Nodes {
			if n.Kind() == 'n' {
				continue // a node this token may not see
			}
			if err := node(n); err != nil {
				return err
			}
		}
		next := w.PageInfo.End.v.String()
		if !w.PageInfo.HasNext.v {
			return nil
		}
		if next == "" || next == after || len(w.Nodes) == 0 {
			break
		}
		after = next
	}
	return model.Fail(model.ClassMalformed, q.op.What, "the pages of the answer do not advance", "try again; if it stays, look at caches between here and the instance")
}

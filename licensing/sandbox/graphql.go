package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"

	"seatdeck/licensing/sandbox/graphqldoc"
	"seatdeck/licensing/sandbox/graphqlrun"
)

// The sentences GitLab answers with besides those about a document (contract
// §2.1, §11.4; GitLab's request specs and controller for GraphQL).
const (
	resourceNotAvailable = "The resource that you are attempting to access does not exist or you don't have permission to perform this action"
	queryTooLarge        = "Query too large"
	invalidToken         = "Invalid token"
	apiNotAccessible     = "API not accessible for user"
)

// The limits of a GraphQL request (contract §11.8; depths as in GitLab's
// published schema class).
const (
	maxQueryText         = 10_000 // characters
	complexityAnonymous  = 200
	complexitySignedIn   = 250
	depthAnonymous       = 15
	depthSignedIn        = 20
	maxValidationErrors  = 5
	maxMultiplexRequests = 50
)

// gqlRequest is one document to run.
type gqlRequest struct {
	query     string
	operation string
	variables map[string]any
}

// gqlAnswer is the outcome of one document. Data is absent when nothing ran.
type gqlAnswer struct {
	Data   json.RawMessage    `json:"data,omitempty"`
	Errors []graphqldoc.Error `json:"errors,omitempty"`
}

// graphql is /api/graphql. Errors of a document are answers with status 200;
// only what is wrong with the request itself has another status (contract
// §2.1, §11.4).
func (s *Server) graphql(c *call) {
	method := c.r.Method
	c.writes = false
	if method != http.MethodPost && method != http.MethodGet && method != http.MethodHead {
		c.raw(http.StatusNotFound, "text/html; charset=utf-8", []byte("<!DOCTYPE html>\n<html><head><title>Not Found</title></head><body><h1>404: Page not found</h1></body></html>\n"))
		return
	}
	if !c.graphqlAdmit() {
		return
	}
	requests, batch, ok := c.graphqlRequests()
	if !ok {
		return
	}
	size := 0
	for _, r := range requests {
		size += utf8.RuneCountInString(r.query)
	}
	if size > maxQueryText {
		c.graphqlFail(http.StatusUnprocessableEntity, queryTooLarge)
		return
	}
	answers := make([]gqlAnswer, len(requests))
	for i, r := range requests {
		if answers[i], ok = c.graphqlRun(r); !ok {
			return
		}
	}
	if batch {
		c.json(http.StatusOK, answers)
		return
	}
	c.json(http.StatusOK, answers[0])
}

// graphqlFail answers for the request as a whole.
func (c *call) graphqlFail(status int, message string) {
	c.json(status, gqlAnswer{Errors: []graphqldoc.Error{{Message: message}}})
}

// graphqlAdmit checks who asks. A token without a scope for queries is as bad
// as an unknown one, and so is that of an account that cannot sign in;
// deactivated accounts can sign in but not use the API.
func (c *call) graphqlAdmit() bool {
	switch {
	case c.refusal == tokenMissing:
		return true
	case c.refusal != accepted, !c.token.can(reading), c.user.state.isBlocked():
		c.graphqlFail(http.StatusUnauthorized, invalidToken)
		return false
	case c.user.state != active:
		c.graphqlFail(http.StatusForbidden, apiNotAccessible)
		return false
	}
	return true
}

// graphqlRequests reads what is asked: members of the address, of a form or of
// a JSON object, or a JSON array of such objects. A body of another media type
// is not looked at.
func (c *call) graphqlRequests() (requests []gqlRequest, batch, ok bool) {
	fields := map[string]any{}
	for _, name := range []string{"query", "operationName", "variables"} {
		if c.query.Has(name) {
			fields[name] = c.query.Get(name)
		}
	}
	if c.r.Method == http.MethodPost && c.r.Body != nil {
		b, err := io.ReadAll(io.LimitReader(c.r.Body, maxBody+1))
		if err != nil || len(b) > maxBody {
			c.graphqlFail(http.StatusRequestEntityTooLarge, "Request Entity Too Large")
			return nil, false, false
		}
		list, err := decodeGraphQLBody(c.r.Header.Get("Content-Type"), b, fields)
		if err != nil {
			c.json(http.StatusBadRequest, struct {
				Status int    `json:"status"`
				Error  string `json:"error"`
			}{http.StatusBadRequest, "Bad Request"})
			return nil, false, false
		}
		if list != nil {
			return c.graphqlBatch(list)
		}
	}
	r, problem := readGraphQLRequest(fields)
	if problem != "" {
		c.graphqlFail(http.StatusUnprocessableEntity, problem)
		return nil, false, false
	}
	return []gqlRequest{r}, false, true
}

// decodeGraphQLBody adds a body's members to fields, or returns the members of
// an array.
func decodeGraphQLBody(contentType string, b []byte, fields map[string]any) ([]map[string]any, error) {
	kind, _, _ := mime.ParseMediaType(contentType)
	switch {
	case len(b) == 0:
	case kind == "application/json" && b[0] == '[':
		list := []map[string]any{}
		return list, json.Unmarshal(b, &list)
	case kind == "application/json":
		return nil, json.Unmarshal(b, &fields)
	case kind == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(b))
		if err != nil {
			return nil, err
		}
		for name, v := range form {
			fields[name] = v[len(v)-1]
		}
	}
	return nil, nil
}

func (c *call) graphqlBatch(list []map[string]any) ([]gqlRequest, bool, bool) {
	out := []gqlRequest{}
	for _, fields := range list[:min(len(list), maxMultiplexRequests)] {
		r, problem := readGraphQLRequest(fields)
		if problem != "" {
			c.graphqlFail(http.StatusUnprocessableEntity, problem)
			return nil, false, false
		}
		out = append(out, r)
	}
	return out, true, true
}

// readGraphQLRequest takes the members GitLab knows. Variables may come as an
// object or as the text of one; a problem with them is worded.
func readGraphQLRequest(fields map[string]any) (r gqlRequest, problem string) {
	r.query, _ = fields["query"].(string)
	r.operation, _ = fields["operationName"].(string)
	variables := fields["variables"]
	if text, isText := variables.(string); isText {
		variables = nil
		if text != "" {
			if err := json.Unmarshal([]byte(text), &variables); err != nil {
				return r, err.Error()
			}
		}
	}
	switch v := variables.(type) {
	case nil:
		r.variables = map[string]any{}
	case map[string]any:
		r.variables = v
	default:
		return r, fmt.Sprintf("Unexpected parameter: %v", v)
	}
	return r, ""
}

// graphqlRun runs one document. It reports false, and has answered, when the
// whole request is to be refused.
func (c *call) graphqlRun(r gqlRequest) (gqlAnswer, bool) {
	v := c.s.knobs.version
	doc, failure := graphqldoc.Parse(r.query, !v.hasNewGraphQLParser())
	if failure != nil {
		return gqlAnswer{Errors: []graphqldoc.Error{*failure}}, true
	}
	schema := graphqlSchema(v, c.s.knobs.edition == "ee")
	if doc.Empty() {
		return gqlAnswer{}, true // fragments only: nothing to do
	}
	op, refusal := doc.Operation(r.operation)
	if op == nil {
		return gqlAnswer{Errors: []graphqldoc.Error{{Message: refusal}}}, true
	}
	if op.Kind() == "mutation" && c.r.Method != http.MethodPost {
		c.graphqlFail(http.StatusUnprocessableEntity, "Mutations are forbidden in "+c.r.Method+" requests")
		return gqlAnswer{}, false
	}
	c.noteOperation(doc, op)
	checked, problems := c.validateGraphQL(schema, doc, op, r)
	if len(problems) > 0 {
		return gqlAnswer{Errors: problems}, true
	}
	run := &gqlRun{c: c, limit: complexityAnonymous}
	maxDepth := depthAnonymous
	if c.user != nil {
		run.limit, maxDepth = complexitySignedIn, depthSignedIn
	}
	var depth int
	run.score, depth = graphqldoc.Cost(schema, doc, op, r.variables)
	if problems := tooMuch(run, depth, maxDepth); len(problems) > 0 {
		return gqlAnswer{Errors: problems}, true
	}
	data, errs := graphqlrun.Request{
		Schema: schema, Table: graphqlTable(), Document: checked, Operation: r.operation, Variables: r.variables, Root: run,
	}.Do()
	return gqlAnswer{Data: data, Errors: errs}, true
}

// validateGraphQL gives a document ready to run, or what is wrong with it or its
// variables, in GitLab's words; a handful of errors is enough.
func (c *call) validateGraphQL(schema *ast.Schema, doc *graphqldoc.Document, op *graphqldoc.Operation, r gqlRequest) (*ast.QueryDocument, []graphqldoc.Error) {
	d := &graphqldoc.Dialect{Places: graphqldoc.NewPlaces(schema, doc), Operation: op.Title()}
	if c.s.knobs.version.hasDidYouMean() {
		d.Near = nearNames
	}
	checked, problems := d.Check(r.query)
	if len(problems) == 0 {
		problems = graphqldoc.CheckVariables(schema, op, r.variables)
	}
	return checked, problems[:min(len(problems), maxValidationErrors)]
}

// nearNames are those within a quarter of a name's length, as Ruby's spelling
// help has it.
func nearNames(got string, known []string) []string {
	return slices.DeleteFunc(slices.Clone(known), func(name string) bool {
		return editDistance(strings.ToLower(got), strings.ToLower(name)) > (len(got)+3)/4
	})
}

// tooMuch refuses what costs more than it may.
func tooMuch(run *gqlRun, depth, maxDepth int) []graphqldoc.Error {
	var out []graphqldoc.Error
	if run.score > run.limit {
		out = append(out, graphqldoc.Error{Message: fmt.Sprintf("Query has complexity of %d, which exceeds max complexity of %d", run.score, run.limit)})
	}
	if depth > maxDepth {
		out = append(out, graphqldoc.Error{Message: fmt.Sprintf("Query has depth of %d, which exceeds max depth of %d", depth, maxDepth)})
	}
	return out
}

// noteOperation writes the root fields into the request log.
func (c *call) noteOperation(doc *graphqldoc.Document, op *graphqldoc.Operation) {
	c.writes = c.writes || op.Kind() == "mutation"
	if c.note != "" {
		c.note += ","
	}
	c.note += strings.Join(doc.RootFields(op), ",")
}

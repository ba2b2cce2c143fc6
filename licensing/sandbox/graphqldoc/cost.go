package graphqldoc

import (
	"slices"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// cost is what an operation is worth by GitLab's published formula: one for
// each field, and for a connection one percent more of its sum for each item
// of a page. Fields with one response key count once.
type cost struct {
	schema *ast.Schema
	doc    *Document
	vars   map[string]any
	open   map[string]bool // fragments being unfolded: a cycle costs nothing
	seen   int             // selections looked at, fragments unfolded
}

// MaxPage is the most nodes a page of a connection has (contract §11.8).
const MaxPage = 100

// MaxSelections ends the counting: fragments that spread fragments twice can
// unfold without end, and what is left out is far above any limit.
const MaxSelections = 20_000

// Cost is the complexity and the depth of an operation, for the values its
// variables have.
func Cost(schema *ast.Schema, doc *Document, op *Operation, values map[string]any) (complexity, depth int) {
	return (&cost{schema: schema, doc: doc, vars: values, open: map[string]bool{}}).score(op)
}

// RootFields names what an operation asks for at its root, fragments unfolded.
func (d *Document) RootFields(op *Operation) []string {
	var names []string
	for _, group := range (&cost{doc: d, open: map[string]bool{}}).collect(nil, op.selections) {
		names = append(names, group[0].field)
	}
	return names
}

// score is the complexity and the depth of an operation. A named fragment that
// spreads itself has been refused by the validator.
func (c *cost) score(op *Operation) (complexity, depth int) {
	return c.sum(op.selections, rootType(c.schema, op.kind))
}

func (c *cost) sum(selections []selection, parent string) (complexity, depth int) {
	for _, group := range c.collect(nil, selections) {
		field := group[0]
		var below []selection
		for _, s := range group {
			below = append(below, s.selections...)
		}
		typeName := ""
		if def := fieldsOf(c.schema, parent).ForName(field.field); def != nil {
			typeName = def.Type.Name()
		}
		n, d := 1, 0
		if len(below) > 0 {
			n, d = c.sum(below, typeName)
			n++
		}
		if isConnection(typeName) {
			n += n * c.pageSize(field.args) / 100
		}
		complexity, depth = complexity+n, max(depth, d+1)
	}
	return complexity, depth
}

// collect unfolds fragments and groups fields by their response key.
func (c *cost) collect(groups [][]selection, selections []selection) [][]selection {
	for _, s := range selections {
		if c.seen++; c.seen > MaxSelections {
			break
		}
		switch {
		case s.spread != "":
			f := c.doc.fragments[s.spread]
			if f == nil || c.open[s.spread] {
				continue
			}
			c.open[s.spread] = true
			groups = c.collect(groups, f.selections)
			delete(c.open, s.spread)
		case s.field == "":
			groups = c.collect(groups, s.selections)
		default:
			i := slices.IndexFunc(groups, func(g []selection) bool { return g[0].alias == s.alias })
			if i < 0 {
				groups = append(groups, []selection{s})
			} else {
				groups[i] = append(groups[i], s)
			}
		}
	}
	return groups
}

// pageSize is how many items a connection is asked for at most.
func (c *cost) pageSize(args []argument) int {
	size := MaxPage
	for _, a := range args {
		if a.name != "first" && a.name != "last" {
			continue
		}
		n := size
		if a.value.variable == "" {
			if v, err := strconv.Atoi(a.value.text); err == nil {
				n = v
			}
		} else if v, ok := c.vars[a.value.variable].(float64); ok {
			n = int(v)
		}
		size = max(0, min(size, n))
	}
	return size
}

// isConnection: connection types are named so throughout GitLab's schema.
func isConnection(typeName string) bool {
	const suffix = "Connection"
	return len(typeName) > len(suffix) && typeName[len(typeName)-len(suffix):] == suffix
}

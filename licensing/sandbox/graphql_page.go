package sandbox

import (
	"encoding/base64"
	"strconv"

	"seatdeck/licensing/sandbox/graphqldoc"
	"seatdeck/licensing/sandbox/graphqlrun"
)

// connection is a page of a list. Cursors are positions, written so that
// nobody reads them.
type connection[T any] struct {
	all      []*T
	from, to int
}

// paginate cuts the page that was asked for. A page has 100 nodes at most;
// asking for more is no error.
func paginate[T any](all []*T, args graphqlrun.Args) *connection[T] {
	c := &connection[T]{all: all, to: len(all)}
	if after := args.Text("after"); after != nil {
		c.from = min(readCursor(*after), len(all))
	}
	if before := args.Text("before"); before != nil {
		c.to = max(c.from, min(readCursor(*before)-1, len(all)))
	}
	limit, first := graphqldoc.MaxPage, args.Int("first")
	if first != nil {
		limit = min(max(*first, 0), limit)
	}
	if last := args.Int("last"); last != nil && first == nil {
		c.from = max(c.from, c.to-min(max(*last, 0), graphqldoc.MaxPage))
	}
	c.to = min(c.to, c.from+limit)
	return c
}

// cursorAt names the node at a position.
func cursorAt(i int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(i + 1)))
}

// readCursor gives how many nodes come up to and with the one named. Text that
// is no cursor names the beginning.
func readCursor(text string) int {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(string(b))
	if err != nil {
		return 0
	}
	return max(n, 0)
}

// Count is how many nodes there are on all pages.
func (c *connection[T]) Count() int { return len(c.all) }

// Nodes are those of this page.
func (c *connection[T]) Nodes() []*T { return append([]*T{}, c.all[c.from:c.to]...) }

// Edges are the nodes with their cursors.
func (c *connection[T]) Edges() []*edge[T] {
	edges := make([]*edge[T], 0, c.to-c.from)
	for i := c.from; i < c.to; i++ {
		edges = append(edges, &edge[T]{cursor: cursorAt(i), node: c.all[i]})
	}
	return edges
}

// PageInfo says what is around the page.
func (c *connection[T]) PageInfo() *pageInfo {
	p := &pageInfo{next: c.to < len(c.all), previous: c.from > 0}
	if c.from < c.to {
		start, end := cursorAt(c.from), cursorAt(c.to-1)
		p.start, p.end = &start, &end
	}
	return p
}

type edge[T any] struct {
	cursor string
	node   *T
}

type pageInfo struct {
	start, end     *string
	next, previous bool
}

// connectionFields answer a connection, edgeFields its edges.
func connectionFields[T any]() map[string]graphqlrun.Resolver {
	return map[string]graphqlrun.Resolver{
		"count":    graphqlrun.Value((*connection[T]).Count),
		"nodes":    graphqlrun.List((*connection[T]).Nodes),
		"edges":    graphqlrun.List((*connection[T]).Edges),
		"pageInfo": graphqlrun.Node((*connection[T]).PageInfo),
	}
}

func edgeFields[T any]() map[string]graphqlrun.Resolver {
	return map[string]graphqlrun.Resolver{
		"cursor": graphqlrun.Value(func(e *edge[T]) string { return e.cursor }),
		"node":   graphqlrun.Node(func(e *edge[T]) *T { return e.node }),
	}
}

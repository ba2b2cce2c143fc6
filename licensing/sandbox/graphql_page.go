package sandbox

import (
	"encoding/base64"
	"strconv"

	"seatdeck/licensing/sandbox/graphqldoc"
)

// pageArgs are the arguments of every connection.
type pageArgs struct {
	After, Before *string
	First, Last   *int32
}

// connection is a page of a list. Cursors are positions, written so that
// nobody reads them.
type connection[T any] struct {
	all      []*T
	from, to int
}

// paginate cuts the page that was asked for. A page has 100 nodes at most;
// asking for more is no error.
func paginate[T any](all []*T, args pageArgs) *connection[T] {
	c := &connection[T]{all: all, to: len(all)}
	if args.After != nil {
		c.from = min(readCursor(*args.After), len(all))
	}
	if args.Before != nil {
		c.to = max(c.from, min(readCursor(*args.Before)-1, len(all)))
	}
	limit := graphqldoc.MaxPage
	if args.First != nil {
		limit = min(max(int(*args.First), 0), limit)
	}
	if args.Last != nil && args.First == nil {
		last := min(max(int(*args.Last), 0), graphqldoc.MaxPage)
		c.from = max(c.from, c.to-last)
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

// The methods below answer the fields of the same name.

func (c *connection[T]) Count() int32 { return int32(len(c.all)) }

func (c *connection[T]) Nodes() *[]*T {
	nodes := c.all[c.from:c.to]
	return &nodes
}

func (c *connection[T]) Edges() *[]*edge[T] {
	edges := make([]*edge[T], 0, c.to-c.from)
	for i := c.from; i < c.to; i++ {
		edges = append(edges, &edge[T]{cursor: cursorAt(i), node: c.all[i]})
	}
	return &edges
}

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

func (e *edge[T]) Cursor() string { return e.cursor }
func (e *edge[T]) Node() *T       { return e.node }

type pageInfo struct {
	start, end     *string
	next, previous bool
}

func (p *pageInfo) StartCursor() *string  { return p.start }
func (p *pageInfo) EndCursor() *string    { return p.end }
func (p *pageInfo) HasNextPage() bool     { return p.next }
func (p *pageInfo) HasPreviousPage() bool { return p.previous }

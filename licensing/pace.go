package licensing

import (
	"slices"
	"time"
)

const (
	basePages   = 4                      // pages whose median is the base time
	slowFactor  = 1.5                    // a page slower than this many base times stops the growth
	worstFactor = 3.0                    // a page slower than this many base times halves the workers
	slowFloor   = 200 * time.Millisecond // faster than this is never called slow
)

// pace decides how many workers a pull should have, from how long pages take.
// Until a page is slow each good one adds a worker; from then on it takes one
// good page from each of them.
type pace struct {
	want  int
	limit int
	first []time.Duration // the first pages, until there are basePages of them
	base  time.Duration   // their median
	wary  bool            // a page was slow
	calm  int             // good pages since the last change
}

func newPace(limit int) pace { return pace{want: min(pullStart, limit), limit: limit} }

// page takes in the time of one page.
func (c *pace) page(took time.Duration) {
	if c.base == 0 {
		c.first = append(c.first, took)
		if len(c.first) < basePages {
			return
		}
		slices.Sort(c.first)
		c.base = max(c.first[len(c.first)/2], time.Microsecond)
	}
	slow := took > slowFloor
	switch {
	case slow && float64(took) > worstFactor*float64(c.base):
		c.want, c.calm, c.wary = max(1, c.want/2), 0, true
	case slow && float64(took) > slowFactor*float64(c.base):
		c.calm, c.wary = 0, true
	default:
		if c.calm++; c.want < c.limit && (!c.wary || c.calm >= c.want) {
			c.want, c.calm = c.want+1, 0
		}
	}
}

package licensing

import (
	"slices"
	"time"
)

// pace decides how many workers a pull should have, from how long pages take.
type pace struct {
	want  int
	limit int
	first []time.Duration // the first pages, until there are basePages of them
	base  time.Duration   // their median
	calm  int             // fast pages since the last change
}

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
	switch {
	case took > slowFloor && float64(took) > worstFactor*float64(c.base):
		c.want, c.calm = max(1, c.want/2), 0
	case took > slowFloor && float64(took) > slowFactor*float64(c.base):
		c.calm = 0
	default:
		// One more worker after each has brought a page in good time.
		if c.calm++; c.calm >= c.want && c.want < c.limit {
			c.want, c.calm = c.want+1, 0
		}
	}
}

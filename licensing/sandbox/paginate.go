package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Paging limits (contract §5.2).
const (
	defaultPerPage = 20
	maxPerPage     = 100
	countLimit     = 10_000 // totals are left out above this many records
	offsetLimit    = 50_000 // offset paging is refused beyond this record
)

// listing is an ordered, filtered view of the accounts. Ranks run from lo up
// to hi, or down when the order is descending.
type listing struct {
	w      *world
	lo, hi int     // ranks
	order  []int32 // rank → position; nil: the same
	desc   bool
	match  func(*account) bool
}

// walk visits matching accounts from the given number of ranks on, until
// visit says no.
func (l *listing) walk(skipRanks int, visit func(a *account) bool) {
	for step := skipRanks; step < l.hi-l.lo; step++ {
		a := l.at(step)
		if !a.has(flagGone) && l.match(a) && !visit(a) {
			return
		}
	}
}

// at is the account so many ranks after the start, matching or not.
func (l *listing) at(step int) *account {
	rank := l.lo + step
	if l.desc {
		rank = l.hi - 1 - step
	}
	if l.order != nil {
		rank = int(l.order[rank])
	}
	return &l.w.accounts[rank]
}

// after is the number of ranks up to and including the account with an id.
func (l *listing) after(id uint32) int {
	position := l.w.position(id)
	if l.order == nil {
		if l.desc {
			return max(0, l.hi-position)
		}
		found := position < len(l.w.accounts) && l.w.accounts[position].id == id
		if found {
			position++
		}
		return max(0, position-l.lo)
	}
	rank := slices.Index(l.order, int32(position))
	if l.desc {
		return l.hi - rank
	}
	return rank + 1
}

// pageParameters reads page and per_page; it answers 400 and reports false
// when they are not numbers.
func (c *call) pageParameters() (page, perPage int, ok bool) {
	page, perPage = 1, defaultPerPage
	for _, p := range []struct {
		name string
		into *int
	}{{"page", &page}, {"per_page", &perPage}} {
		text := c.query.Get(p.name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			c.badParameter(p.name, "is invalid")
			return 0, 0, false
		}
		*p.into = max(1, n)
	}
	return page, min(perPage, maxPerPage), true
}

// link is the address of another page of the same list.
func (c *call) link(rel string, set map[string]string) string {
	q := url.Values{}
	for k, v := range c.query {
		if k != "private_token" {
			q[k] = v
		}
	}
	for k, v := range set {
		q.Set(k, v)
	}
	return fmt.Sprintf(`<%s%s?%s>; rel="%s"`, c.base, c.r.URL.Path, q.Encode(), rel)
}

// offsetPage sets the headers of an offset page. total is negative when it is
// beyond the limit of counting.
func (c *call) offsetPage(page, perPage, total int, more bool) {
	number := func(n int, show bool) string {
		if !show {
			return ""
		}
		return strconv.Itoa(n)
	}
	h := c.header
	h.Set("X-Per-Page", strconv.Itoa(perPage))
	h.Set("X-Page", strconv.Itoa(page))
	h.Set("X-Next-Page", number(page+1, more))
	h.Set("X-Prev-Page", number(page-1, page > 1))
	per := strconv.Itoa(perPage)
	to := func(rel string, n int) string {
		return c.link(rel, map[string]string{"page": strconv.Itoa(n), "per_page": per})
	}
	var links []string
	if page > 1 {
		links = append(links, to("prev", page-1))
	}
	if more {
		links = append(links, to("next", page+1))
	}
	links = append(links, to("first", 1))
	if total >= 0 {
		pages := max(1, (total+perPage-1)/perPage)
		links = append(links, to("last", pages))
		h.Set("X-Total", strconv.Itoa(total))
		h.Set("X-Total-Pages", strconv.Itoa(pages))
	}
	h.Set("Link", strings.Join(links, ", "))
}

// offsetUsers answers one page of accounts by page number.
func (c *call) offsetUsers(l *listing) []*account {
	page, perPage, ok := c.pageParameters()
	if !ok {
		return nil
	}
	if c.s.knobs.version.hasOffsetLimit() && page > offsetLimit/perPage {
		c.json(http.StatusMethodNotAllowed, errorText{fmt.Sprintf("Offset pagination has a maximum allowed offset of %d "+
			"for requests that return objects of type User. Remaining records can be retrieved using keyset pagination.", offsetLimit)})
		return nil
	}
	first, total := (page-1)*perPage, 0
	out := make([]*account, 0, perPage)
	more := false
	l.walk(0, func(a *account) bool {
		if total >= first && len(out) < perPage {
			out = append(out, a)
		} else if total >= first+perPage {
			more = true
		}
		total++
		return total <= countLimit || !more && total <= first+perPage
	})
	if total > countLimit {
		total = -1
	}
	c.offsetPage(page, perPage, total, more)
	return out
}

// keysetUsers answers one page of accounts behind a cursor. The next page is
// named in the Link header only, and not at all on the last one.
func (c *call) keysetUsers(l *listing, orderBy string) []*account {
	_, perPage, ok := c.pageParameters()
	if !ok {
		return nil
	}
	skip := 0
	if text := c.query.Get("cursor"); text != "" {
		id, ok := readUserCursor(text)
		if !ok {
			c.badParameter("cursor", "is invalid")
			return nil
		}
		skip = l.after(id)
	}
	out := make([]*account, 0, perPage)
	more := false
	l.walk(skip, func(a *account) bool {
		more = len(out) == perPage
		if !more {
			out = append(out, a)
		}
		return !more
	})
	if more {
		c.header.Set("Link", c.link("next", map[string]string{"cursor": c.cursorAfter(out[len(out)-1], orderBy), "per_page": strconv.Itoa(perPage)}))
	}
	return out
}

// cursorAfter marks a place in a list, opaque to clients: the id and, as
// GitLab has it, the value it is ordered by.
func (c *call) cursorAfter(a *account, orderBy string) string {
	mark := map[string]string{"id": strconv.Itoa(int(a.id)), "_kd": "n"}
	if orderBy != "id" {
		mark[orderBy] = string(c.s.world.appendSortKey(nil, a, orderBy))
	}
	b, err := json.Marshal(mark)
	if err != nil {
		panic(err) // strings always encode
	}
	return base64.URLEncoding.EncodeToString(b)
}

func readUserCursor(text string) (uint32, bool) {
	b, err := base64.URLEncoding.DecodeString(text)
	if err != nil {
		return 0, false
	}
	var mark struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(b, &mark) != nil {
		return 0, false
	}
	id, err := strconv.ParseUint(mark.ID, 10, 32)
	return uint32(id), err == nil
}

package gitlab

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"seatdeck/model"
)

// cursor is where a chain of account pages stands: how many pages came, the
// last id of the newest, and GitLab's own cursor. Page and id are there so that
// a chain can be seen to advance, also after a restart.
type cursor struct {
	page int
	last int64
	key  string // empty when paging by number
}

func (c cursor) String() string { return fmt.Sprintf("%d.%d.%s", c.page, c.last, c.key) }

func parseCursor(s string) (cursor, error) {
	if s == "" {
		return cursor{}, nil
	}
	parts := strings.SplitN(s, ".", 3)
	if len(parts) == 3 {
		page, err1 := strconv.Atoi(parts[0])
		last, err2 := strconv.ParseInt(parts[1], 10, 64)
		if err1 == nil && err2 == nil && page > 0 && last > 0 {
			return cursor{page, last, parts[2]}, nil
		}
	}
	return cursor{}, errCursor()
}

func errCursor() error {
	return model.Fail(model.ClassUsage, model.OpUsers.What, "the place to go on from is not one of this instance", "begin the reading of accounts again")
}

// nextCursor finds the page after this one, "" when there is none.
func (c *Client) nextCursor(cl *call, at cursor, page model.Page, byKey bool, size int) (string, error) {
	var key string
	var more bool
	if byKey {
		next, err := nextLink(cl)
		if err != nil {
			return "", err
		}
		more = next != nil
		if more {
			if key = next.Query().Get("cursor"); key == "" || key == at.key {
				return "", stuck("the next page of accounts has the address of this one")
			}
		}
	} else {
		more = len(page.Accounts) > 0 && morePages(cl, at.page+1, len(page.Accounts), size)
	}
	switch {
	case !more:
		return "", nil
	case len(page.Accounts) == 0:
		return "", stuck("an empty page of accounts names a next one")
	case at.page+1 >= maxPages:
		return "", stuck("the pages of accounts have no end")
	}
	return cursor{page: at.page + 1, last: page.Accounts[len(page.Accounts)-1].ID, key: key}.String(), nil
}

func stuck(msg string) error {
	return model.Fail(model.ClassMalformed, model.OpUsers.What, msg, "try again; if it stays, look at caches between here and the instance")
}

// nextLink returns the target of rel="next", nil without one. GitLab writes its
// external_url into it, which is another address when the instance is reached
// through a port forward or on the server itself. That does no harm: only the
// cursor is taken from it, and the next request goes where the profile says.
func nextLink(cl *call) (*url.URL, error) {
	for _, header := range cl.header.Values("Link") {
		for part := range strings.SplitSeq(header, ",") {
			target, params, ok := strings.Cut(part, ";")
			target = strings.TrimSpace(target)
			if !ok || !strings.Contains(params, `rel="next"`) || !strings.HasPrefix(target, "<") || !strings.HasSuffix(target, ">") {
				continue
			}
			u, err := url.Parse(target[1 : len(target)-1])
			if err != nil {
				return nil, stuck("the address of the next page of accounts cannot be read")
			}
			return u, nil
		}
	}
	return nil, nil
}

// morePages reports whether another numbered page follows, by the headers
// where they are, else by a full page (contract §5.2).
func morePages(cl *call, page, rows, size int) bool {
	if _, sent := cl.header["X-Next-Page"]; sent {
		n, err := strconv.Atoi(cl.header.Get("X-Next-Page"))
		return err == nil && n > page
	}
	return rows >= size
}

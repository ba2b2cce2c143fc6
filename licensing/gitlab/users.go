package gitlab

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"seatdeck/model"
)

// Accounts reads one page of a range of accounts, by key from 16.5 on and by
// page number before (contract §5.2). Every row must be in its admin shape and
// within the range: an instance that takes the token for less drops both
// without a word (contract §11.3), and that is an error here.
func (c *Client) Accounts(ctx context.Context, req model.PageRequest) (model.Page, error) {
	began := c.now()
	at, err := parseCursor(req.Cursor)
	if err != nil {
		return model.Page{}, err
	}
	byKey, err := c.pagesByKey(ctx)
	if err != nil {
		return model.Page{}, err
	}
	if at.page > 0 && (at.key != "") != byKey {
		return model.Page{}, errCursor() // the instance was upgraded in between
	}
	size := req.Size
	if size <= 0 || size > maxPageSize {
		size = c.pageSize
	}
	cl, err := c.get(ctx, model.OpUsers, "users", usersQuery(req, at, byKey, size))
	if err != nil {
		return model.Page{}, err
	}
	page := model.Page{}
	page.Accounts, page.Created, err = decodeAccounts(&cl.body, size)
	if err != nil {
		return model.Page{}, c.rowError(model.OpUsers, err)
	}
	if err := c.checkPage(req, at, page); err != nil {
		return model.Page{}, err
	}
	next, err := c.nextCursor(cl, at, page, byKey, size)
	if err != nil {
		return model.Page{}, err
	}
	page.Next = next
	if n, err := strconv.Atoi(cl.header.Get("X-Total")); err == nil && n >= 0 && !byKey {
		page.Total = model.Some(n)
	}
	page.Took = c.now().Sub(began)
	return page, nil
}

// pagesByKey reports whether the instance pages accounts by key, asking for
// its version if nobody has.
func (c *Client) pagesByKey(ctx context.Context) (bool, error) {
	if !c.version().Known() {
		if _, err := c.Metadata(ctx); err != nil {
			return false, err
		}
	}
	return c.version().AtLeast(keysetSince.Major, keysetSince.Minor), nil
}

// rangeForm keeps milliseconds: the ends of ranges are creation times that
// were read with them.
const rangeForm = "2006-01-02T15:04:05.000Z07:00"

func usersQuery(req model.PageRequest, at cursor, byKey bool, size int) url.Values {
	q := url.Values{"per_page": {strconv.Itoa(size)}, "order_by": {"id"}, "sort": {"asc"}}
	if req.Desc {
		q.Set("sort", "desc")
	}
	if !req.Range.From.IsZero() {
		q.Set("created_after", req.Range.From.UTC().Format(rangeForm))
	}
	if !req.Range.To.IsZero() {
		q.Set("created_before", req.Range.To.UTC().Format(rangeForm))
	}
	switch {
	case byKey:
		q.Set("pagination", "keyset")
		if at.key != "" {
			q.Set("cursor", at.key)
		}
	default:
		q.Set("page", strconv.Itoa(at.page+1))
	}
	return q
}

// checkPage holds a page against what was asked: ids in order and past the
// last one seen, so that neither a circle nor a double row can pass; creation
// times within the range, so that dropped filters cannot.
func (c *Client) checkPage(req model.PageRequest, at cursor, page model.Page) error {
	last := at.last
	for i, a := range page.Accounts {
		if last != 0 && (a.ID <= last) != req.Desc || a.ID == last {
			return model.Fail(model.ClassMalformed, model.OpUsers.What, fmt.Sprintf("the pages of accounts do not advance: id %d came after id %d", a.ID, last), "try again; if it stays, look at caches between here and the instance")
		}
		last = a.ID
		// A second of play: GitLab compares with more digits than it shows.
		made := page.Created[i]
		if !req.Range.From.IsZero() && made.Before(req.Range.From.Add(-time.Second)) || !req.Range.To.IsZero() && made.After(req.Range.To.Add(time.Second)) {
			return model.Fail(model.ClassDenied, model.OpUsers.What, "the instance ignores the filter by creation time, as it does for tokens without administrator rights", c.adminNext())
		}
	}
	return nil
}

// rowError words an account that could not be decoded.
func (c *Client) rowError(op model.Operation, err error) error {
	if lacks, ok := errors.AsType[lacksError](err); ok {
		return lacking(op, lacks.member+" of an account")
	}
	if !errors.Is(err, errReduced) {
		return malformed(op, err)
	}
	if e := c.whyNotAdmin(op); e != nil {
		return e
	}
	return model.Fail(model.ClassDenied, op.What, "the instance shows this token only the public part of each account, without is_admin", c.adminNext())
}

func (c *Client) adminNext() string {
	c.mu.Lock()
	admin := c.known.admin
	c.mu.Unlock()
	if v, ok := admin.Get(); ok && !v {
		return "use a token of an administrator"
	}
	return "where Admin Mode is on, the token needs the scope admin_mode as well as read_api, and its account must be an administrator"
}

// Account reads one account by id.
func (c *Client) Account(ctx context.Context, id int64) (model.Account, error) {
	cl, err := c.get(ctx, model.OpUser, "users/"+strconv.FormatInt(id, 10), nil)
	if cl.status == http.StatusNotFound {
		return model.Account{}, model.Fail(model.ClassUsage, model.OpUser.What, fmt.Sprintf("there is no account with id %d", id), "")
	}
	if err != nil {
		return model.Account{}, err
	}
	a, err := decodeAccount(&cl.body)
	if err != nil {
		return model.Account{}, c.rowError(model.OpUser, err)
	}
	return a, nil
}

// Memberships reads one account's direct memberships, all pages (contract §5.5).
//
// It asks for groups and projects apart, because without a type GitLab lists
// pending access requests among them, which hold no role. Asked by type it
// leaves Minimal Access out; that is looked for only where there is nothing
// else, because then it decides (contract §6.1).
func (c *Client) Memberships(ctx context.Context, id int64) ([]model.Membership, error) {
	out := []model.Membership{}
	for _, kind := range []string{"Project", "Namespace"} {
		rows, err := c.memberships(ctx, id, kind)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	if len(out) > 0 {
		return out, nil
	}
	rows, err := c.memberships(ctx, id, "")
	for _, m := range rows {
		if m.Role == model.RoleMinimal {
			out = append(out, m)
		}
	}
	return out, err
}

// memberships reads the memberships of one type; "" asks for none in particular.
func (c *Client) memberships(ctx context.Context, id int64, kind string) ([]model.Membership, error) {
	path := "users/" + strconv.FormatInt(id, 10) + "/memberships"
	var out []model.Membership
	for page := 1; page <= maxPages; page++ {
		q := url.Values{"per_page": {strconv.Itoa(maxPageSize)}, "page": {strconv.Itoa(page)}}
		if kind != "" {
			q.Set("type", kind)
		}
		cl, err := c.get(ctx, model.OpMemberships, path, q)
		if cl.status == http.StatusNotFound {
			return nil, model.Fail(model.ClassUsage, model.OpMemberships.What, fmt.Sprintf("there is no account with id %d", id), "")
		}
		if err != nil {
			return nil, err
		}
		rows, err := decodeMemberships(cl)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
		if len(rows) == 0 || !morePages(cl, page, len(rows), maxPageSize) {
			return out, nil
		}
	}
	return nil, model.Fail(model.ClassMalformed, model.OpMemberships.What, "the pages have no end", "")
}

func decodeMemberships(cl *call) ([]model.Membership, error) {
	var w []struct {
		ID    number `json:"source_id"`
		Name  text   `json:"source_name"`
		Type  text   `json:"source_type"`
		Level number `json:"access_level"`
	}
	if err := decode(cl, &w); err != nil {
		return nil, err
	}
	rows := make([]model.Membership, 0, len(w))
	for _, m := range w {
		if !m.ID.known || !m.Type.known || !m.Level.known {
			return nil, lacking(cl.op, "source_id, source_type or access_level of a membership")
		}
		role := model.RoleUnknown
		if m.Level.v >= 0 && m.Level.v < int64(model.RoleUnknown) {
			role = model.Role(m.Level.v)
		}
		rows = append(rows, model.Membership{SourceID: m.ID.v, SourceName: m.Name.v, SourceType: m.Type.v, Role: role})
	}
	return rows, nil
}

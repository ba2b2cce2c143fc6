package gitlab

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"seatdeck/model"
)

// get asks one REST question. A good answer is in the returned call; anything
// else is an error, with the call beside it for those who look at the status.
func (c *Client) get(ctx context.Context, op model.Operation, path string, query url.Values) (*call, error) {
	cl := &call{op: op}
	return cl, c.send(ctx, cl, http.MethodGet, c.rest(path, query), nil)
}

// stream is get for a body that is read as it arrives.
func (c *Client) stream(ctx context.Context, op model.Operation, path string, sink func(io.Reader) error) (*call, error) {
	cl := &call{op: op, sink: sink}
	return cl, c.send(ctx, cl, http.MethodGet, c.rest(path, nil), nil)
}

// send passes one call through the official client and our transport below it.
func (c *Client) send(ctx context.Context, cl *call, method string, u *url.URL, payload any) error {
	req, err := c.api.NewRequestToURL(method, u, payload, []api.RequestOptionFunc{api.WithContext(withCall(ctx, cl))})
	if err != nil {
		return model.Fail(model.ClassInternal, cl.op.What, "the request could not be built", "report this as a bug").Because(err)
	}
	// The answer is in the call already; the client's own decoding stays unused.
	_, err = c.api.Do(req, nil)
	if ours, ok := errors.AsType[*model.Error](err); ok {
		return ours
	}
	switch {
	case cl.status == 0:
		return model.AsError(cl.op.What, err)
	case !cl.good():
		return c.refusal(cl)
	case cl.sink == nil && webPage(cl.header, firstBytes(cl.body.Bytes())):
		return notGitLab(cl.op)
	}
	return nil
}

func (c *Client) rest(path string, query url.Values) *url.URL {
	return &url.URL{Scheme: c.site.scheme, Host: c.site.authority(), Path: c.site.root + "/api/v4/" + path, RawQuery: query.Encode()}
}

func (c *Client) version() model.Version {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known.version
}

func (c *Client) learn(f func(*known)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(&c.known)
}

// firstBytes is enough of a body to tell a web page.
func firstBytes(b []byte) string { return string(b[:min(len(b), 64)]) }

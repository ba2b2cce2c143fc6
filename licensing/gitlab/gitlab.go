// Package gitlab is the door to one GitLab instance: its REST and GraphQL API,
// asked for exactly the facts this program shows.
//
// It never shows, logs or returns the token, never sends anything to another
// address than the configured one, never follows a redirect elsewhere, and
// never repeats a request that may change something.
//
// Invariants:
//   - every request carries a model.Operation, and one gate in the transport
//     holds it against the profile's mode and the list of routes;
//   - every limit (time, size, pages, waits) is held below the official client,
//     which has none of its own (faults F1-F4);
//   - remote text leaves as model.Text only, and every error is a *model.Error;
//   - an answer that cannot be right is an error, never half a fact.
//
// Tests answer through an http.RoundTripper or loopback servers, one test for
// each quirk of the contract.
package gitlab

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	api "gitlab.com/gitlab-org/api/client-go/v2"

	"seatdeck/model"
)

// Options say which instance to talk to, and how.
type Options struct {
	// BaseURL is the instance's address, such as https://gitlab.example.com or,
	// with a relative URL root, https://example.com/gitlab.
	BaseURL string
	// Token reveals the access token. It is called once, before the first request.
	Token func(ctx context.Context) (string, error)
	// Mode is what the profile allows; empty means read-only.
	Mode model.Mode
	// CAFile names a PEM file of authorities trusted beside the system's own.
	CAFile string
	// AllowHTTP permits unencrypted requests to a host that is not loopback.
	AllowHTTP bool
	// PageSize is how many accounts a page holds when a request does not say; at
	// most 100, which is also the default.
	PageSize int
	// UserAgent names this program and its version to the instance.
	UserAgent string
	// Now and Sleep are the clock; nil means the machine's.
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
	// Base sends single requests in place of the network. Tests set it.
	Base http.RoundTripper
}

// Client answers questions about one instance. It is safe for concurrent use.
type Client struct {
	api      *api.Client
	site     site
	now      func() time.Time
	pageSize int
	rt       *transport

	mu    sync.Mutex
	known known
}

// known is what earlier answers told, for better messages and the choice of
// paging. It decides nothing that a fresh answer could contradict.
type known struct {
	version   model.Version
	scopes    []string
	admin     model.Opt[bool]            // the token's account is an administrator
	effective model.Opt[bool]            // and the instance grants the rights now
	missing   map[string]map[string]bool // GraphQL: root field to members of it this instance does not know
}

// Dial prepares a client. Nothing is sent yet. A wrong address or CA file is a
// model.ClassConfig error.
func Dial(o Options) (*Client, error) {
	s, err := parseSite(o.BaseURL, o.AllowHTTP)
	if err != nil {
		return nil, err
	}
	base := o.Base
	if base == nil {
		if base, err = dialer(o.CAFile); err != nil {
			return nil, err
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.UserAgent == "" {
		o.UserAgent = "seatdeck"
	}
	if o.PageSize <= 0 || o.PageSize > maxPageSize {
		o.PageSize = maxPageSize
	}
	rt := &transport{base: base, site: s, mode: o.Mode, token: onceToken(o.Token), now: o.Now, sleep: o.Sleep, agent: o.UserAgent}
	cl, err := api.NewAuthSourceClient(api.Unauthenticated{},

		api.WithBaseURL(s.base),
		api.WithHTTPClient(&http.Client{Transport: rt, CheckRedirect: noRedirect}),
		api.WithoutRetries(),
		api.WithCustomLimiter(noLimiter{}),
		api.WithURLWarningLogger(slog.New(slog.DiscardHandler)),
		api.WithUserAgent(o.UserAgent),
	)
	if err != nil {
		return nil, model.Fail(model.ClassConfig, "connect", "the address of the instance cannot be used", "check url in config.toml").Because(err)
	}
	return &Client{api: cl, site: s, now: o.Now, pageSize: o.PageSize, rt: rt, known: known{missing: map[string]map[string]bool{}}}, nil
}

// Host returns the instance's host, with the port when it is not the usual one.
func (c *Client) Host() string { return c.site.host() }

// Close lets go of idle connections.
func (c *Client) Close() {
	if b, ok := c.rt.base.(interface{ CloseIdleConnections() }); ok {
		b.CloseIdleConnections()
	}
}

// noLimiter switches off the official client's own pacing, which is guessed
// from one header of the first answer. Whoever pulls many pages paces itself.
type noLimiter struct{}

func (noLimiter) Wait(context.Context) error { return nil }

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// discard drops what is left of a small body so that its connection can be used
// again, and gives up on a large one.
func discard(r io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, r, errorBody)
	_ = r.Close()
}

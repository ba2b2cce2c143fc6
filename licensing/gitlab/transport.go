package gitlab

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"seatdeck/model"
)

// transport is the policy below the official client. It alone knows the token.
type transport struct {
	base  http.RoundTripper
	site  site
	mode  model.Mode
	token func(context.Context) (string, error)
	now   func() time.Time
	sleep func(context.Context, time.Duration) error
	agent string
	dead  atomic.Bool // a 401 was seen: nothing that changes anything is sent any more
}

// call travels in a request's context: what is asked, and what came back.
type call struct {
	op     model.Operation
	sink   func(io.Reader) error // when set, takes a good body as it streams in
	secret string                // in the payload; it is taken out of what a refusal says
	quiet  time.Duration         // how long the answer may take to begin; 0 is the usual time

	status  int
	header  http.Header
	body    bytes.Buffer // the whole body of a good answer without a sink
	excerpt string       // of a refusal: its first bytes, without the token
	tls     *tls.ConnectionState
}

type callKey struct{}

func withCall(ctx context.Context, c *call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

func (c *call) good() bool { return c.status >= 200 && c.status < 300 }

// onceToken reads the token at the first need and keeps it. A failing source is
// asked again at the next request.
func onceToken(read func(context.Context) (string, error)) func(context.Context) (string, error) {
	var mu sync.Mutex
	var token string
	return func(ctx context.Context) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		if token != "" {
			return token, nil
		}
		if read == nil {
			return "", model.Fail(model.ClassConfig, "read the token", "no token is configured for this instance", "set token_file or token_command in config.toml")
		}
		t, err := read(ctx)
		if err != nil {
			return "", err
		}
		if t = strings.TrimSpace(t); !tokenLike(t) {
			return "", model.Fail(model.ClassConfig, "read the token", "what the token source gave cannot be a token", "it must be one line of letters, digits, dots, dashes and underscores")
		}
		token = t
		return token, nil
	}
}

// tokenLike reports whether t can stand in a header: visible ASCII, one word.
func tokenLike(t string) bool {
	if t == "" || len(t) > 1024 {
		return false
	}
	for i := range len(t) {
		if t[i] <= ' ' || t[i] > '~' {
			return false
		}
	}
	return true
}

// RoundTrip sends one call with all its attempts. What the answer was is left
// in the call; the response only tells the official client good from bad.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	payload, err := takeBody(req)
	if err != nil {
		return nil, err
	}
	c, _ := req.Context().Value(callKey{}).(*call)
	if refusal := t.admit(req, c, payload); refusal != nil {
		return nil, refusal
	}
	token, err := t.token(req.Context())
	if err != nil {
		return nil, model.AsError("read the token", err)
	}
	if err := t.attempts(req, c, payload, token); err != nil {
		return nil, err
	}
	if c.status == http.StatusUnauthorized {
		t.dead.Store(true)
	}
	return &http.Response{
		StatusCode: c.status, Status: http.StatusText(c.status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: c.header, Body: http.NoBody, Request: req,
	}, nil
}

// attempts sends a call until it is answered. A write is sent once. A read is
// repeated after a lost connection, a rate limit or a gateway error.
func (t *transport) attempts(req *http.Request, c *call, payload []byte, token string) error {
	ctx := req.Context()
	var talked, waited time.Duration
	for n := 0; ; n++ {
		began := t.now()
		cause, err := t.attempt(req, c, payload, token, callTime-talked)
		talked += max(0, t.now().Sub(began))
		if ctx.Err() != nil {
			return model.AsError(c.op.What, ctx.Err())
		}
		repeat := err != nil && passing(err) || err == nil && busy(c.status)
		if !repeat || c.op.Writes || n == maxRetries || talked >= callTime {
			return networkError(c.op, t.site, err, cause, c.op.Writes)
		}
		pause, ordered := pauseBefore(n, c, err, t.now())
		if ordered && waited+pause > maxWait {
			return tooLong(c.op, pause)
		}
		waited += pause
		if err := t.pause(ctx, pause, ordered); err != nil {
			return model.AsError(c.op.What, err)
		}
	}
}

// pause waits before the next attempt, and tells of it when the instance ordered
// it: that may take as long as a minute, in which nothing else happens.
func (t *transport) pause(ctx context.Context, d time.Duration, ordered bool) error {
	if ordered {
		model.ToldWait(ctx, model.Wait{For: d, Until: t.now().Add(d)})
		defer model.ToldWait(ctx, model.Wait{})
	}
	return t.sleep(ctx, d)
}

// attempt is one exchange with the redirects it leads to. Besides the error it
// returns why its context ended, if it did.
func (t *transport) attempt(req *http.Request, c *call, payload []byte, token string, left time.Duration) (cause, err error) {
	ctx, w := patience(req.Context(), c.quiet, left)
	defer w.stop()
	c.status, c.header, c.excerpt = 0, nil, ""
	c.body.Reset()
	u := req.URL
	for hop := 0; ; hop++ {
		resp, err := t.base.RoundTrip(t.request(ctx, req.Method, u, payload, token, c.op.Writes))
		if err != nil {
			return context.Cause(ctx), err
		}
		next, err := t.redirect(c, req.Method, u, resp, token, hop)
		if err != nil {
			discard(resp.Body)
			return nil, err
		}
		if next != nil {
			discard(resp.Body)
			u = next
			continue
		}
		err = c.take(resp, w, token)
		return context.Cause(ctx), err
	}
}

// request builds what goes on the wire. Headers are set here from nothing, so
// that no credential set further up can travel.
func (t *transport) request(ctx context.Context, method string, u *url.URL, payload []byte, token string, writes bool) *http.Request {
	r := &http.Request{
		Method: method, URL: u, Host: u.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{
			"Accept":          {"application/json"},
			"Accept-Encoding": {"gzip"},
			"User-Agent":      {t.agent},
			"Authorization":   {"Bearer " + token},
		},
	}
	switch {
	case payload != nil:
		r.Header.Set("Content-Type", "application/json")
		r.Body = io.NopCloser(bytes.NewReader(payload))
		r.ContentLength = int64(len(payload))
	case writes:
		// net/http repeats a GET by itself when an idle connection turns out
		// dead. A body that cannot be rewound, though empty, forbids it.
		r.Body = io.NopCloser(strings.NewReader(""))
	}
	return r.WithContext(ctx)
}

// take reads an answer into the call: a good body whole or through the sink, a
// refusal's first bytes.
func (c *call) take(resp *http.Response, w *watch, token string) error {
	defer resp.Body.Close()
	c.status, c.header, c.tls = resp.StatusCode, resp.Header, resp.TLS
	limit := int64(bodyBytes)
	if !c.good() {
		limit = errorBody
	}
	r, err := guard(resp, w, limit)
	switch {
	case err != nil && c.good(), errors.Is(err, errHeaderBig):
		return err
	case err != nil:
		return nil // a refusal whose body cannot be read is a refusal all the same
	case !c.good():
		b, _ := io.ReadAll(io.LimitReader(r, errorBody))
		c.excerpt = c.clear(redact(string(b), token))
		return nil
	case c.sink != nil && webPage(resp.Header, ""):
		return notGitLab(c.op)
	case c.sink != nil:
		return c.sink(r)
	}
	if n := resp.ContentLength; n > 0 && n <= bodyBytes {
		c.body.Grow(int(n) + bytes.MinRead)
	}
	_, err = c.body.ReadFrom(r)
	return err
}

// redact takes the token out of remote text: a server or a proxy may echo what
// it was sent.
func redact(s, token string) string {
	return strings.ReplaceAll(s, token, "[token]")
}

// clear takes the secret of the payload out of remote text.
func (c *call) clear(s string) string {
	if c.secret == "" {
		return s
	}
	return strings.ReplaceAll(s, c.secret, "[code]")
}

// takeBody reads the payload of a request; all of ours are small.
func takeBody(req *http.Request) ([]byte, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return nil, nil
	}
	defer req.Body.Close()
	return io.ReadAll(io.LimitReader(req.Body, 1<<20))
}

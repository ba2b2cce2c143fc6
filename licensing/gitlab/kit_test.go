package gitlab

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"seatdeck/model"
)

// canary is the token of all tests; it must appear in the Authorization header
// and nowhere else.
const canary = "glpat-CANARY-7f3a9c51d2"

// answerer plays the network: one function answers every request.
type answerer func(*http.Request) (*http.Response, error)

func (f answerer) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// reply builds an answer.
func reply(status int, body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

// dial connects a client to an answerer.
func dial(t testing.TB, f answerer, change ...func(*Options)) *Client {
	t.Helper()
	o := Options{BaseURL: "https://gitlab.example.com", Base: f, Token: func(context.Context) (string, error) { return canary, nil }}
	for _, c := range change {
		c(&o)
	}
	c, err := Dial(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// byPath answers by the request's path below /api; graphql by its root field.
// A missing entry is GitLab's 404.
func byPath(answers map[string]string) answerer {
	return func(r *http.Request) (*http.Response, error) {
		key := r.Method + " " + strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/api/v4/"), "/api/")
		if key == "POST graphql" {
			b, _ := io.ReadAll(r.Body)
			for k, v := range answers {
				if root, ok := strings.CutPrefix(k, "graphql "); ok && bytes.Contains(b, []byte(root)) {
					return reply(200, v), nil
				}
			}
			return reply(200, `{"data":{}}`), nil
		}
		if v, ok := answers[key]; ok {
			return reply(200, v), nil
		}
		return reply(404, `{"error":"404 Not Found"}`), nil
	}
}

// always answers every request alike and counts them.
func always(n *atomic.Int32, status int, body string, header ...string) answerer {
	return func(*http.Request) (*http.Response, error) {
		n.Add(1)
		return reply(status, body, header...), nil
	}
}

// quick is a clock on which waiting costs nothing; it records the waits.
type quick struct {
	at    time.Time
	waits []time.Duration
}

func (q *quick) use(o *Options) {
	o.Now = func() time.Time { return q.at }
	o.Sleep = func(ctx context.Context, d time.Duration) error {
		q.at = q.at.Add(d)
		q.waits = append(q.waits, d)
		return ctx.Err()
	}
}

// wantClass checks the class of an error and that nothing secret is in it.
func wantClass(t testing.TB, err error, class model.Class, texts ...string) {
	t.Helper()
	var e *model.Error
	if !errors.As(err, &e) {
		t.Fatalf("error = %v (%T), want a *model.Error of class %s", err, err, class)
	}
	if e.Class != class {
		t.Errorf("class = %s, want %s (%v)", e.Class, class, err)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("error %q does not name %q", err, text)
		}
	}
	noCanary(t, err)
}

// noCanary looks for the token in an error and everything it wraps.
func noCanary(t testing.TB, err error) {
	t.Helper()
	for e := err; e != nil; e = errors.Unwrap(e) {
		if strings.Contains(e.Error(), canary) {
			t.Errorf("the token is in %q", e)
		}
	}
}

// quietLog keeps the expected complaints of test servers out of the output.
func quietLog() *log.Logger { return log.New(io.Discard, "", 0) }

package gitlab

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"seatdeck/model"
)

func TestBearerOnlyFromTheTransport(t *testing.T) {
	var reads atomic.Int32
	c := dial(t, func(r *http.Request) (*http.Response, error) {
		if got := r.Header.Get("Authorization"); got != "Bearer "+canary {
			t.Errorf("Authorization = %q", got)
		}
		for _, h := range []string{"Private-Token", "Job-Token", "Cookie"} {
			if r.Header.Get(h) != "" {
				t.Errorf("header %s was sent", h)
			}
		}
		if strings.Contains(r.URL.String(), canary) {
			t.Errorf("the token is in the address %s", r.URL)
		}
		return reply(200, `{"version":"19.5.1-ee"}`), nil
	}, func(o *Options) {
		o.Token = func(context.Context) (string, error) { reads.Add(1); return canary + "\n", nil }
	})
	for range 3 {
		if _, err := c.Metadata(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if reads.Load() != 1 {
		t.Errorf("the token was read %d times, want once", reads.Load())
	}
}

func TestTokenSource(t *testing.T) {
	var sent atomic.Int32
	for name, source := range map[string]func(context.Context) (string, error){
		"none":      nil,
		"empty":     func(context.Context) (string, error) { return "", nil },
		"two lines": func(context.Context) (string, error) { return canary + "\r\nX-Evil: 1", nil },
		"escape":    func(context.Context) (string, error) { return canary + "\x1b[2J", nil },
		"huge":      func(context.Context) (string, error) { return strings.Repeat(canary, 100), nil },
		"failing": func(context.Context) (string, error) {
			return "", model.Fail(model.ClassConfig, "read the token", "token_command failed", "run it by hand")
		},
	} {
		c := dial(t, always(&sent, 200, `{}`), func(o *Options) { o.Token = source })
		_, err := c.Metadata(t.Context())
		t.Log(name)
		wantClass(t, err, model.ClassConfig)
	}
	if sent.Load() != 0 {
		t.Errorf("%d requests left without a token", sent.Load())
	}
}

func TestReadsAreRepeatedWritesAreNot(t *testing.T) {
	for _, status := range []int{429, 502, 503, 504} {
		var n atomic.Int32
		q := &quick{at: time.Unix(1e9, 0)}
		c := dial(t, always(&n, status, "Retry later", "Content-Type", "text/plain"), q.use, func(o *Options) { o.Mode = model.ModeWrite })
		_, err := c.Statistics(t.Context())
		if n.Load() != 4 || len(q.waits) != 3 {
			t.Errorf("%d: a read was sent %d times with %d waits, want 4 and 3", status, n.Load(), len(q.waits))
		}
		noCanary(t, err)
		n.Store(0)
		if _, err := c.Daily(t.Context(), model.KindOfflineCloud); err == nil || n.Load() != 1 {
			t.Errorf("%d: a write was sent %d times (%v), want once", status, n.Load(), err)
		}
	}
	for _, status := range []int{400, 401, 403, 404, 500, 501} {
		var n atomic.Int32
		if _, err := dial(t, always(&n, status, `{}`)).Statistics(t.Context()); err == nil || n.Load() != 1 {
			t.Errorf("%d: sent %d times (%v), want once", status, n.Load(), err)
		}
	}
}

func TestLostConnections(t *testing.T) {
	q := &quick{at: time.Unix(1e9, 0)}
	for name, cut := range map[string]answerer{
		"no answer": func(*http.Request) (*http.Response, error) { return nil, io.EOF },
		"cut body": func(*http.Request) (*http.Response, error) {
			r := reply(200, "")
			r.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"users":"1`), failing{io.ErrUnexpectedEOF}))
			return r, nil
		},
	} {
		n := 0
		c := dial(t, func(r *http.Request) (*http.Response, error) {
			if n++; n < 3 {
				return cut(r)
			}
			return reply(200, `{"users":"1,234","active_users":"7"}`), nil
		}, q.use)
		s, err := c.Statistics(t.Context())
		if err != nil || s.Users.Or(0) != 1234 || n != 3 {
			t.Errorf("%s: %+v, %v after %d requests", name, s, err, n)
		}
		n = -100
		_, err = c.Statistics(t.Context())
		wantClass(t, err, model.ClassUnreachable, "cut before")
	}
}

func TestLostAnswerOfAWriteIsUnknown(t *testing.T) {
	n := 0
	c := dial(t, func(*http.Request) (*http.Response, error) { n++; return nil, io.EOF }, func(o *Options) { o.Mode = model.ModeWrite })
	_, err := c.Daily(t.Context(), model.KindOfflineCloud)
	wantClass(t, err, model.ClassChanged, "may have arrived")
	if n != 1 {
		t.Errorf("sent %d times", n)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		header string
		want   time.Duration // 0: counts as absent
	}{
		{"", 0}, {"0", 0}, {"-5", 0}, {"soon", 0}, {"1.5", 0}, {"99999999999999999999", 0},
		{"7", 7 * time.Second}, {" 60 ", time.Minute},
		{"Sun, 01 Mar 2026 12:00:30 GMT", 30 * time.Second},
		{"Sun, 01 Mar 2026 11:00:00 GMT", 0},
		{"Fri, 31 Dec 9999 23:59:59 GMT", time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).Sub(now)},
		{"9223372036", 365 * 24 * time.Hour},
	} {
		if got, ok := retryAfter(tc.header, now); got != tc.want && ok || ok != (tc.want > 0) {
			t.Errorf("retryAfter(%q) = %s, %t; want %s", tc.header, got, ok, tc.want)
		}
	}
}

func TestOrderedWaits(t *testing.T) {
	for _, tc := range []struct {
		header string
		sent   int32
		most   time.Duration
		exact  bool
	}{
		{"", 4, 10 * time.Second, false},
		{"0", 4, 10 * time.Second, false},
		{"-3", 4, 10 * time.Second, false},
		{"garbage", 4, 10 * time.Second, false},
		{"5", 4, 15 * time.Second, true},
		{"40", 2, 40 * time.Second, true}, // the second wait would pass the cap
		{"61", 1, 0, true},
		{"Fri, 31 Dec 9999 23:59:59 GMT", 1, 0, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			var n atomic.Int32
			c := dial(t, always(&n, 429, "Retry later", "Retry-After", tc.header, "Content-Type", "text/plain"))
			began := time.Now()
			var told []model.Wait
			_, err := c.Statistics(model.TellWaits(t.Context(), func(w model.Wait) { told = append(told, w) }))
			took := time.Since(began)
			wantClass(t, err, model.ClassLocked)
			waits := 0 // what nobody ordered is too short to be told
			if tc.exact {
				waits = 2 * int(tc.sent-1) // each, and its end
			}
			if len(told) != waits {
				t.Errorf("Retry-After %q: told of %+v", tc.header, told)
			}
			for i, w := range told {
				if told := w != (model.Wait{}); told != (i%2 == 0) || told && (w.For.String() != tc.header+"s" || w.Until.Sub(began)%w.For != 0) {
					t.Errorf("Retry-After %q: told of %+v", tc.header, w)
				}
			}
			if n.Load() != tc.sent || took > tc.most || tc.exact && took != tc.most {
				t.Errorf("Retry-After %q: %d requests in %s, want %d in %s", tc.header, n.Load(), took, tc.sent, tc.most)
			}
		})
	}
}

func TestWaitCanBeLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, context.Canceled)
		defer cancel()
		var n atomic.Int32
		_, err := dial(t, always(&n, 429, "", "Retry-After", "30")).Statistics(ctx)
		if err == nil || n.Load() != 1 {
			t.Errorf("%v after %d requests", err, n.Load())
		}
	})
}

// slow is a body that gives one byte at a time and honours its context.
type slow struct {
	ctx   context.Context
	every time.Duration
	b     byte
}

func (s slow) Read(p []byte) (int, error) {
	if err := sleep(s.ctx, s.every); err != nil {
		return 0, err
	}
	p[0] = s.b
	return 1, nil
}

func TestPatience(t *testing.T) {
	for name, tc := range map[string]struct {
		answer answerer
		most   time.Duration
		text   string
	}{
		"no header":   {func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() }, 61 * time.Second, "60 s"},
		"silent body": {func(r *http.Request) (*http.Response, error) { return body(slow{r.Context(), time.Hour, ' '}), nil }, 61 * time.Second, ""}, // the fourth silence ends with the whole call
		"dripping":    {func(r *http.Request) (*http.Response, error) { return body(slow{r.Context(), time.Second, ' '}), nil }, 61 * time.Second, "60 s"},
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			_, err := dial(t, tc.answer).Statistics(t.Context())
			wantClass(t, err, model.ClassUnreachable, tc.text)
			if took := time.Since(began); took > tc.most+2*time.Second {
				t.Errorf("%s: held for %s", name, took)
			}
		})
	}
}

// A write is sent once, so its error tells which patience ended.
func TestPatienceOfOneAttempt(t *testing.T) {
	for text, tc := range map[string]struct {
		answer answerer
		after  time.Duration
	}{
		"within 25 s":      {func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() }, 25 * time.Second},
		"stopped for 15 s": {func(r *http.Request) (*http.Response, error) { return body(slow{r.Context(), time.Hour, ' '}), nil }, 15 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			_, err := dial(t, tc.answer, func(o *Options) { o.Mode = model.ModeWrite }).Daily(t.Context(), model.KindOfflineCloud)
			wantClass(t, err, model.ClassChanged, text)
			if took := time.Since(began); took != tc.after {
				t.Errorf("ended after %s, want %s", took, tc.after)
			}
		})
	}
}

func body(r io.Reader) *http.Response {
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(r), ContentLength: -1}
}

// endless gives the same byte for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

func TestSizes(t *testing.T) {
	bomb := bytes.Repeat(gzipOf(t, io.LimitReader(endless(' '), 16<<20)), 16) // 256 MiB in members
	head := func(status int, from func() io.Reader, header ...string) answerer {
		return func(*http.Request) (*http.Response, error) {
			resp := reply(status, "", header...)
			resp.Body, resp.ContentLength = io.NopCloser(from()), -1
			return resp, nil
		}
	}
	for name, tc := range map[string]struct {
		answer answerer
		class  model.Class
	}{
		"endless body": {head(200, func() io.Reader { return endless(' ') }), model.ClassMalformed},
		"gzip bomb":    {head(200, func() io.Reader { return bytes.NewReader(bomb) }, "Content-Encoding", "gzip"), model.ClassMalformed},
		"bomb refusal": {head(403, func() io.Reader { return bytes.NewReader(bomb) }, "Content-Encoding", "gzip"), model.ClassDenied},
		"huge refusal": {head(500, func() io.Reader { return io.LimitReader(endless('x'), 64<<20) }), model.ClassFailed},
		"huge header":  {head(200, func() io.Reader { return strings.NewReader("{}") }, "X-Long", strings.Repeat("h", 65<<10)), model.ClassMalformed},
		"other coding": {head(200, func() io.Reader { return strings.NewReader("{}") }, "Content-Encoding", "br"), model.ClassMalformed},
		"not gzip":     {head(200, func() io.Reader { return strings.NewReader(`{"users":1,"active_users":1}`) }, "Content-Encoding", "gzip"), model.ClassMalformed},
		"deep nesting": {head(200, func() io.Reader { return io.LimitReader(endless('['), 1<<20) }), model.ClassMalformed},
		"lying length": {func(*http.Request) (*http.Response, error) {
			r := reply(200, "{}")
			r.ContentLength = 1 << 60
			return r, nil
		}, model.ClassMalformed},
		"length shorts": {func(*http.Request) (*http.Response, error) {
			r := reply(200, "{}")
			r.ContentLength = bodyBytes
			return r, nil
		}, model.ClassMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			q := &quick{at: time.Unix(1e9, 0)}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := dial(t, tc.answer, q.use).Statistics(t.Context())
			runtime.ReadMemStats(&after)
			wantClass(t, err, tc.class)
			if len(err.Error()) > 2048 {
				t.Errorf("the error is %d bytes long", len(err.Error()))
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 150<<20 {
				t.Errorf("%d MiB were taken", grown>>20)
			}
		})
	}
}

func gzipOf(t testing.TB, r io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if _, err := io.Copy(z, r); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGzipIsRead(t *testing.T) {
	c := dial(t, func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("Accept-Encoding") != "gzip" {
			t.Errorf("Accept-Encoding = %q", r.Header.Get("Accept-Encoding"))
		}
		resp := reply(200, "", "Content-Encoding", "gzip")
		resp.Body = io.NopCloser(bytes.NewReader(gzipOf(t, strings.NewReader(`{"users":5,"active_users":4}`))))
		return resp, nil
	})
	if s, err := c.Statistics(t.Context()); err != nil || s.Users.Or(0) != 5 {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestServerEchoesTheToken(t *testing.T) {
	for _, status := range []int{200, 400, 401, 403, 404, 405, 407, 418, 429, 500, 502, 503} {
		for _, text := range []string{`{"message":"you sent Bearer ` + canary + `"}`, canary, `<html>` + canary, `{"error":"x","scope":"` + canary + `"}`, strings.Repeat("y", errorBody-12) + canary, `{"` + canary + `":[`} {
			q := &quick{at: time.Unix(1e9, 0)}
			var n atomic.Int32
			_, err := dial(t, always(&n, status, text, "Location", "https://evil.example/"+canary), q.use).Settings(t.Context())
			if err == nil {
				t.Errorf("%d %s: no error", status, text)
			}
			noCanary(t, err)
		}
	}
	for _, code := range []int{301, 302, 303, 307, 308} {
		_, err := dial(t, answerer(func(*http.Request) (*http.Response, error) {
			return reply(code, "", "Location", "https://evil.example/"+canary+"?private_token="+canary), nil
		})).Settings(t.Context())
		wantClass(t, err, model.ClassNotGitLab)
	}
}

func TestDeadTokenStopsWrites(t *testing.T) {
	var n atomic.Int32
	c := dial(t, always(&n, 401, `{"message":"401 Unauthorized"}`), func(o *Options) { o.Mode = model.ModeWrite })
	_, err := c.Settings(t.Context())
	wantClass(t, err, model.ClassDenied)
	_, err = c.Daily(t.Context(), model.KindOfflineCloud)
	wantClass(t, err, model.ClassDenied, "nothing that changes is sent")
	if n.Load() != 1 {
		t.Errorf("%d requests, want 1: the write must not leave", n.Load())
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := dial(t, func(*http.Request) (*http.Response, error) { cancel(); return nil, errors.New("connection closed") })
	_, err := c.Settings(ctx)
	wantClass(t, err, model.ClassCancelled)
}

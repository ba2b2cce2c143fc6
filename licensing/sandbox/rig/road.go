package rig

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"syscall"
)

// errGone is what a client sees of a host that does not answer.
var errGone = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}

// road is the way to the instance, which a test can cut.
type road struct {
	next http.RoundTripper
	cut  atomic.Bool
}

func (r *road) RoundTrip(q *http.Request) (*http.Response, error) {
	if r.cut.Load() {
		return nil, errGone
	}
	return r.next.RoundTrip(q)
}

// direct calls a handler in place of a connection. A handler that breaks off
// (http.ErrAbortHandler) is a connection that broke: before the answer, or
// within its body.
type direct struct{ handler http.Handler }

func (d direct) RoundTrip(q *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	in := httptest.NewRequestWithContext(q.Context(), q.Method, q.URL.String(), q.Body)
	in.Header = q.Header.Clone()
	whole := d.serve(w, in)
	if q.Body != nil {
		_ = q.Body.Close()
	}
	if err := q.Context().Err(); err != nil {
		return nil, err
	}
	if !whole && w.Body.Len() == 0 {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	}
	resp := w.Result()
	resp.Request = q
	if !whole {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(resp.Body, broken{}), resp.Body}
	}
	return resp, nil
}

// serve reports whether the handler came to its end.
func (d direct) serve(w http.ResponseWriter, r *http.Request) (whole bool) {
	defer func() {
		if p := recover(); p != nil {
			if err, ok := p.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
		}
	}()
	d.handler.ServeHTTP(w, r)
	return true
}

// broken is the end of a body that was cut.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

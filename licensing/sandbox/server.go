package sandbox

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Server is one made-up instance. Its methods may be used by many goroutines.
type Server struct {
	// Fixed at birth.
	scenario string
	seed     uint64
	host     string
	clock    func() time.Time
	born     time.Time
	uuid     string

	// mu guards everything below. A handler runs with it held and writes into
	// memory only, so the hold is short and latency is waited for outside.
	mu           sync.Mutex
	knobs        knobs
	world        *world
	subscription *subscription
	settings     *settings
	tokens       *tokenSet
	jobs         *jobs
	faults       *faultSet
	rate         rateLimit
	promotions   promotions
	log          requestLog
	ping         []byte    // cached Service Ping payload, made when first asked for
	pingAt       time.Time // of the cached payload; zero: there is none

	listening *http.Server
	served    chan struct{}
}

// Handler answers as the instance does. It can be called without a socket.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// Start serves on a loopback address such as "127.0.0.1:0" and returns the
// base URL. It may be called once; Close ends it.
func (s *Server) Start(addr string) (baseURL string, err error) {
	l, err := listen(addr)
	if err != nil {
		return "", err
	}
	s.listening = &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 10 * time.Second}
	s.served = make(chan struct{})
	go func() {
		defer close(s.served)
		// Serve always ends with an error; after Close it is the expected one,
		// and a listener that broke shows itself to every client.
		_ = s.listening.Serve(l)
	}()
	return "http://" + l.Addr().String(), nil
}

// Close stops serving: open requests get two seconds to finish. It does
// nothing when Start was never called.
func (s *Server) Close() error {
	if s.listening == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := s.listening.Shutdown(ctx); err != nil {
		err = s.listening.Close()
		<-s.served
		return err
	}
	<-s.served
	return nil
}

// serve is the way of every request: throttle, faults, maintenance, handler,
// log, and only then the wire.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == runnerPath {
		s.serveRunner(w, r)
		return
	}
	c := newCall(s, r)
	latency, wire := s.answer(c)
	if !wait(r.Context(), latency) {
		return
	}
	wire.send(w, c)
}

// answer works a request out with the lock held.
func (s *Server) answer(c *call) (time.Duration, wireFault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = s.clock().UTC()
	s.catchUp(c.now)
	c.resolveBase()
	s.identify(c)
	hit := s.faults.take(c.r.URL.Path)
	switch {
	case hit.before(c):
	case !s.rate.allow(c):
	case s.knobs.maintenance && s.refuseWrite(c):
	default:
		s.dispatch(c)
	}
	wire := hit.after(c)
	s.log.add(c)
	return s.knobs.latency + hit.delay(), wire
}

// wait lets time pass unless the client goes away first.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

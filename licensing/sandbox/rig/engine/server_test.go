package engine

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// behaviour is how the server treats one request that writes.
type behaviour string

const (
	honest    behaviour = "honest"
	liar      behaviour = "says yes and does nothing"
	cutBefore behaviour = "cuts before it acts"
	cutAfter  behaviour = "acts and cuts before it answers"
	cutHalf   behaviour = "acts and cuts within the answer"
	refuses   behaviour = "refuses"
	fails     behaviour = "fails"
	failsDone behaviour = "acts and says that it failed"
	other     behaviour = "sets something else"
)

// does reports whether the server does what it is asked.
func (b behaviour) does() bool {
	return b == honest || b == cutAfter || b == cutHalf || b == failsDone
}

// cuts reports whether the answer does not arrive whole.
func (b behaviour) cuts() bool { return b == cutBefore || b == cutAfter || b == cutHalf }

var behaviours = []behaviour{honest, liar, cutBefore, cutAfter, cutHalf, refuses, fails, failsDone, other}

// server is an instance as small as can be: named things with values, all "off"
// in the beginning.
type server struct {
	URL string

	mu     sync.Mutex
	things map[string]string
	writes []string // names, in the order of their requests
	inside int      // requests that write and are being served
	most   int      // of them at a time
	act    func(name string) behaviour
	hold   func(r *http.Request) // called with each writing request, before anything is done
	deaf   bool                  // reading fails
}

func newServer(t testing.TB) *server {
	s := &server{things: map[string]string{}, act: func(string) behaviour { return honest }, hold: func(*http.Request) {}}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	s.URL = web.URL
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	if r.Method == http.MethodGet {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.deaf {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(w, s.value(name))
		return
	}
	var wish struct {
		Value string `json:"value"`
	}
	if err := json.NewDecoder(r.Body).Decode(&wish); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	b, hold := s.enter(name)
	defer s.leave()
	hold(r)
	if b == other {
		s.set(name, "something else")
	}
	if b.does() {
		s.set(name, wish.Value)
	}
	switch b {
	case cutBefore, cutAfter:
		panic(http.ErrAbortHandler)
	case cutHalf:
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "{")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	case refuses:
		w.WriteHeader(http.StatusForbidden)
	case fails, failsDone:
		w.WriteHeader(http.StatusInternalServerError)
	}
}

func (s *server) enter(name string) (behaviour, func(*http.Request)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes = append(s.writes, name)
	s.inside++
	s.most = max(s.most, s.inside)
	return s.act(name), s.hold
}

func (s *server) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inside--
}

func (s *server) set(name, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.things[name] = value
}

// value is called with mu held.
func (s *server) value(name string) string {
	if v, ok := s.things[name]; ok {
		return v
	}
	return "off"
}

// got returns the names that were written, and whether any was written twice.
func (s *server) got() (names []string, repeated bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := map[string]bool{}
	for _, n := range s.writes {
		repeated = repeated || seen[n]
		seen[n] = true
	}
	return s.writes, repeated
}

func (s *server) shows(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.value(name)
}

// behave makes every write be treated so.
func (s *server) behave(b behaviour) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.act = func(string) behaviour { return b }
}

// behaveBy makes each write be treated by its name.
func (s *server) behaveBy(act func(name string) behaviour) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.act = act
}

// holdAt has f called with each request that writes, before anything is done.
func (s *server) holdAt(f func(*http.Request)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hold = f
}

// halt stops each request that writes to a path with that ending, before
// anything is done. Each is told on arrived, and all go on with resume.
func (s *server) halt(ending string) (arrived <-chan bool, resume func()) {
	here, going := make(chan bool, 50), make(chan bool)
	s.holdAt(func(r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ending) {
			here <- true
			<-going
		}
	})
	return here, func() { close(going) }
}

// goDeaf makes reading fail, or heals it.
func (s *server) goDeaf(deaf bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deaf = deaf
}

// idle waits until no request that writes is being served.
func (s *server) idle() {
	for {
		s.mu.Lock()
		n := s.inside
		s.mu.Unlock()
		if n == 0 {
			return
		}
		runtime.Gosched()
	}
}

package stage

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"

	"seatdeck/licensing/sandbox"
)

// changesOf lists what an instance was asked to change, by its own log: lines
// such as "PUT /api/v4/application/settings {…} 200".
func changesOf(server *sandbox.Server) (lines []string) {
	for _, r := range server.Requests() {
		if r.Writes {
			lines = append(lines, strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %d", r.Method, r.Path, r.Operation, r.Status)), " "))
		}
	}
	return lines
}

// changed demands that an instance was asked for exactly these changes so far,
// in this order: changed NAME PATTERN... A pattern matches a whole line. What a
// script changes it has to name.
func (s *play) changed(ts *testscript.TestScript, args []string) {
	if len(args) < 1 || s.servers[args[0]] == nil {
		ts.Fatalf("usage: changed NAME PATTERN...")
	}
	lines, want := changesOf(s.servers[args[0]]), args[1:]
	if len(lines) != len(want) {
		ts.Fatalf("%s was asked for %d changes, want %d: %q", args[0], len(lines), len(want), lines)
	}
	for i, pattern := range want {
		re, err := regexp.Compile("^(?:" + pattern + ")$")
		ts.Check(err)
		if !re.MatchString(lines[i]) {
			ts.Fatalf("change %d of %s is %q, want %q", i+1, args[0], lines[i], pattern)
		}
	}
	s.named[args[0]] = len(lines)
}

// detour is a way to an instance on which things happen.
type detour struct {
	pages int    // lists of accounts fail after so many pages
	loses string // answers to this method are lost
	turns string // a knob that is turned once the settings were read
}

// begin serves an instance by the detour. What it breaks off on purpose is not
// worth a line in the output.
func (d detour) begin(server *sandbox.Server) *httptest.Server {
	odd := httptest.NewUnstartedServer(d.around(server))
	odd.Config.ErrorLog = log.New(io.Discard, "", 0)
	odd.Start()
	return odd
}

func (d detour) around(server *sandbox.Server) http.Handler {
	var lists, settings atomic.Int64
	h := server.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case d.pages > 0 && r.URL.Path == "/api/v4/users" && r.URL.Query().Get("per_page") == "100" && lists.Add(1) > int64(d.pages):
			http.Error(w, `{"message":"500 Internal Server Error"}`, http.StatusInternalServerError)
			return
		case r.Method == d.loses:
			h.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		h.ServeHTTP(w, r)
		if key, value, ok := strings.Cut(d.turns, "="); ok && r.URL.Path == "/api/v4/application/settings" && settings.Add(1) == 1 {
			if err := server.Turn(key, value); err != nil {
				panic(err)
			}
		}
	})
}

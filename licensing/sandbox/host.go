package sandbox

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// hostParams are the parameters of a program on the server.
type hostParams struct {
	Seconds float64 `json:"seconds"`
	Poll    float64 `json:"poll"`
	Quiet   float64 `json:"quiet"`
	After   uint32  `json:"after"`
}

// hostRun is one program on the made-up server: what it answers, and the lines
// it prints. There is no Ruby here; a program is known by its first line.
type hostRun struct {
	s       *Server
	ctx     context.Context
	out     io.Writer
	nonce   string
	name    string
	params  hostParams
	pause   func(context.Context, time.Duration) error
	facts   map[string]any
	missing []string
	err     error // of the output
}

// hostPrograms are the programs this server knows.
var hostPrograms = map[string]func(*hostRun){
	"check":   (*hostRun).check,
	"packet":  (*hostRun).packet,
	"sync":    (*hostRun).sync,
	"observe": (*hostRun).observe,
	"pins":    (*hostRun).pins,
	"roles":   (*hostRun).roles,
}

const hostSchema = 1

// Launch returns a command that plays "gitlab-rails runner -" on this instance
// without a process. Where a program waits, it waits by pause.
func (s *Server) Launch(pause func(context.Context, time.Duration) error) func(ctx context.Context, argv []string, stdin io.Reader, stdout, stderr io.Writer) (int, error) {
	return func(ctx context.Context, argv []string, stdin io.Reader, stdout, stderr io.Writer) (int, error) {
		program, err := io.ReadAll(io.LimitReader(stdin, maxBody))
		if err != nil {
			return 1, err
		}
		return s.runHost(ctx, argv, string(program), stdout, stderr, pause), nil
	}
}

// runHost runs a program and returns the exit code, as Rails' runner would: 0
// also for an empty program.
func (s *Server) runHost(ctx context.Context, argv []string, program string, stdout, stderr io.Writer, pause func(context.Context, time.Duration) error) int {
	line, _, _ := strings.Cut(program, "\n")
	name, named := strings.CutPrefix(line, "# seatdeck program: ")
	do, known := hostPrograms[name]
	switch {
	case program == "":
		return 0
	case len(argv) < 4 || argv[len(argv)-3] != "-" || !named || !known:
		fmt.Fprintln(stderr, "Please specify a valid ruby command or the path of a script to run.")
		return 1
	}
	h := &hostRun{s: s, ctx: ctx, out: stdout, nonce: argv[len(argv)-2], name: name, pause: pause, facts: map[string]any{}}
	packed, err := base64.RawURLEncoding.DecodeString(argv[len(argv)-1])
	if err == nil {
		err = json.Unmarshal(packed, &h.params)
	}
	if err != nil {
		fmt.Fprintln(stderr, "unexpected token (JSON::ParserError)")
		return 1
	}
	s.noteHost(name)
	h.line("ready", map[string]any{"program": name, "gitlab": s.versionText()})
	do(h)
	h.line("answer", map[string]any{
		"program": name, "facts": h.facts, "missing": append([]string{}, h.missing...), "failed": map[string]string{}, "fenced": true, "error": nil,
	})
	if h.err != nil {
		return 1
	}
	return 0
}

// noteHost puts a program into the request log, beside what came over the API.
func (s *Server) noteHost(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log.keep(Request{
		Time: s.clock().UTC(), Method: "RUN", Path: "gitlab-rails runner", Writes: name == "sync",
		Credential: string(credentialNone), Operation: "host." + name, Status: 200,
	})
}

// line prints one marked line.
func (h *hostRun) line(kind string, members map[string]any) {
	members["line"], members["schema"] = kind, hostSchema
	b, err := json.Marshal(members)
	if err == nil && h.err == nil {
		w := bufio.NewWriter(h.out)
		fmt.Fprintf(w, "\n@seatdeck-%s %s\n", h.nonce, b)
		h.err = w.Flush()
	}
}

func (h *hostRun) stage(name, state string, more map[string]any) {
	if more == nil {
		more = map[string]any{}
	}
	more["stage"], more["state"], more["told"] = name, state, timestamp(h.s.clock())
	h.line("stage", more)
}

// locked looks at the instance as it is now.
func (h *hostRun) locked(do func(now time.Time)) {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	now := h.s.clock().UTC()
	h.s.catchUp(now)
	do(now)
}

// has puts a fact, or names it as missing where this version does not have it.
func (h *hostRun) has(present bool, name string, value any) {
	if !present {
		h.missing = append(h.missing, name)
		return
	}
	h.facts[name] = value
}

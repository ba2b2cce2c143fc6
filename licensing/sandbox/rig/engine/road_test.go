package engine

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"seatdeck/licensing"
	"seatdeck/licensing/gitlab"
	"seatdeck/licensing/host"
	"seatdeck/licensing/sandbox"
)

func activationCode(context.Context) (string, error) { return sandbox.ActivationCode, nil }

// door is the real adapter, over a road that this world has its hands on.
func (w world) door() *gitlab.Client {
	c, err := gitlab.Dial(gitlab.Options{
		BaseURL: w.url, Mode: w.mode, Base: road{w}, Token: func(context.Context) (string, error) { return sandbox.TokenAdmin, nil },
	})
	if err != nil {
		panic(err)
	}
	return c
}

// host is the real adapter of the server, whose command is a process: this
// binary as the sandbox's runner.
func (w world) host(now licensing.Clock) *host.Runner {
	return host.New(host.Options{
		Command: sandbox.RunnerCommand(os.Args[0], w.url, sandbox.TokenAdmin), Mode: w.mode, Environ: os.Environ(), Now: now.Now, Launch: w.launch,
	})
}

// launch runs the command over a road that can be cut as ssh's can: before it
// arrives, within the answer, and before any of it.
func (w world) launch(ctx context.Context, argv []string, stdin io.Reader, stdout, stderr io.Writer) (int, error) {
	w.reach("send")
	defer w.reach("over")
	if w.road == cutBefore {
		_, _ = io.WriteString(stderr, "ssh: connect to host gitlab.example.com port 22: Connection timed out\n")
		return 255, nil
	}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &listener{w: w, out: stdout}, stderr
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), nil
	}
	if err == nil && w.road.cuts() {
		_, _ = io.WriteString(stderr, "client_loop: send disconnect: Connection reset\n")
		return 255, nil
	}
	return 0, err
}

// listener tells how far the program on the server has come, and passes on what
// the road lets through.
type listener struct {
	w    world
	out  io.Writer
	seen bytes.Buffer
}

func (l *listener) Write(p []byte) (int, error) {
	l.seen.Write(p)
	told := func(stage, state string) bool {
		for line := range strings.Lines(l.seen.String()) {
			if strings.Contains(line, `"stage":"`+stage+`"`) && strings.Contains(line, `"state":"`+state+`"`) && strings.HasSuffix(line, "\n") {
				return true
			}
		}
		return false
	}
	queued := told("trigger", "done")
	if told("trigger", "begin") {
		l.w.reach("begun")
	}
	if queued {
		l.w.reach("queued")
	}
	if l.w.road == cutAfter || l.w.road == cutHalf && queued {
		return len(p), nil
	}
	return l.out.Write(p)
}

// road tells when a request that writes leaves and when it is over, and cuts it
// off if the world wants it so.
type road struct{ w world }

var wire = &http.Transport{DisableKeepAlives: true}

var errCut = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}

func (r road) RoundTrip(q *http.Request) (*http.Response, error) {
	if q.Method == http.MethodGet {
		return wire.RoundTrip(q)
	}
	b, err := io.ReadAll(q.Body)
	if err != nil {
		return nil, err
	}
	q.Body = io.NopCloser(bytes.NewReader(b))
	if q.Method == http.MethodPost && !bytes.Contains(b, []byte("mutation")) {
		return wire.RoundTrip(q)
	}
	r.w.reach("send")
	defer r.w.reach("over")
	if r.w.road == cutBefore {
		return nil, errCut
	}
	resp, err := wire.RoundTrip(q)
	switch {
	case err == nil && r.w.road == cutAfter:
		_ = resp.Body.Close()
		return nil, errCut
	case err == nil && r.w.road == cutHalf:
		resp.Body = half{resp.Body, new(bool)}
	}
	return resp, err
}

// half is a body that breaks off after its first bytes.
type half struct {
	io.ReadCloser
	begun *bool
}

func (h half) Read(p []byte) (int, error) {
	if *h.begun {
		return 0, errCut
	}
	*h.begun = true
	return h.ReadCloser.Read(p[:min(len(p), 5)])
}

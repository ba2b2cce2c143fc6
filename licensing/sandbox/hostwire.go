package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// RunnerVerb is the hidden verb of the command that plays gitlab-rails on a
// sandbox: "sandbox-runner --url URL --token TOKEN runner - WORDS...".
const RunnerVerb = "sandbox-runner"

// RunnerCommand is the command in front of "runner -" for a sandbox at an
// address; self is this program.
func RunnerCommand(self, url, token string) []string {
	return []string{self, RunnerVerb, "--url", url, "--token", token}
}

// The private way of programs to a sandbox. It is no part of GitLab.
const (
	runnerPath = "/-/sandbox/runner"
	exitHeader = "Sandbox-Exit"
)

// hostRequest is a program on its way to a sandbox.
type hostRequest struct {
	Words   []string `json:"words"`
	Program string   `json:"program"`
}

// serveRunner runs a program and streams what it prints.
func (s *Server) serveRunner(w http.ResponseWriter, r *http.Request) {
	c := newCall(s, r)
	s.mu.Lock()
	c.now = s.clock().UTC()
	s.identify(c)
	admin := c.user != nil && c.user.has(flagAdmin)
	s.mu.Unlock()
	var in hostRequest
	switch {
	case r.Method != http.MethodPost:
		http.Error(w, "post a program", http.StatusMethodNotAllowed)
		return
	case !admin:
		http.Error(w, "this needs the sandbox's administrator", http.StatusForbidden)
		return
	case json.NewDecoder(io.LimitReader(r.Body, maxBody)).Decode(&in) != nil:
		http.Error(w, "that is no program", http.StatusBadRequest)
		return
	}
	w.Header().Set("Trailer", exitHeader)
	w.Header().Set("Content-Type", "application/octet-stream")
	w.WriteHeader(http.StatusOK)
	exit := s.runHost(r.Context(), in.Words, in.Program, flushing{w}, io.Discard, waiting)
	w.Header().Set(exitHeader, strconv.Itoa(exit))
}

// waiting lets real time pass.
func waiting(ctx context.Context, d time.Duration) error {
	if !wait(ctx, d) {
		return ctx.Err()
	}
	return nil
}

// flushing sends each piece at once, so that stages arrive while they happen.
type flushing struct{ w http.ResponseWriter }

func (f flushing) Write(p []byte) (int, error) {
	n, err := f.w.Write(p)
	if err != nil {
		return n, err
	}
	return n, http.NewResponseController(f.w).Flush()
}

// Runner is the command behind [RunnerVerb]: it carries a program to a sandbox
// and its output back. It returns the exit code.
func Runner(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	exit, err := carry(ctx, args, stdin, stdout)
	if err != nil {
		fmt.Fprintln(stderr, RunnerVerb+":", err)
		return 1
	}
	return exit
}

func carry(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) (int, error) {
	if len(args) < 4 || args[0] != "--url" || args[2] != "--token" {
		return 1, errors.New("usage: " + RunnerVerb + " --url URL --token TOKEN WORD, and more words")
	}
	url, token, words := args[1], args[3], args[4:]
	program, err := io.ReadAll(io.LimitReader(stdin, maxBody))
	if err != nil {
		return 1, err
	}
	body, err := json.Marshal(hostRequest{Words: words, Program: string(program)})
	if err != nil {
		return 1, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+runnerPath, bytes.NewReader(body))
	if err != nil {
		return 1, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	way := &http.Transport{} // no proxy: a sandbox is on this machine
	defer way.CloseIdleConnections()
	resp, err := (&http.Client{Transport: way}).Do(req)
	if err != nil {
		return 1, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		why, _ := io.ReadAll(io.LimitReader(resp.Body, 200))
		return 1, fmt.Errorf("the sandbox answers %s: %s", resp.Status, bytes.TrimSpace(why))
	}
	if _, err := io.Copy(stdout, resp.Body); err != nil {
		return 1, err
	}
	exit, err := strconv.Atoi(resp.Trailer.Get(exitHeader))
	if err != nil {
		return 1, errors.New("the sandbox broke off")
	}
	return exit, nil
}

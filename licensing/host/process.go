package host

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// How long a command gets to end after SIGTERM, and after SIGKILL.
const (
	termWait = 5 * time.Second
	killWait = time.Second
	pipeWait = 2 * time.Second // for its outputs to close after its end
)

// errStuck: the command runs as another user, whom we may not signal, and did
// not end. It comes to its end by its own deadline.
var errStuck = errors.New("the command could not be ended")

// notStarted: there never was a process.
type notStarted struct{ error }

func (e notStarted) Unwrap() error { return e.error }

// launcher starts processes.
type launcher struct {
	env      []string
	termWait time.Duration
}

// run runs a command to its end: no terminal (a session of its own has none,
// so nothing can ask for a password behind our back), a process group of its
// own. When ctx ends it gets SIGTERM, and SIGKILL five seconds later.
func (l launcher) run(ctx context.Context, argv []string, stdin io.Reader, stdout, stderr io.Writer) (int, error) {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = l.env, stdin, stdout, stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.WaitDelay = pipeWait
	if err := cmd.Start(); err != nil {
		return -1, notStarted{err}
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if cmd.ProcessState == nil {
			return -1, err
		}
		return exitCode(cmd.ProcessState), nil
	case <-ctx.Done():
	}
	for _, end := range []struct {
		signal syscall.Signal
		wait   time.Duration
	}{{syscall.SIGTERM, l.termWait}, {syscall.SIGKILL, killWait}} {
		// A group that runs as another user refuses this; then only time helps.
		_ = syscall.Kill(-cmd.Process.Pid, end.signal)
		if within(ended, end.wait) {
			return -1, context.Cause(ctx)
		}
	}
	return -1, errors.Join(errStuck, context.Cause(ctx))
}

// within reports whether the command ended in time.
func within(ended <-chan error, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ended:
		return true
	case <-t.C:
		return false
	}
}

// exitCode is as a shell counts: 128 and the signal for what a signal ended.
func exitCode(p *os.ProcessState) int {
	if status, ok := p.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return p.ExitCode()
}

// What a command may need of the environment to find its way: where programs
// and keys are, which server of Docker or Kubernetes is meant, which language.
// Everything else stays here, tokens of ours and of others above all; whoever
// needs more writes env NAME=VALUE into host_command.
var (
	passed = []string{
		"PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "SSH_AUTH_SOCK", "KRB5CCNAME",
		"KUBECONFIG", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CONTEXT", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY",
		"XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "AWS_PROFILE", "AWS_REGION", "AWS_CONFIG_FILE", "CLOUDSDK_CONFIG",
	}
	passedPrefix = "LC_"
)

// environment returns what of environ a command gets. It is never nil, which
// would mean all of it.
func environment(environ []string) []string {
	out := []string{}
	for _, kv := range environ {
		name, _, _ := strings.Cut(kv, "=")
		if slices.Contains(passed, name) || strings.HasPrefix(name, passedPrefix) {
			out = append(out, kv)
		}
	}
	return out
}

package secret

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	commandLimit = 10 * time.Second // a helper that takes longer is ended
	commandGrace = time.Second      // for its output to close after that
)

var errTooLong = errors.New("too much output")

// run asks the helper, for at most ten seconds. It has no terminal, no token of
// ours in its environment and a process group of its own, which is ended as a
// whole. Its error output goes nowhere: helpers have been seen to print secrets
// there.
func (r Request) run(ctx context.Context) ([]byte, error) { return r.runWithin(ctx, commandLimit) }

func (r Request) runWithin(ctx context.Context, limit time.Duration) ([]byte, error) {
	name := lastElement(r.Command[0])
	try := "run it in a terminal to see what it says"
	path, err := exec.LookPath(r.Command[0])
	if err != nil {
		return nil, denied("token_command: "+name+" cannot be started", "check the path in config.toml").Because(err)
	}
	if err := r.trusted(path); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, errTimeout)
	defer cancel()
	out := &capped{stop: cancel}
	cmd := exec.CommandContext(ctx, path, r.Command[1:]...)
	cmd.Env = without(r.Environ, EnvToken)
	cmd.Stdout = out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = commandGrace
	err = cmd.Run()
	switch {
	case out.over:
		return nil, denied(fmt.Sprintf("token_command: %s printed more than %d bytes", name, tokenMax), "it must print the token alone")
	case errors.Is(context.Cause(ctx), errTimeout):
		return nil, denied(fmt.Sprintf("token_command: %s did not answer within %s", name, limit), try).Because(errTimeout)
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, denied(fmt.Sprintf("token_command: %s failed (%s)", name, ending(err)), try).Because(err)
	}
	return out.b, nil
}

var errTimeout = errors.New("the helper took too long")

// trusted refuses a program that somebody else could have changed.
func (r Request) trusted(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return denied("token_command: "+path+" cannot be looked at", "check the path in config.toml").Because(err)
	}
	owner := -1
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		owner = int(st.Uid)
	}
	switch {
	case owner != 0 && owner != r.UID:
		return denied(fmt.Sprintf("token_command: %s belongs to uid %d, neither to you nor to root", path, owner), "use a program of your own")
	case info.Mode().Perm()&0o002 != 0:
		return denied("token_command: "+path+" can be changed by everybody", "chmod o-w "+path)
	}
	return nil
}

func ending(err error) string {
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		return e.ProcessState.String() // "exit status 2", "signal: killed"
	}
	return "it could not be started"
}

// without returns the environment without one variable.
func without(environ []string, key string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(e string) bool { return strings.HasPrefix(e, key+"=") })
}

// capped keeps what a helper prints, and stops it when that is too much.
type capped struct {
	b    []byte
	over bool
	stop func()
}

func (c *capped) Write(p []byte) (int, error) {
	if len(c.b)+len(p) > tokenMax {
		c.over = true
		c.stop()
		return 0, errTooLong
	}
	c.b = append(c.b, p...)
	return len(p), nil
}

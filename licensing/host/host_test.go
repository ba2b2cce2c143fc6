package host

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/google/go-cmp/cmp"

	"seatdeck/model"
)

func TestAnswersAreFoundInNoise(t *testing.T) {
	facts := `"version":"19.5.1","ee":true,"eligible":true,"way":"button","license":false`
	for name, out := range map[string]string{
		"plain":               answered(facts),
		"carriage returns":    strings.ReplaceAll(answered(facts), "\n", "\r\n"),
		"noise before":        "DEPRECATION WARNING: old\nwarn: x\n" + answered(facts),
		"an unfinished line":  "half a line\n" + answered(facts),
		"noise between":       strings.Replace(answered(facts), "\n", "\nSELECT 1;\n\n", 1),
		"noise after":         answered(facts) + "ERROR at exit",
		"another's marker":    "@seatdeck-ffffffffffffffffffffffffffffffff {\"line\":\"answer\",\"schema\":1}\n" + answered(facts),
		"marker inside":       "see @seatdeck-NONCE {\"line\":\"answer\"\n" + answered(facts),
		"no line end":         strings.TrimSuffix(answered(facts), "\n"),
		"a very long noise":   strings.Repeat("x", maxLine+10) + "\n" + answered(facts),
		"binary noise":        "\x00\xff\x1b[31m\n" + answered(facts),
		"an empty-ish marker": "@seatdeck-\n" + answered(facts),
	} {
		t.Run(name, func(t *testing.T) {
			r := New(Options{Command: []string{"x"}, Now: time.Now, Launch: printing(out, 0)})
			e, err := r.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := e.Eligible.Get(); !got || !e.NoLicense || e.Way != model.WayButton || e.Version.String() != "19.5.1" || !e.Fenced {
				t.Errorf("answer is %+v", e)
			}
		})
	}
}

// printing stands for a command that prints a text, in pieces of every size.
func printing(out string, exit int) func(context.Context, []string, io.Reader, io.Writer, io.Writer) (int, error) {
	return func(_ context.Context, argv []string, _ io.Reader, stdout, _ io.Writer) (int, error) {
		text := strings.ReplaceAll(out, "NONCE", argv[len(argv)-2])
		for size := 1; text != ""; size = size*2 + 1 {
			n := min(size, len(text))
			_, _ = io.WriteString(stdout, text[:n])
			text = text[n:]
		}
		return exit, nil
	}
}

func TestAnAnswerCountsWhateverTheExitCode(t *testing.T) {
	r := runner(t, word("out", answered(`"eligible":true`)), word("exit", "3"))
	e, err := r.Check(inTime(t, 20*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if !e.Eligible.Or(false) || e.Exit != 3 {
		t.Errorf("eligible %v, exit %d; want true, 3", e.Eligible, e.Exit)
	}
}

func TestEachFailureHasItsOwnWords(t *testing.T) {
	type want struct {
		class     model.Class
		msg, next string
		sent      model.HostSent
	}
	backtrace := "/opt/gitlab/embedded/lib/ruby/x.rb:12:in `require': cannot load such file -- foo (LoadError)\n\tfrom /opt/a.rb:1\n"
	for name, c := range map[string]struct {
		exit     string
		out, err string
		want     want
	}{
		"sudo wants a password":   {"1", "", "sudo: a password is required\n", want{model.ClassDenied, "sudo wants a password", "visudo", "no"}},
		"sudo has no terminal":    {"1", "", "sudo: a terminal is required to read the password; either use the -S option\n", want{model.ClassDenied, "sudo wants a password", "visudo", "no"}},
		"not in sudoers":          {"1", "", "alice is not in the sudoers file.\n", want{model.ClassDenied, "sudo does not let", "visudo", "no"}},
		"sudo wants a terminal":   {"1", "", "sudo: sorry, you must have a tty to run sudo\n", want{model.ClassDenied, "insists on a terminal", "requiretty", "no"}},
		"kubectl is not let in":   {"1", "", "error: You must be logged in to the server (Unauthorized)\n", want{model.ClassDenied, "kubectl is not let in", "KUBECONFIG", "no"}},
		"wrong user, said":        {"111", "", "chpst: fatal: unable to switch to directory: /opt/gitlab/etc/gitlab-rails/env: access denied\n", want{model.ClassDenied, "only root and the git user", "sudo", "no"}},
		"wrong user, silent":      {"111", "", "", want{model.ClassDenied, "only root and the git user", "sudo", "no"}},
		"not configured":          {"1", "/opt/gitlab/bin/gitlab-rails error: could not load /opt/gitlab/etc/gitlab-rails-rc\nEither you are not allowed to read the file, or it does not exist yet.\n", "", want{model.ClassUnsupported, "not configured", "reconfigure", "no"}},
		"asks for a terminal":     {"1", "", "the input device is not a TTY\n", want{model.ClassConfig, "asks for a terminal", "-t", "no"}},
		"no such container":       {"1", "", "Error response from daemon: No such container: gitlab\n", want{model.ClassConfig, "no such running container", "docker ps", "no"}},
		"no such pod":             {"1", "", `Error from server (NotFound): pods "toolbox-1" not found` + "\n", want{model.ClassConfig, "no such running container", "kubectl", "no"}},
		"docker is closed":        {"1", "", "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock\n", want{model.ClassDenied, "cannot use Docker", "sudo", "no"}},
		"ssh is not let in":       {"255", "", "git@host: Permission denied (publickey).\n", want{model.ClassDenied, "ssh is not let in", "by hand", "no"}},
		"ssh does not get there":  {"255", "", "ssh: connect to host gitlab port 22: Connection refused\n", want{model.ClassUnreachable, "connection to the server failed", "by hand", "unknown"}},
		"migrations are pending":  {"1", "", "ActiveRecord::PendingMigrationError: Migrations are pending\n", want{model.ClassLocked, "being changed", "again", "no"}},
		"a boot that fails":       {"1", "", backtrace, want{model.ClassLocked, "does not start", "again", "no"}},
		"no database":             {"1", "", "PG::ConnectionBad: connection to server on socket failed\n", want{model.ClassUnreachable, "does not reach its database", "gitlab-ctl status", "no"}},
		"no Redis":                {"1", "", "Redis::CannotConnectError: Connection refused\n", want{model.ClassUnreachable, "does not reach Redis", "gitlab-ctl status", "no"}},
		"no program on stdin":     {"1", "Please specify a valid ruby command or the path of a script to run.\n", "", want{model.ClassConfig, "does not read a program", "host_command", "no"}},
		"not there, says a shell": {"127", "", "sh: 1: gitlab-rails: not found\n", want{model.ClassConfig, "is not there", "whole path", "no"}},
		"nothing arrived":         {"0", "", "", want{model.ClassMalformed, "brought no answer", "-i", "unknown"}},
		"noise and a good end":    {"0", "Loading production environment\n", "", want{model.ClassMalformed, "brought no answer", "-i", "unknown"}},
		"killed":                  {"137", "", "", want{model.ClassFailed, "killed", "1 GB", "unknown"}},
		"anything else":           {"4", "", "what on earth\n", want{model.ClassFailed, "ended with 4: what on earth", "by hand", "unknown"}},
		"nothing said":            {"4", "", "", want{model.ClassFailed, "said nothing", "by hand", "unknown"}},
		"a secret in it":          {"4", "", "token=glpat-abcdefghijklmnop1234\n", want{model.ClassFailed, "ended with 4: [removed]", "by hand", "unknown"}},
		"wrong nonce":             {"0", `@seatdeck-00000000000000000000000000000000 {"line":"answer","schema":1}` + "\n", "", want{model.ClassMalformed, "another question", "host_command", "unknown"}},
		"garbage after a marker":  {"0", "@seatdeck-NONCE {\"line\":\n", "", want{model.ClassMalformed, "cannot be read", "host_command", "unknown"}},
		"a line cut short":        {"0", `@seatdeck-NONCE {"line":"answer","schema":1,"program":"sy`, "", want{model.ClassMalformed, "cannot be read", "host_command", "unknown"}},
		"the wrong program":       {"0", `@seatdeck-NONCE {"line":"answer","schema":1,"program":"other","facts":{}}` + "\n", "", want{model.ClassMalformed, "cannot be read", "host_command", "unknown"}},
		"an unknown line":         {"0", `@seatdeck-NONCE {"line":"poem","schema":1}` + "\n", "", want{model.ClassMalformed, "cannot be read", "host_command", "unknown"}},
		"another form":            {"0", `@seatdeck-NONCE {"line":"answer","schema":2,"program":"sync"}` + "\n", "", want{model.ClassUnsupported, "form", "one version", "unknown"}},
		"GitLab's code failed": {"0", `@seatdeck-NONCE {"line":"answer","schema":1,"program":"sync","facts":{},"missing":[],"failed":{},"error":{"class":"RuntimeError","message":"RuntimeError: no","where":"x:1"}}` + "\n", "",
			want{model.ClassFailed, "GitLab's own code failed: RuntimeError: no", "gitlab-rails runner 1", "no"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := runner(t, word("out", c.out), word("err", c.err), word("exit", c.exit))
			s, err := r.Sync(inTime(t, 20*time.Second), model.HostSyncOrder{}, nil)
			e := failed(t, err)
			if e.Class != c.want.class || !strings.Contains(e.Msg.String(), c.want.msg) || !strings.Contains(e.Next.String(), c.want.next) {
				t.Errorf("error is %s: %v", e.Class, e)
			}
			if s.Sent != c.want.sent {
				t.Errorf("sent is %q, want %q", s.Sent, c.want.sent)
			}
		})
	}
}

func TestTwoAnswersAreNone(t *testing.T) {
	line := answered(`"eligible":true`)
	r := New(Options{Command: []string{"x"}, Now: time.Now, Launch: printing(line+line, 0)})
	_, err := r.Check(t.Context())
	if e := failed(t, err); e.Class != model.ClassMalformed || !strings.Contains(e.Msg.String(), "two answers") {
		t.Errorf("error is %v", e)
	}
}

func TestACommandThatIsNotThere(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain")
	if err := os.WriteFile(plain, []byte("#!/bin/sh\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		command []string
		msg     string
	}{
		"by name":    {[]string{"seatdeck-no-such-program"}, "is not on this machine"},
		"by path":    {[]string{filepath.Join(dir, "gone")}, "is not on this machine"},
		"no modes":   {[]string{plain}, "cannot be started"},
		"a folder":   {[]string{dir}, "cannot be started"},
		"configured": {nil, "no host_command"},
	} {
		t.Run(name, func(t *testing.T) {
			r := New(Options{Command: c.command, Mode: model.ModeWrite, Environ: os.Environ(), Now: time.Now})
			s, err := r.Sync(t.Context(), model.HostSyncOrder{}, nil)
			if e := failed(t, err); e.Class != model.ClassConfig || !strings.Contains(e.Msg.String(), c.msg) || e.Next.Empty() {
				t.Errorf("error is %s: %v", e.Class, e)
			}
			if s.Sent != model.SentNo {
				t.Errorf("sent is %q", s.Sent)
			}
		})
	}
}

func TestTheModeStopsASync(t *testing.T) {
	started := false
	launch := func(context.Context, []string, io.Reader, io.Writer, io.Writer) (int, error) {
		started = true
		return 0, nil
	}
	for _, mode := range []model.Mode{model.ModeReadOnly, "", "odd"} {
		r := New(Options{Command: []string{"x"}, Mode: mode, Now: time.Now, Launch: launch})
		s, err := r.Sync(t.Context(), model.HostSyncOrder{}, nil)
		if e := failed(t, err); e.Class != model.ClassRefused || started || s.Sent != model.SentNo {
			t.Errorf("mode %q: %v, started %t, sent %s", mode, e, started, s.Sent)
		}
	}
}

func TestACommandGetsOnlyWhatItNeeds(t *testing.T) {
	dir := t.TempDir()
	seen, read := filepath.Join(dir, "seen"), filepath.Join(dir, "read")
	r := New(Options{
		Command: command(t, word("file", seen), word("read", read), word("out", answered("")), word("exit", "0")),
		Environ: []string{
			"PATH=/bin", "HOME=/root", "LC_ALL=C.UTF-8", "SEATDECK_TOKEN=glpat-secret", "SEATDECK_URL=x", "GITLAB_TOKEN=y",
			"NO_PRIVILEGE_DROP=1", "RUBYOPT=-rx", "CREDENTIALS_DIRECTORY=/run/credentials", "SSH_AUTH_SOCK=/tmp/agent",
		},
		Now: time.Now,
	})
	if _, err := r.Check(inTime(t, 20*time.Second)); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(seen)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "\n")
	env, _, _ := strings.Cut(rest, "\n"+os.Args[0])
	if diff := cmp.Diff([]string{"PATH=/bin", "HOME=/root", "LC_ALL=C.UTF-8", "SSH_AUTH_SOCK=/tmp/agent"}, strings.Split(env, "\n")); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
	program, err := os.ReadFile(read)
	if err != nil {
		t.Fatal(err)
	}
	want, err := source("check")
	if err != nil {
		t.Fatal(err)
	}
	if string(program) != want {
		t.Error("standard input is not the program")
	}
	if strings.Contains(string(b), "Seatdeck") {
		t.Error("the program is among the arguments")
	}
}

// A program that wants to ask on the terminal finds none, even where we have one:
// otherwise its question would stand in the middle of the console, and wait.
func TestThereIsNoTerminal(t *testing.T) {
	for name, c := range map[string]struct{ words, want []string }{
		"by itself":  {[]string{"tty"}, []string{"tty: <nil>"}},
		"through us": {[]string{"through"}, []string{"no such device", "sid-leader true"}},
	} {
		self := command(t, c.words...)
		terminal, err := pty.Start(exec.Command(self[0], self[1:]...))
		if err != nil {
			t.Fatal(err)
		}
		said, _ := io.ReadAll(terminal) // a terminal whose last user is gone ends with an error
		_ = terminal.Close()
		for _, want := range c.want {
			if !strings.Contains(string(said), want) {
				t.Errorf("%s it says %q, without %q", name, said, want)
			}
		}
	}
}

// alive reports whether a process that noted its id still runs.
func alive(t *testing.T, file string) bool {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(b), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	return syscall.Kill(pid, 0) == nil
}

func TestADeadlineEndsTheWholeGroup(t *testing.T) {
	for name, words := range map[string][]string{
		"polite":   nil,
		"stubborn": {"stubborn"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pid := filepath.Join(t.TempDir(), "pid")
			all := append(words, word("out", "up\n"), word("file", pid), "hang")
			l := launcher{env: os.Environ(), termWait: 300 * time.Millisecond}
			r := New(Options{Command: command(t, all...), Mode: model.ModeWrite, Now: time.Now,
				Launch: func(ctx context.Context, argv []string, in io.Reader, out, errs io.Writer) (int, error) {
					ctx, cancel := context.WithTimeoutCause(ctx, time.Second, errDeadline)
					defer cancel()
					return l.run(ctx, argv, in, out, errs)
				}})
			s, err := r.Sync(t.Context(), model.HostSyncOrder{}, nil)
			if e := failed(t, err); e.Class != model.ClassUnreachable || !strings.Contains(e.Msg.String(), "did not come up") {
				t.Errorf("error is %s: %v", e.Class, e)
			}
			if s.Sent != model.SentUnknown || alive(t, pid) {
				t.Errorf("sent %q, alive %t", s.Sent, alive(t, pid))
			}
		})
	}
}

func TestCancellingEndsTheCommand(t *testing.T) {
	pid := filepath.Join(t.TempDir(), "pid")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stage := `@seatdeck-NONCE {"line":"stage","schema":1,"stage":"trigger","state":"begin","way":"button"}` + "\n"
	r := runner(t, word("file", pid), word("out", stage), "hang")
	s, err := r.Sync(ctx, model.HostSyncOrder{}, func(model.HostStage) { cancel() })
	if e := failed(t, err); e.Class != model.ClassCancelled {
		t.Errorf("error is %s: %v", e.Class, e)
	}
	if s.Sent != model.SentUnknown || len(s.Stages) != 1 || s.Stages[0].Detail.String() != "button" || alive(t, pid) {
		t.Errorf("result %+v, alive %t", s, alive(t, pid))
	}
}

func TestAFloodIsStopped(t *testing.T) {
	r := runner(t, "flood")
	_, err := r.Check(inTime(t, 30*time.Second))
	if e := failed(t, err); e.Class != model.ClassMalformed || !strings.Contains(e.Msg.String(), "far too much") {
		t.Errorf("error is %s: %v", e.Class, e)
	}
}

func TestOneProgramAtATime(t *testing.T) {
	entered, leave := make(chan bool, 2), make(chan bool)
	r := New(Options{Command: []string{"x"}, Now: time.Now, Launch: func(context.Context, []string, io.Reader, io.Writer, io.Writer) (int, error) {
		entered <- true
		<-leave
		return 1, nil
	}})
	go func() { _, _ = r.Check(t.Context()) }()
	<-entered
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := r.Check(ctx)
	if e := failed(t, err); e.Class != model.ClassCancelled || !errors.Is(err, context.Canceled) {
		t.Errorf("the second one: %v", e)
	}
	if len(entered) != 0 {
		t.Error("two programs ran at a time")
	}
	close(leave)
}

// An ssh joins its words with spaces, and a shell at the other end splits them
// again.
func TestWordsSurviveAShell(t *testing.T) {
	dir := t.TempDir()
	ssh := filepath.Join(dir, "ssh")
	if err := os.WriteFile(ssh, []byte("#!/bin/sh\nexec sh -c \"$*\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	seen := filepath.Join(dir, "seen")
	self := command(t, word("file", seen), word("out", answered(`"eligible":true`)))
	r := New(Options{Command: append([]string{ssh}, self...), Environ: os.Environ(), Now: time.Now})
	if _, err := r.Check(inTime(t, 20*time.Second)); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(seen)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(string(b), "\n")
	nonce, packed := got[len(got)-2], got[len(got)-1]
	if len(nonce) != 32 || strings.Trim(nonce, "0123456789abcdef") != "" || !strings.HasPrefix(packed, "ey") {
		t.Errorf("words arrived as %q %q", nonce, packed)
	}
}

func TestWordsHaveNothingForAShell(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		nonce, packed, err := words(map[string]any{"a": "?>~ü $(x) `y` ' \" \\ *\n", "b": 1.5})
		if err != nil {
			t.Fatal(err)
		}
		const safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
		if strings.Trim(nonce+packed, safe) != "" || packed[0] == '-' || seen[nonce] {
			t.Fatalf("words are %q %q", nonce, packed)
		}
		seen[nonce] = true
	}
}

func TestTheCommandLine(t *testing.T) {
	for _, c := range []struct{ command, want string }{
		{"sudo -n gitlab-rails", "sudo -n gitlab-rails runner - N P"},
		{"bundle exec rails runner -e production -", "bundle exec rails runner -e production - N P"},
	} {
		if got := strings.Join(argv(strings.Fields(c.command), "N", "P"), " "); got != c.want {
			t.Errorf("argv(%s) = %s, want %s", c.command, got, c.want)
		}
	}
}

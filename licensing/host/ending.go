package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"time"

	"seatdeck/model"
)

// ending is how a command ended, and all it said beside its answer.
type ending struct {
	op      model.Operation
	command string // its first word
	limit   time.Duration
	exit    int
	err     error // it could not be started, or had to be ended
	fault   error // of its marked lines
	foreign bool  // marked lines of another run were seen
	ready   bool
	stdout  string
	stderr  string
}

// sign is a known failure before our program began: what it prints, or the exit
// code that stands for it, and its words.
type sign struct {
	exit      int // 0: any
	pattern   string
	class     model.Class
	msg, next string
	again     bool // the program may have begun all the same
}

// Whoever may run any Ruby as the git user has full power over GitLab, and has
// to know that before writing such a line.
const sudoNext = "allow it with visudo: USER ALL=(root) NOPASSWD: /opt/gitlab/bin/gitlab-rails (which is full power over GitLab); or run seatdeck as root"

// signs are tried in order (gitlab-host §1.1, §1.2, §1.4, §9.3, §9.4).
var signs = []sign{
	{pattern: `sudo: .*(password is required|terminal is required|no tty present|askpass)`, class: model.ClassDenied,
		msg: "sudo wants a password", next: sudoNext},
	{pattern: `not in the sudoers file|is not allowed to (execute|run)|may not run sudo`, class: model.ClassDenied,
		msg: "sudo does not let this account run GitLab's Ruby", next: sudoNext},
	{pattern: `you must have a tty to run sudo`, class: model.ClassDenied,
		msg: "sudo insists on a terminal", next: "take requiretty away with visudo: Defaults:USER !requiretty"},
	{pattern: `chpst: fatal`, class: model.ClassDenied,
		msg: "only root and the git user may run gitlab-rails", next: `write host_command = ["sudo", "-n", "gitlab-rails"], and allow it in sudoers`},
	{exit: 111, class: model.ClassDenied,
		msg: "only root and the git user may run gitlab-rails", next: `write host_command = ["sudo", "-n", "gitlab-rails"], and allow it in sudoers`},
	{pattern: `could not load .*gitlab-rails-rc`, class: model.ClassUnsupported,
		msg: "GitLab is installed on that server, and not configured for Rails there", next: "use a server that runs Puma or Sidekiq, or run sudo gitlab-ctl reconfigure there"},
	{pattern: `the input device is not a TTY|Unable to use a TTY|cannot attach stdin to a TTY`, class: model.ClassConfig,
		msg: "the command asks for a terminal, and gets none", next: "take -t out of host_command; -i alone stays"},
	{pattern: `No such container|is not running|pods? .* not found|container not found`, class: model.ClassConfig,
		msg: "there is no such running container or pod", next: "look with docker ps or kubectl get pods, and correct host_command"},
	{pattern: `permission denied .*[Dd]ocker|Cannot connect to the Docker daemon`, class: model.ClassDenied,
		msg: "this account cannot use Docker", next: "let it, or put sudo -n before docker in host_command"},
	{pattern: `Permission denied \(publickey|Host key verification failed|Too many authentication failures`, class: model.ClassDenied,
		msg: "ssh is not let in", next: "try the command by hand once: its key and the server's must be known without a question"},
	{pattern: `You must be logged in to the server|cannot (get|create) resource "pods`, class: model.ClassDenied,
		msg: "kubectl is not let in", next: "check with kubectl auth can-i create pods/exec, and which KUBECONFIG is used"},
	{pattern: `PendingMigrationError|[Mm]igrations are pending|UndefinedTable.*schema_migrations`, class: model.ClassLocked,
		msg: "GitLab is being changed: migrations are pending", next: "try again when the upgrade or gitlab-ctl reconfigure is over"},
	{pattern: `Bundler::|Could not find .* in (locally|any of)|cannot load such file`, class: model.ClassLocked,
		msg: "GitLab does not start: parts of it are missing, as during an upgrade", next: "try again when it is over; else gitlab-rails runner 1 on the server tells more"},
	{pattern: `PG::ConnectionBad|ActiveRecord::ConnectionNotEstablished|ActiveRecord::DatabaseConnectionError|could not connect to server`, class: model.ClassUnreachable,
		msg: "GitLab does not reach its database", next: "gitlab-ctl status on the server tells more"},
	{pattern: `Redis::CannotConnect|RedisClient::CannotConnect|Redis::BaseConnectionError`, class: model.ClassUnreachable,
		msg: "GitLab does not reach Redis", next: "gitlab-ctl status on the server tells more"},
	{exit: 255, pattern: `(?i)ssh|connect|closed|timed out|resolve|route`, class: model.ClassUnreachable, again: true,
		msg: "the connection to the server failed", next: "try the command by hand: host_command in config.toml says which"},
	{pattern: `specify a valid ruby command|Run 'rails|rails runner \[options\]`, class: model.ClassConfig,
		msg: "the command does not read a program on standard input", next: "host_command must end before runner -, such as sudo -n gitlab-rails"},
	{exit: 127, class: model.ClassConfig,
		msg: "the program that host_command names is not there", next: "write its whole path, such as /opt/gitlab/bin/gitlab-rails"},
	{exit: 126, class: model.ClassConfig,
		msg: "the program that host_command names cannot be started", next: "check its path and its modes on that server"},
}

// patterns are those of signs, compiled when the first command fails: a start
// that asks no server does not pay for them.
var patterns = sync.OnceValue(func() []*regexp.Regexp {
	out := make([]*regexp.Regexp, len(signs))
	for i, s := range signs {
		out[i] = regexp.MustCompile(s.pattern)
	}
	return out
})

// judge finds the words for an ending; nil for a sound answer. An answer counts
// whatever the exit code is. The second result is true where it is certain that
// our program did not begin.
func (e ending) judge(a *answerLine) (failed *model.Error, neverRan bool) {
	_, unstarted := errors.AsType[notStarted](e.err)
	switch {
	case unstarted:
		return e.unstarted(), true
	case e.fault != nil:
		return e.garbled(), false
	case a != nil && a.Error != nil:
		return e.broken(a), false
	case a != nil:
		return nil, false
	case errors.Is(e.err, context.Canceled):
		return e.fail(model.ClassCancelled, "cancelled", ""), false
	case e.err != nil:
		return e.overdue(), false
	case e.foreign:
		return e.fail(model.ClassMalformed, "the answer belongs to another question", "look what host_command does: it must start one program and no more"), false
	}
	return e.silent()
}

func (e ending) fail(class model.Class, msg, next string) *model.Error {
	err := model.Fail(class, e.op.What, msg, next)
	if e.err != nil {
		err = err.Because(e.err)
	}
	return err
}

func (e ending) unstarted() *model.Error {
	if errors.Is(e.err, exec.ErrNotFound) || errors.Is(e.err, fs.ErrNotExist) {
		return e.fail(model.ClassConfig, e.command+" is not on this machine",
			"run seatdeck on the GitLab server, or reach it with ssh, docker or kubectl in host_command")
	}
	return e.fail(model.ClassConfig, e.command+" cannot be started", "check the path and the modes of what host_command names")
}

// garbled words marked lines that cannot be taken.
func (e ending) garbled() *model.Error {
	switch {
	case errors.Is(e.fault, errTooMuch):
		return e.fail(model.ClassMalformed, "the command printed far too much", "look what host_command does")
	case errors.Is(e.fault, errTwice):
		return e.fail(model.ClassMalformed, "there were two answers to one question", "look what host_command does: it must start one program and no more")
	case errors.Is(e.fault, errOtherForm):
		return e.fail(model.ClassUnsupported, "the answer has a form that this version does not know", "use one version of seatdeck at both ends")
	case errors.Is(e.fault, errGarbled):
		return e.fail(model.ClassMalformed, "the answer cannot be read", "host_command must pass output on as it is: without a terminal, without a filter")
	}
	return model.AsError(e.op.What, e.fault)
}

// broken words an error inside GitLab that our program reported.
func (e ending) broken(a *answerLine) *model.Error {
	if e.err != nil && errors.Is(e.err, context.Canceled) {
		return e.fail(model.ClassCancelled, "cancelled", "")
	}
	if class := a.Error.Class.String(); class == "SignalException" || class == "Interrupt" {
		if e.err != nil {
			return e.overdue()
		}
		return e.fail(model.ClassFailed, "something ended the program on the server", "try again")
	}
	msg := "GitLab's own code failed"
	if !a.Error.Message.Empty() {
		msg += ": " + a.Error.Message.String()
	}
	return e.fail(model.ClassFailed, msg, "gitlab-rails runner 1 on the server tells whether GitLab starts")
}

// overdue words a command that did not end in time.
func (e ending) overdue() *model.Error {
	if !errors.Is(e.err, errDeadline) && !errors.Is(e.err, context.DeadlineExceeded) {
		return e.fail(model.ClassFailed, "the command was lost: "+e.err.Error(), "try again")
	}
	msg := "no answer within " + e.limit.Round(time.Second).String()
	if !e.ready {
		msg += ": GitLab's Ruby did not come up"
	}
	if errors.Is(e.err, errStuck) {
		msg += "; the command runs as another user and could not be ended"
	}
	return e.fail(model.ClassUnreachable, msg, "a busy server may need longer; try again, or try the command by hand")
}

// silent words a command that ended without an answer.
func (e ending) silent() (*model.Error, bool) {
	said := e.stderr + "\n" + e.stdout
	for i, s := range signs {
		if (s.exit == 0 || s.exit == e.exit) && patterns()[i].MatchString(said) {
			return e.fail(s.class, s.msg, s.next), !s.again
		}
	}
	switch last := lastLine(e.stderr, e.stdout); {
	case e.exit == 0:
		return e.fail(model.ClassMalformed, "the command ended well and brought no answer",
			"our program did not arrive: with docker or kubectl, exec needs -i; then try the command by hand"), false
	case e.exit == 137:
		return e.fail(model.ClassFailed, "the command was killed, perhaps for want of memory", "GitLab's Ruby needs about 1 GB; see the server's log"), false
	case e.exit > 128 && e.exit < 160:
		return e.fail(model.ClassFailed, fmt.Sprintf("a signal ended the command (%d)", e.exit-128), "try again"), false
	case last != "":
		return e.fail(model.ClassFailed, fmt.Sprintf("the command ended with %d: %s", e.exit, last), "try it by hand: gitlab-rails runner 1 must work on the server"), false
	}
	return e.fail(model.ClassFailed, fmt.Sprintf("the command ended with %d and said nothing", e.exit), "try it by hand: gitlab-rails runner 1 must work on the server"), false
}

// lastLine is the last line with something in it that is no step of a backtrace.
func lastLine(texts ...string) string {
	for _, text := range texts {
		lines := strings.Split(text, "\n")
		for i := len(lines) - 1; i >= 0; i-- {
			line := strings.TrimSpace(lines[i])
			if line != "" && !strings.HasPrefix(line, "from ") && !strings.HasPrefix(line, "/") {
				return model.CleanN(redact(line), 200).String()
			}
		}
	}
	return ""
}

// secretLike is what a key or a token looks like; compiled on first use too.
var secretLike = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[A-Za-z0-9+/=]{60,}|[A-Za-z0-9+=_-]{32,}|\bgl[a-z]{2,8}-[A-Za-z0-9_.-]{6,}|//[^/@\s]*@`)
})

func redact(s string) string { return secretLike().ReplaceAllString(s, "[removed]") }

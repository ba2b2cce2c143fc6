// Package host runs small Ruby programs on the GitLab server and reads what
// they answer: whether a sync is possible, what it would send, one sync followed
// to its end, the jobs behind it, what is pinned there, and everybody's highest
// role.
//
// The programs are ours and travel in the binary (assets/ruby). Each is sent
// whole on standard input of the configured command; parameters go as one word
// of base64url beside a random number, so that no shell on the way can find
// anything to split or to expand. Answers are lines that begin with that number;
// everything else a server prints is noise. The facts behind all this are those
// of gitlab-host §1 to §10.
//
// Invariants: nothing from outside becomes part of a program; one program runs
// at a time; it has no terminal, none of our secrets in its environment, and a
// session of its own; both of its outputs are bounded; whatever fails has its
// own words. Nothing runs that the profile's mode forbids. Job arguments,
// licence keys and values of settings are never asked for.
package host

import (
	"context"
	"io"
	"os/exec"
	"time"

	"seatdeck/model"
)

// Options say how the GitLab server is reached.
type Options struct {
	// Command is the program and its words up to "runner -", such as
	// ["sudo", "-n", "gitlab-rails"]. One that ends in "-" is taken as complete.
	Command []string
	Mode    model.Mode
	// Environ is the environment to choose from; see environment.
	Environ []string
	// Boot is how long the start of GitLab's Ruby may take; 0 means two minutes.
	Boot time.Duration
	// Now tells the time.
	Now func() time.Time
	// Launch runs the command; nil starts a process. It returns the exit code, or
	// an error when the command could not be started or had to be ended.
	Launch func(ctx context.Context, argv []string, stdin io.Reader, stdout, stderr io.Writer) (exit int, err error)
}

// Times of programs, on top of the start.
const (
	defaultBoot  = 2 * time.Minute
	checkTime    = 30 * time.Second
	observeTime  = 45 * time.Second
	rolesTime    = 30 * time.Minute
	defaultWatch = time.Minute
	maxWatch     = 10 * time.Minute
	defaultPoll  = time.Second
	defaultQuiet = 15 * time.Second
	spare        = 10 * time.Second // for the answer, after a program's own deadline
)

// Runner asks one GitLab server. Its methods may be used by many goroutines;
// they take turns. All errors are *model.Error.
type Runner struct {
	o     Options
	turn  chan struct{}
	yield []string // words before a command that lets the server's own work go first
}

// New returns a runner. Nothing is started yet.
func New(o Options) *Runner {
	if o.Boot == 0 {
		o.Boot = defaultBoot
	}
	r := &Runner{turn: make(chan struct{}, 1)}
	if o.Launch == nil {
		o.Launch = launcher{env: environment(o.Environ), termWait: termWait}.run
		if path, err := exec.LookPath("nice"); err == nil { // it goes with the command through sudo, and stays on this machine with ssh
			r.yield = []string{path, "-n", "10"}
		}
	}
	r.o = o
	return r
}

// Check asks whether a sync can be asked for now. It changes nothing.
func (r *Runner) Check(ctx context.Context) (model.Eligibility, error) {
	re, err := r.ask(ctx, question{op: model.OpHostCheck, program: "check", takes: checkTime})
	if err != nil {
		return model.Eligibility{}, err
	}
	return re.eligibility(), nil
}

// Preview asks the same, and what a sync would send. One start of GitLab's Ruby
// answers both.
func (r *Runner) Preview(ctx context.Context) (model.Preview, error) {
	re, err := r.ask(ctx, question{op: model.OpHostPacket, program: "packet", takes: checkTime})
	if err != nil {
		return model.Preview{}, err
	}
	return model.Preview{Eligibility: re.eligibility(), Packet: re.packet()}, nil
}

// Sync has the server sync once and follows the job. Stages are told while they
// happen, as a rule from another goroutine; progress must not wait. The result says what is
// known even beside an error: Sent is "no" only where it is certain that nothing
// was queued.
func (r *Runner) Sync(ctx context.Context, o model.HostSyncOrder, progress func(model.HostStage)) (model.HostSync, error) {
	o = withDefaults(o)
	tell := &teller{next: progress}
	q := question{
		op: model.OpHostSync, program: "sync", takes: o.Watch, stage: tell.stage, gentle: o.Gentle,
		params: map[string]any{"poll": o.Poll.Seconds(), "quiet": o.Quiet.Seconds()},
	}
	re, err := r.ask(ctx, q)
	out := model.HostSync{Sent: re.sent(tell.triggered()), Stages: tell.stages()}
	if err != nil {
		tell.fill(&out, model.AsOf{At: re.at, Source: model.SourceHost})
		return out, err
	}
	re.fillSync(&out)
	return out, nil
}

func withDefaults(o model.HostSyncOrder) model.HostSyncOrder {
	if o.Watch <= 0 {
		o.Watch = defaultWatch
	}
	if o.Poll <= 0 {
		o.Poll = defaultPoll
	}
	if o.Quiet <= 0 {
		o.Quiet = defaultQuiet
	}
	o.Watch = min(o.Watch, maxWatch)
	return o
}

package host

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"seatdeck/model"
)

// question is one run of a program.
type question struct {
	op      model.Operation
	program string
	takes   time.Duration // the program's own deadline, counted from its first line
	params  map[string]any
	gentle  bool                        // in the background: the server's own work goes first
	stage   func(stageLine)             // told while it runs; may be nil
	rows    func(json.RawMessage) error // given while it runs; may be nil
}

// reply is what came of a question, as far as it came.
type reply struct {
	ready    bool // the program said that it runs
	answer   *answerLine
	exit     int
	took     time.Duration
	at       time.Time
	neverRan bool // certain: the program did not begin
	troubles []model.HostTrouble
}

// answerLine is the one line that ends a program.
type answerLine struct {
	Program string                     `json:"program"`
	Facts   map[string]json.RawMessage `json:"facts"`
	Missing []string                   `json:"missing"`
	Failed  map[string]model.Text      `json:"failed"`
	Fenced  model.Opt[bool]            `json:"fenced"`
	Error   *struct {
		Class   model.Text `json:"class"`
		Message model.Text `json:"message"`
		Where   model.Text `json:"where"`
	} `json:"error"`
}

var errDeadline = errors.New("the deadline came")

// ask runs a program and waits for its answer. The reply is never nil.
func (r *Runner) ask(ctx context.Context, q question) (*reply, error) {
	re := &reply{neverRan: true}
	if err := r.o.Mode.Allow(q.op); err != nil {
		return re, err
	}
	if len(r.o.Command) == 0 {
		return re, model.Fail(model.ClassConfig, q.op.What, "no host_command is configured",
			`add host_command = ["sudo", "-n", "gitlab-rails"] to the instance's [sync] table`)
	}
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return re, model.AsError(q.op.What, ctx.Err())
	}
	program, err := source(q.program)
	if err != nil {
		return re, model.Fail(model.ClassInternal, q.op.What, "the program for it is missing", "please report it").Because(err)
	}
	params := map[string]any{"seconds": q.takes.Seconds()}
	maps.Copy(params, q.params)
	nonce, packed, err := words(params)
	if err != nil {
		return re, model.Fail(model.ClassInternal, q.op.What, err.Error(), "please report it").Because(err)
	}
	line := argv(r.o.Command, nonce, packed)
	if q.gentle {
		line = append(slices.Clone(r.yield), line...)
	}
	return re, r.run(ctx, q, re, program, line, nonce)
}

// run does the asking, and finds words for what goes wrong.
func (r *Runner) run(ctx context.Context, q question, re *reply, program string, argv []string, nonce string) error {
	limit := r.o.Boot + q.takes + spare
	timed, cancel := context.WithTimeoutCause(ctx, limit, errDeadline)
	defer cancel()
	timed, stop := context.WithCancelCause(timed)
	defer stop(nil)
	out, errs := newStream(nonce, re.taker(q), stop), &tail{}
	began := r.o.Now()
	exit, err := r.o.Launch(timed, argv, strings.NewReader(program), out, errs)
	out.close()
	re.at = r.o.Now().UTC()
	re.took, re.exit = re.at.Sub(began), exit
	e := ending{
		op: q.op, command: r.o.Command[0], limit: limit, exit: exit, err: err, fault: out.err, foreign: out.foreign,
		ready: re.ready, stdout: out.noise.String(), stderr: errs.String(),
	}
	if ctx.Err() != nil {
		e.err = ctx.Err()
	}
	failed, neverRan := e.judge(re.answer)
	re.neverRan = neverRan && !re.ready
	if failed == nil {
		return nil
	}
	return failed
}

// taker sorts the program's lines.
func (re *reply) taker(q question) func(string, []byte) error {
	return func(kind string, body []byte) error {
		if re.answer != nil {
			return errTwice
		}
		switch kind {
		case "ready":
			re.ready = true
			return nil
		case "stage":
			var s stageLine
			if json.Unmarshal(body, &s) != nil {
				return errGarbled
			}
			if q.stage != nil {
				q.stage(s)
			}
			return nil
		case "rows":
			if q.rows == nil {
				return errGarbled
			}
			return q.rows(body)
		case "answer":
			var a answerLine
			if json.Unmarshal(body, &a) != nil || a.Program != q.program {
				return errGarbled
			}
			re.answer = &a
			return nil
		}
		return errGarbled
	}
}

// read decodes one fact. What is null or absent leaves into as it is; what
// cannot be read counts as a fact that failed.
func (re *reply) read(name string, into any) {
	raw, ok := re.answer.Facts[name]
	if !ok || string(raw) == "null" {
		return
	}
	if err := json.Unmarshal(raw, into); err != nil {
		re.troubles = append(re.troubles, model.HostTrouble{Fact: name, Why: model.Clean("the answer could not be read")})
	}
}

// about is what every answer says of itself. It is asked last, when every fact
// has been read.
func (re *reply) about() model.HostAnswer {
	a := model.HostAnswer{
		AsOf: model.AsOf{At: re.at, Source: model.SourceHost}, Took: re.took, Exit: re.exit,
		Fenced: re.answer.Fenced.Or(false), Failed: re.troubles,
	}
	for _, name := range re.answer.Missing {
		a.Missing = append(a.Missing, model.CleanN(name, 60).String())
	}
	for name, why := range re.answer.Failed {
		a.Failed = append(a.Failed, model.HostTrouble{Fact: model.CleanN(name, 60).String(), Why: why})
	}
	sort.Slice(a.Failed, func(i, j int) bool { return a.Failed[i].Fact < a.Failed[j].Fact })
	return a
}

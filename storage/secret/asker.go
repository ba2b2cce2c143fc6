package secret

import (
	"context"
	"fmt"
	"os"
	"sync"

	"golang.org/x/term"

	"seatdeck/model"
)

// Asker asks the person at the terminal for tokens that nothing else gives. It
// keeps the answers in memory, for this process only. After [Asker.Settle] it
// asks no more: a full-screen program has the terminal then. A nil Asker never
// asks anybody.
type Asker struct {
	in, out *os.File

	mu      sync.Mutex
	answers map[string]string
	settled bool
}

// NewAsker returns an Asker on a terminal. Where in or out is none, nobody is
// asked.
func NewAsker(in, out *os.File) *Asker {
	a := &Asker{in: in, out: out, answers: map[string]string{}}
	a.settled = !term.IsTerminal(int(in.Fd())) || !term.IsTerminal(int(out.Fd()))
	return a
}

// Prompt is what [Request.Prompt] wants: nil once nobody is asked and there is
// no answer from before.
func (a *Asker) Prompt(instance string) func(ctx context.Context, instance string) (string, error) {
	if a == nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, ok := a.answers[instance]; a.settled && !ok {
		return nil
	}
	return a.ask
}

// Settle asks for the token now if the request has no other source, and never
// again. The request's Prompt is ignored.
func (a *Asker) Settle(ctx context.Context, r Request) error {
	if a == nil {
		return nil
	}
	r.Prompt = nil
	var err error
	if !r.given() {
		if prompt := a.Prompt(r.Instance); prompt != nil {
			_, err = prompt(ctx, r.Instance)
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.settled = true
	return err
}

// given reports whether a source is named, without asking it.
func (r Request) given() bool {
	inEnv, _ := r.Lookup(EnvToken)
	return r.credential() != "" || len(r.Command) > 0 || r.File != "" || inEnv != "" && r.UseEnv
}

// ask asks once for an instance. What is typed is not shown. A cancelled ctx
// leaves the terminal as it was.
func (a *Asker) ask(ctx context.Context, instance string) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s, ok := a.answers[instance]; ok {
		return s, nil
	}
	in := int(a.in.Fd())
	before, err := term.GetState(in)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(a.out, "token for %s (not shown, not kept): ", model.CleanN(instance, 64))
	type answer struct {
		b   []byte
		err error
	}
	typed := make(chan answer, 1)
	go func() {
		b, err := term.ReadPassword(in)
		typed <- answer{b, err}
	}()
	select {
	case t := <-typed:
		fmt.Fprintln(a.out)
		if t.err != nil {
			return "", t.err
		}
		a.answers[instance] = string(t.b)
		return string(t.b), nil
	case <-ctx.Done():
		_ = term.Restore(in, before)
		fmt.Fprintln(a.out)
		return "", ctx.Err()
	}
}

package secret

import (
	"context"
	"io"
	"os"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// A person at a terminal is asked once, sees nothing of what is typed, and is
// not asked at all once the screen belongs to somebody else.
func TestAsker(t *testing.T) {
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer tty.Close()
	a := NewAsker(tty, tty)
	r := Request{Instance: "prod", Lookup: func(string) (string, bool) { return "", false }, Unset: func(string) error { return nil }}

	echoing, err := term.GetState(int(tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	seen := make(chan string, 1)
	go func() {
		b, _ := io.ReadAll(master) // ends, with an error, when the terminal is closed
		seen <- string(b)
	}()
	typed := make(chan struct{})
	go func() {
		defer close(typed)
		// The terminal stops echoing just after the question.
		for state := echoing; reflect.DeepEqual(state, echoing); state, _ = term.GetState(int(tty.Fd())) {
			runtime.Gosched()
		}
		_, _ = io.WriteString(master, "glpat-typed\n")
	}()
	r.Prompt = a.Prompt("prod")
	token, source, err := Find(t.Context(), r)
	if err != nil || token.Reveal() != "glpat-typed" || source.Kind != KindPrompt {
		t.Fatalf("%v, %v, %v", token.Reveal(), source, err)
	}
	if err := a.Settle(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if a.Prompt("lab") != nil {
		t.Error("somebody would be asked after the screen was given away")
	}
	if got, err := a.Prompt("prod")(t.Context(), "prod"); err != nil || got != "glpat-typed" {
		t.Errorf("the answer was forgotten: %q, %v", got, err)
	}
	<-typed
	tty.Close()
	if text := <-seen; strings.Count(text, "token for prod") != 1 || strings.Contains(text, "glpat-typed") {
		t.Errorf("the person saw %q", text)
	}
}

// Ending the wait leaves nobody hanging on the terminal.
func TestAskerCancelled(t *testing.T) {
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer tty.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := NewAsker(tty, tty).Prompt("prod")(ctx, "prod"); err == nil {
		t.Error("a cancelled question was answered")
	}
}

// Without a terminal nobody is asked.
func TestAskerWithoutTerminal(t *testing.T) {
	r, w, err := pipe(t)
	if err != nil {
		t.Fatal(err)
	}
	if NewAsker(r, w).Prompt("prod") != nil {
		t.Error("a pipe was asked for a token")
	}
}

func pipe(t *testing.T) (r, w *os.File, err error) {
	r, w, err = os.Pipe()
	if err == nil {
		t.Cleanup(func() { r.Close(); w.Close() })
	}
	return r, w, err
}

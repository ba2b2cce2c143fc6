package cli

import (
	"bufio"
	"context"
	"io"
	"strings"

	"seatdeck/model"
)

// confirm asks a yes-or-no question on stderr. Where nobody can answer, the
// answer is no.
func (a *app) confirm(ctx context.Context, question string) error {
	missing := func(msg string) error {
		return model.Fail(model.ClassPartial, "", msg, "add --yes to do it without asking")
	}
	if !a.d.InTTY {
		return missing("nobody can be asked here, so nothing was done")
	}
	answer, err := a.ask(ctx, question+" [y/N] ")
	if err != nil {
		return err
	}
	switch strings.ToLower(answer) {
	case "y", "yes":
		return nil
	}
	return missing("not confirmed, so nothing was done")
}

// ask puts a question on stderr and returns the line that is typed.
func (a *app) ask(ctx context.Context, question string) (string, error) {
	if a.ascii || !a.unicode() {
		question = asciiTwins.Replace(question)
	}
	if _, err := io.WriteString(a.d.Err, question); err != nil {
		return "", err
	}
	return readLine(ctx, bufio.NewReader(a.d.In))
}

// readLine reads one line, or as much of one as there is, unless ctx ends
// first: then the reading goroutine is left behind, since a terminal's read
// cannot be interrupted.
func readLine(ctx context.Context, r *bufio.Reader) (string, error) {
	got := make(chan string, 1)
	go func() {
		line, _ := r.ReadString('\n') // the end of the input is an empty answer
		got <- strings.TrimSpace(line)
	}()
	select {
	case line := <-got:
		return line, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

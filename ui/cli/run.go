package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"seatdeck/model"
)

// Run carries out one command line and returns its exit code, as "seatdeck help
// exit-codes" documents it. args are without the program's name.
func Run(ctx context.Context, args []string, d Deps) (code int) {
	a := newApp(d, args)
	defer func() {
		if p := recover(); p != nil {
			code = a.end(ctx, model.Fail(model.ClassInternal, "", fmt.Sprintf("unexpected: %v", p), "please report this with the command line"))
		}
	}()
	root := a.root()
	root.SetArgs(append([]string{}, args...))
	return a.end(ctx, root.ExecuteContext(ctx))
}

// end flushes what was printed, says what went wrong, and returns the exit code.
func (a *app) end(ctx context.Context, err error) int {
	_ = a.out.Flush() // the sink remembers
	if brokenPipe(a.sink.err) {
		return 0 // the reader has what it wanted
	}
	if a.sink.err != nil {
		err = model.Fail(model.ClassStorage, "write the output", "the output could not be written", "see that there is room where it goes").Because(a.sink.err)
	}
	code := model.ExitCode(err)
	switch {
	case code == 0:
		return 0
	case ctx.Err() != nil && !wasTold(err), code == model.ClassCancelled.ExitCode():
		return model.ClassCancelled.ExitCode() // who ended it knows
	}
	a.complain(err)
	return code
}

func brokenPipe(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe)
}

// complain prints an error on stderr: as a document when documents were asked
// for, else in lines, with a caret under the wrong word of a filter.
func (a *app) complain(err error) {
	e := model.AsError("", err)
	if a.wantsJSON() {
		_ = writeJSON(a.d.Err, errorDoc{
			Schema: "seatdeck.error", Version: docVersion, Class: e.Class, Operation: e.Op,
			Message: e.Msg, Next: e.Next, Exit: e.Class.ExitCode(),
		}, false)
		return
	}
	var b strings.Builder
	b.WriteString("seatdeck: ")
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	b.WriteString(e.Msg.String() + "\n")
	var q *model.QueryError
	if errors.As(err, &q) {
		line, carets := q.Caret()
		b.WriteString("  " + line + "\n  " + carets + "\n")
	}
	if !e.Next.Empty() {
		b.WriteString("  " + e.Next.String() + "\n")
	}
	_, _ = io.WriteString(a.d.Err, b.String())
}

// errorDoc is an error as a document.
type errorDoc struct {
	Schema    string      `json:"schema"`
	Version   int         `json:"version"`
	Class     model.Class `json:"class"`
	Operation string      `json:"operation"`
	Message   model.Text  `json:"message"`
	Next      model.Text  `json:"next"`
	Exit      int         `json:"exit"`
}

// wantsJSON reports whether documents were asked for. The arguments are looked
// at as they are: the error may be that they cannot be parsed.
func (a *app) wantsJSON() bool {
	last := ""
	for i, arg := range a.args {
		switch {
		case arg == "--":
			return isJSON(last)
		case (arg == "-o" || arg == "--output") && i+1 < len(a.args):
			last = a.args[i+1]
		case strings.HasPrefix(arg, "--output="):
			last = strings.TrimPrefix(arg, "--output=")
		case strings.HasPrefix(arg, "-o") && len(arg) > 2:
			last = strings.TrimPrefix(arg[2:], "=")
		}
	}
	return isJSON(last)
}

func isJSON(format string) bool { return format == string(asJSON) || format == string(asJSONL) }

// usage is the error of a command line that was not understood.
func usage(next, format string, args ...any) *model.Error {
	return model.Fail(model.ClassUsage, "", fmt.Sprintf(format, args...), next)
}

// helpFor is the usual next step after a wrong command line.
func helpFor(cmd *cobra.Command) string { return "see " + cmd.CommandPath() + " --help" }

// Package ui is the console: one Bubble Tea program over the four panes.
//
// Only the root is a tea.Model. Panes, dialogs and the talk row are structs it
// owns and calls; messages are for the outside world. No drawing method reads
// a clock, a file or the network, and no command changes state.
//
// Invariants:
//   - the first frame is drawn from the cache, before any network;
//   - an idle screen sends no byte: there is no tick, no spinner, no clock;
//   - every frame fits its terminal exactly, whatever the size;
//   - the instance's name is in every frame wide enough for it, and the mode in
//     every one that is more than a line;
//   - nothing is sent in the background but readings, and nothing at all with
//     Options.Offline;
//   - keys are data: dispatch, footer, help and palette come from one list.
package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/theme"
)

// Options is what the console is started with.
type Options struct {
	Instances licensing.Instances
	First     string // name of the instance to begin with; "" for the default
	Wish      theme.Wish
	NoColour  bool
	Getenv    func(string) string // what the theme is chosen from
	Zone      *time.Location      // all clock times are shown in it
	Clock     licensing.Clock
	Ribbon    string // what to say below the header about made-up data; "" for none
	Connect   string // how to get to real data, beside the ribbon
	Offline   bool   // send nothing: show what is kept
	In        io.Reader
	Out       io.Writer
	Environ   []string // of the terminal: TERM, COLORTERM, SSH_TTY …
}

// Run opens the console and returns when the person leaves it or ctx ends. The
// terminal is restored on every ending that can be caught.
func Run(ctx context.Context, o Options) error {
	calmStart()
	go widthTables()
	m, err := newRoot(ctx, o)
	if err != nil {
		return err
	}
	defer m.close()
	opts := []tea.ProgramOption{
		tea.WithContext(ctx), tea.WithoutSignalHandler(), tea.WithFPS(120),
	}
	if o.In == nil {
		o.In = hangup{os.Stdin}
	}
	opts = append(opts, tea.WithInput(o.In))
	if o.Out == nil {
		out := &paper{File: os.Stdout, painted: make(chan struct{})}
		m.painted, o.Out = out.painted, out
	}
	opts = append(opts, tea.WithOutput(o.Out))
	if o.Environ != nil {
		opts = append(opts, tea.WithEnvironment(o.Environ))
	}
	_, err = tea.NewProgram(m.start(), opts...).Run()
	return ending(ctx, err)
}

// widthTables has the tables of letters' widths made beside the start: 2 MB, which
// the first letter that is not Latin would have to wait for within the first frame.
func widthTables() { ansi.StringWidthWc("│") }

// hangup is a terminal whose end of input ends the program. A terminal that
// went away reads as empty for ever, which the runtime takes for a quiet one:
// without this the console would stay behind when nobody sends it a signal.
type hangup struct{ *os.File }

// errGone is what reading a terminal that went away returns.
var errGone = errors.New("the terminal is gone")

func (h hangup) Read(p []byte) (int, error) {
	n, err := h.File.Read(p)
	if errors.Is(err, io.EOF) {
		err = errGone
	}
	return n, err
}

// paper is a terminal that tells when the first frame is on it.
type paper struct {
	*os.File
	once    sync.Once
	painted chan struct{}
}

// frameLeast is more than the sequences before a frame, and less than any frame
// worth waiting for.
const frameLeast = 256

func (p *paper) Write(b []byte) (int, error) {
	n, err := p.File.Write(b)
	if n >= frameLeast {
		p.once.Do(func() { close(p.painted) })
	}
	return n, err
}

// ending words the ways a program can end.
func ending(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, tea.ErrProgramPanic):
		return model.Fail(model.ClassInternal, "run the console", "the program met a fault of its own and left the screen",
			"please report the lines above").Because(err)
	case errors.Is(err, tea.ErrInterrupted), ctx.Err() != nil:
		return model.Fail(model.ClassCancelled, "run the console", "interrupted", "").Because(err)
	case errors.Is(err, errGone), errors.Is(err, syscall.EIO):
		return model.Fail(model.ClassCancelled, "run the console", "the terminal is gone", "").Because(err)
	}
	return model.Fail(model.ClassFailed, "run the console", fmt.Sprint(err), "without a terminal, use: seatdeck status").Because(err)
}

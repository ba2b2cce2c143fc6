package stage

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"

	"seatdeck/licensing/host"
	"seatdeck/model/hostile"
)

// Serve demands that sandbox serve says in one line where it listens, answers
// there and through the command for its server, and ends on a signal as it
// should.
func Serve(t *testing.T) {
	t.Parallel()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, "sandbox", "serve", "--users", "200", "--token", "made-up", "--scenario", "premium")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	line, err := lines.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var ready struct {
		Schema, URL, Token, Scenario string
		HostCommand                  []string `json:"host_command"`
	}
	if err := json.Unmarshal(line, &ready); err != nil || ready.Schema != "seatdeck.sandbox" || ready.Token != "made-up" || ready.Scenario != "premium" {
		t.Fatalf("%s: %v", line, err)
	}
	for header, value := range map[string]string{"PRIVATE-TOKEN": "made-up", "Authorization": "Bearer made-up"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, ready.URL+"/api/v4/license", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set(header, value)
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if a.Body.Close(); a.StatusCode != http.StatusOK {
			t.Errorf("with %s: %s", header, a.Status)
		}
	}
	server := host.New(host.Options{Command: ready.HostCommand, Now: time.Now})
	if e, err := server.Check(t.Context()); err != nil || !e.Eligible.Or(false) {
		t.Errorf("its server says %+v, %v", e, err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	rest, _ := io.ReadAll(lines)
	if err := cmd.Wait(); err != nil || len(rest) > 0 {
		t.Errorf("it ends with %v, and still prints %q", err, rest)
	}
}

// Console demands that on a terminal the program alone is the console: four
// filled panes of made-up data, and the terminal as it was at the end.
func Console(t *testing.T) {
	t.Parallel()
	screen := openConsole(t, 40, 120)
	frame := screen.until(t, "made-up data", "Subscription", "Users & seats", "Registration", "Sync history",
		"Ultimate", "seats taken", "Service Ping", "entries")
	rest := screen.quit(t)
	// What is left beside our own sequences and the cursor's motions is harmless.
	text := strings.NewReplacer("\r", "", "\n", "", "\t", "", "\b", "").Replace(ansi.Strip(frame + rest))
	if err := hostile.Check(text); err != nil {
		t.Error(err)
	}
	for _, restored := range []string{"\x1b[?1049l", "\x1b[?25h"} { // the usual screen, a visible cursor
		if !strings.Contains(rest, restored) {
			t.Errorf("%q is missing at the end: the terminal stays changed", restored)
		}
	}
}

// TinyConsoles demands that terminals of any size get something, and never a
// panic.
func TinyConsoles(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]uint16{{24, 80}, {10, 40}, {5, 20}, {1, 1}} {
		screen := openConsole(t, size[0], size[1])
		screen.until(t, "\x1b[?1049h")
		screen.quit(t)
	}
}

// console is the program on a pseudo-terminal.
type console struct {
	cmd  *exec.Cmd
	tty  *os.File
	read chan []byte
	seen bytes.Buffer
}

func openConsole(t *testing.T, rows, cols uint16) *console {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	dir := consoleFolder(t)
	c := &console{cmd: exec.CommandContext(t.Context(), path), read: make(chan []byte, 100)}
	c.cmd.Dir = dir
	c.cmd.Env = []string{"TERM=xterm-256color", "LANG=C.UTF-8", "TMPDIR=" + dir, "HOME=" + dir,
		"SEATDECK_CONFIG=" + dir + "/none.toml", "SEATDECK_STATE_DIR=" + dir + "/state", "SEATDECK_CACHE_DIR=" + dir + "/cache"}
	if c.tty, err = pty.StartWithSize(c.cmd, &pty.Winsize{Rows: rows, Cols: cols}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.tty.Close() })
	go func() {
		defer close(c.read)
		for {
			b := make([]byte, 64<<10)
			n, err := c.tty.Read(b)
			if n > 0 {
				c.read <- b[:n]
			}
			if err != nil {
				return // EIO: the program has ended
			}
		}
	}()
	return c
}

// consoleFolder is a folder for the console's throw-away places. A write that is
// under way when the console ends goes on in its own process for a moment.
func consoleFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "console")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 100 {
			if err = os.RemoveAll(dir); err == nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Error(err)
	})
	return dir
}

// until reads until all texts were drawn, and returns what was drawn so far.
func (c *console) until(t *testing.T, texts ...string) string {
	t.Helper()
	limit := time.After(30 * time.Second)
	for {
		missing := ""
		for _, text := range texts {
			if plain := c.seen.String(); !strings.Contains(plain, text) && !strings.Contains(ansi.Strip(plain), text) {
				missing = text
			}
		}
		if missing == "" {
			return c.seen.String()
		}
		select {
		case b, ok := <-c.read:
			if !ok {
				t.Fatalf("the console ended before it drew %q:\n%q", missing, c.seen.String())
			}
			c.seen.Write(b)
		case <-limit:
			t.Fatalf("the console never drew %q:\n%q", missing, c.seen.String())
		}
	}
}

// quit presses q and returns what the program still drew.
func (c *console) quit(t *testing.T) string {
	t.Helper()
	if _, err := c.tty.WriteString("q"); err != nil {
		t.Fatal(err)
	}
	var rest strings.Builder
	limit := time.After(20 * time.Second)
	for {
		select {
		case b, ok := <-c.read:
			if ok {
				rest.Write(b)
				continue
			}
			if err := c.cmd.Wait(); err != nil {
				t.Errorf("the console ends with %v:\n%s", err, rest.String())
			}
			return rest.String()
		case <-limit:
			_ = c.cmd.Process.Kill()
			t.Fatalf("q does not end the console:\n%q", rest.String())
		}
	}
}

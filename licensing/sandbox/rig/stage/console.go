package stage

import (
	"bufio"
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

	"seatdeck/licensing/host"
	"seatdeck/licensing/sandbox/rig/terminal"
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
	c := openConsole(t, 120, 40)
	c.Until("made-up data", "Subscription", "Users & seats", "Registration", "Sync history", "Ultimate", "seats taken", "Service Ping", "entries")
	quit(t, c)
	// What is left beside our own sequences and the cursor's motions is harmless.
	text := strings.NewReplacer("\r", "", "\n", "", "\t", "", "\b", "").Replace(ansi.Strip(c.Raw()))
	if err := hostile.Check(text); err != nil {
		t.Error(err)
	}
}

// TinyConsoles demands that terminals of any size get something, and never a
// panic.
func TinyConsoles(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {40, 10}, {20, 5}, {1, 1}} {
		c := openConsole(t, size[0], size[1])
		c.Wait("it never takes the screen", func([]string) bool { return strings.Contains(c.Raw(), "\x1b[?1049h") })
		quit(t, c)
	}
}

// openConsole starts the program on a terminal of w columns and h rows.
func openConsole(t *testing.T, w, h int) *terminal.Console {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	dir := consoleFolder(t)
	cmd := exec.Command(path)
	cmd.Dir = dir
	cmd.Env = []string{"TERM=xterm-256color", "LANG=C.UTF-8", "TMPDIR=" + dir, "HOME=" + dir,
		"SEATDECK_STATE_DIR=" + dir + "/state", "SEATDECK_CACHE_DIR=" + dir + "/cache"}
	return terminal.Open(t, cmd, w, h)
}

// quit presses q, upon which the console ends well and leaves no trace.
func quit(t *testing.T, c *terminal.Console) {
	t.Helper()
	c.Press("q")
	if err := c.End(); err != nil {
		t.Errorf("the console ends with %v", err)
	}
	c.Restored()
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

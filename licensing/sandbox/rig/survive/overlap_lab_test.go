//go:build lab

package survive

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestLabOverlap does it with fifty.
func TestLabOverlap(t *testing.T) {
	t.Parallel()
	overlap(t, 50)
}

// Two consoles, a loop that syncs and a watcher share one desk for a minute:
// no error, one record of each sync, a sound journal.
func TestLabSyncingCrowd(t *testing.T) {
	t.Parallel()
	const lasts = time.Minute
	s, d := actor(t, "ultimate", "write")
	d.exits(0, "status")
	one, two := d.console(), d.console()
	one.Until("seats taken", "accounts ─")
	two.Until("seats taken", "accounts ─")
	var said bytes.Buffer
	watcher := d.command(t.Context(), "sync", "watch")
	watcher.Stderr = &said
	if err := watcher.Start(); err != nil {
		t.Fatal(err)
	}
	runs := 0
	for began := time.Now(); time.Since(began) < lasts; runs++ {
		one.Press("R")
		if runs%2 == 0 {
			two.Press("R")
		}
		d.exits(0, "sync", "run", "--yes", "--wait=1m", "--quiet")
		one.Alive()
		two.Alive()
	}
	if err := watcher.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := watcher.Wait(); err != nil {
		if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 130 && exit.ExitCode() != 0 {
			t.Errorf("the watcher ends with %v", err)
		}
	}
	if strings.Contains(said.String(), "seatdeck: ") {
		t.Errorf("the watcher says %q", &said)
	}
	for _, c := range []*console{one, two} {
		c.untroubled()
		c.quit()
	}
	synced := 0
	for _, e := range s.Events() {
		if e.Kind == "seat_link" && e.Job != "" {
			synced++
		}
	}
	if synced != runs || asks(s) != runs {
		t.Errorf("%d runs, the server was asked %d times and synced %d times", runs, asks(s), synced)
	}
	seen := observed(t, d.exits(0, "sync", "history", "-o", "json"))
	for at, n := range seen {
		if n != 1 {
			t.Errorf("the sync of %s stands in the history %d times", at, n)
		}
	}
	// One of before, and each that was asked for.
	if len(seen) != runs+1 {
		t.Errorf("%d runs and %d rows", runs, len(seen))
	}
	d.sound()
	t.Logf("%d syncs beside two consoles and a watcher: %d rows, each once", runs, len(seen))
}

package budget

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"seatdeck/licensing/sandbox/rig/terminal"
)

// idleFor is how long nobody touches the programs.
const idleFor = 5 * time.Second

// BenchmarkIdle is budget B11: what the console sends and computes while nobody
// touches it, against a bare Bubble Tea program at the same frame rate and in
// the same seconds.
func BenchmarkIdle(b *testing.B) {
	k := fill(b, 1000)
	ours := exec.Command(program(b, seatdeck), "--offline")
	ours.Env = k.env
	yardstick := exec.Command(program(b, bare))
	yardstick.Env = []string{"TERM=xterm-256color", "LANG=C.UTF-8"}
	console, other := terminal.Open(b, ours, 120, 40), terminal.Open(b, yardstick, 120, 40)
	console.Until("seats taken", keyLine)
	other.Until("ready")
	console.Rest(time.Second)
	var bytes int
	var spent, bareSpent time.Duration
	for b.Loop() {
		drawn, mine, theirs := len(console.Raw()), cpu(b, ours), cpu(b, yardstick)
		time.Sleep(idleFor)
		bytes += len(console.Raw()) - drawn
		spent += cpu(b, ours) - mine
		bareSpent += cpu(b, yardstick) - theirs
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(bytes), "B-idle")
	b.ReportMetric(ms(spent)/float64(b.N)/idleFor.Seconds(), "cpu-ms/s")
	b.ReportMetric(float64(spent)/float64(bareSpent), "x-bare")
}

// cpu is the time that all threads of a program have run, from the scheduler's
// own count in nanoseconds: that of getrusage is too coarse for who does
// nothing.
func cpu(tb testing.TB, cmd *exec.Cmd) (sum time.Duration) {
	tb.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", cmd.Process.Pid))
	if err != nil || len(threads) == 0 {
		tb.Skipf("this kernel does not count the time of threads: %v", err)
	}
	for _, path := range threads {
		b, err := os.ReadFile(path)
		if err != nil {
			continue // the thread has ended
		}
		var n time.Duration
		if _, err := fmt.Sscan(string(b), &n); err != nil {
			tb.Fatalf("%s: %v", path, err)
		}
		sum += n
	}
	return sum
}

package budget

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// exportForms are the forms of an exported file.
var exportForms = []string{"csv", "json", "jsonl"}

// export writes all accounts into a file and returns how long that took and the
// most memory the process had, in bytes.
func (k kept) export(tb testing.TB, form string, flags ...string) (took time.Duration, peak int64) {
	tb.Helper()
	file := filepath.Join(tb.TempDir(), "users."+form)
	cmd := exec.Command(program(tb, seatdeck), append([]string{"users", "export", "--file", file}, flags...)...)
	cmd.Env = k.env
	start := time.Now()
	peak = watched(tb, cmd)
	took = time.Since(start)
	written, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	if n := bytes.Count(written, []byte("\n")); n < k.users {
		tb.Fatalf("%d lines of %s for %d accounts", n, form, k.users)
	}
	return took, peak
}

// watched runs a program and returns the most memory it had, mapped files
// included. What the system tells about a program that has ended counts the
// process that started it as well, so it is asked while the program runs: it
// keeps the highest figure itself, and a program that writes a file has had it
// before it ends.
func watched(tb testing.TB, cmd *exec.Cmd) (peak int64) {
	tb.Helper()
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-look.C:
			peak = max(peak, highWater(cmd.Process.Pid))
		case err := <-ended:
			if err != nil {
				tb.Fatalf("%v: %v\n%s", cmd.Args, err, said.String())
			}
			if peak == 0 {
				tb.Skip("this kernel does not tell how much memory a process had")
			}
			return peak
		}
	}
}

// highWater is the most memory a process has had so far, in bytes; 0 once it
// has ended.
func highWater(pid int) int64 {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	if f := strings.Fields(rest); len(f) > 0 {
		kib, _ := strconv.ParseInt(f[0], 10, 64)
		return kib << 10
	}
	return 0
}

// BenchmarkExport is a whole export from the cache: how long it takes, and the
// most memory it has.
func BenchmarkExport(b *testing.B) {
	for _, n := range sizes()[1:] {
		k := fill(b, n)
		for _, form := range exportForms {
			b.Run(strconv.Itoa(n)+"/"+form, func(b *testing.B) {
				var all time.Duration
				var peak int64
				for b.Loop() {
					took, most := k.export(b, form, "--offline")
					all, peak = all+took, max(peak, most)
				}
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(all.Seconds()/float64(b.N), "s")
				b.ReportMetric(float64(peak)/1e6, "MB-peak")
			})
		}
	}
}

package budget

import (
	"bytes"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/creack/pty"

	"seatdeck/licensing/sandbox"
)

// kept is a cache that was filled from an instance which has stopped since.
type kept struct {
	users int
	env   []string
}

// fill reads a made-up instance of that many users once and stops it.
func fill(tb testing.TB, users int) kept {
	tb.Helper()
	s, address, err := sandbox.Begin(sandbox.Config{Users: users}, "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	dir := tb.TempDir()
	k := kept{users: users, env: []string{
		"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "LANG=C.UTF-8",
		"SEATDECK_CONFIG=" + dir + "/config.toml", "SEATDECK_STATE_DIR=" + dir + "/state", "SEATDECK_CACHE_DIR=" + dir + "/cache",
		"SEATDECK_URL=" + address, "SEATDECK_TOKEN=" + sandbox.TokenAdmin,
	}}
	took(tb, k.env, program(tb, seatdeck), "users", "counts")
	if err := s.Close(); err != nil {
		tb.Fatal(err)
	}
	return k
}

// keyLine is in the last line of the console's frame: everything above has been
// written when it arrives.
const keyLine = "1–4"

// firstFrame is how long a program takes from exec to its full first frame on a
// terminal of 120×40. keys are typed then, and the time until found is on the
// screen is the second result; without keys it is zero.
func firstFrame(tb testing.TB, path string, env []string, marks []string, keys, found string) (frame, search time.Duration) {
	tb.Helper()
	cmd := exec.Command(path)
	cmd.Env = env
	start := time.Now()
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: 120, Rows: 40})
	if err != nil {
		tb.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = tty.Close()
		_ = cmd.Wait()
	}()
	watchdog := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer watchdog.Stop()
	var seen []byte
	until := func(marks ...string) time.Duration {
		buf := make([]byte, 1<<16)
		for !holdsAll(seen, marks) {
			n, err := tty.Read(buf)
			if err != nil {
				tb.Fatalf("%v before %q was on the screen; its end: %q", err, marks, seen[max(0, len(seen)-500):])
			}
			seen = append(seen, buf[:n]...)
		}
		return time.Since(start)
	}
	frame = until(marks...)
	if keys == "" {
		return frame, 0
	}
	if bytes.Contains(seen, []byte(found)) {
		tb.Fatalf("%q is on the screen before anybody looked for it", found)
	}
	if _, err := tty.WriteString(keys); err != nil {
		tb.Fatal(err)
	}
	return frame, until(found)
}

func holdsAll(b []byte, marks []string) bool {
	for _, m := range marks {
		if !bytes.Contains(b, []byte(m)) {
			return false
		}
	}
	return true
}

// frame is the time to a first frame that shows what was kept.
func (k kept) frame(tb testing.TB) time.Duration {
	d, _ := firstFrame(tb, program(tb, seatdeck), k.env, []string{"seats taken", "who takes a seat", keyLine}, "", "")
	return d
}

// searchable is the time until the full list says how many rows it shows, which
// it does when each of them can be searched and sorted. The list is opened as
// soon as the first frame is there.
func (k kept) searchable(tb testing.TB) time.Duration {
	_, d := firstFrame(tb, program(tb, seatdeck), k.env, []string{keyLine}, "2\r", " of "+grouped(k.users))
	return d
}

// grouped writes a number as the console does.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// bareFrame is the yardstick.
func bareFrame(tb testing.TB) time.Duration {
	d, _ := firstFrame(tb, program(tb, bare), []string{"TERM=xterm-256color", "LANG=C.UTF-8"}, []string{"ready"}, "", "")
	return d
}

// median of an odd number of times.
func median(ds []time.Duration) time.Duration {
	slices.Sort(ds)
	return ds[len(ds)/2]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// rounds is how often everything is measured at least, in turn.
const rounds = 11

// inTurn measures several things in turn and returns their medians.
func inTurn(b *testing.B, things ...func() time.Duration) []time.Duration {
	b.Helper()
	times := make([][]time.Duration, len(things))
	round := func() {
		for i, thing := range things {
			times[i] = append(times[i], thing())
		}
	}
	for b.Loop() {
		round()
	}
	for len(times[0]) < rounds {
		round()
	}
	b.ReportMetric(0, "ns/op")
	medians := make([]time.Duration, len(things))
	for i := range times {
		medians[i] = median(times[i])
	}
	return medians
}

// sizes are how many users the budgets speak of; -short leaves the million out.
func sizes() []int {
	list := []int{1000, 100_000}
	if !testing.Short() {
		list = append(list, 1_000_000)
	}
	return list
}

// BenchmarkFirstFrame is budgets B1 and B2: exec to the first full frame from
// the cache, the instance being stopped, against a bare Bubble Tea program and
// against the smallest cache.
func BenchmarkFirstFrame(b *testing.B) {
	small := fill(b, sizes()[0])
	for _, n := range sizes() {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			k := small
			if n != small.users {
				k = fill(b, n)
			}
			m := inTurn(b, func() time.Duration { return k.frame(b) }, func() time.Duration { return bareFrame(b) },
				func() time.Duration { return small.frame(b) })
			b.ReportMetric(ms(m[0]), "ms")
			b.ReportMetric(ms(m[1]), "ms-bare")
			b.ReportMetric(float64(m[0])/float64(m[1]), "x-bare")
			b.ReportMetric(float64(m[0])/float64(m[2]), "x-"+strconv.Itoa(small.users)+"-users")
		})
	}
}

// BenchmarkSearchable is budget B3: exec to every row in memory and searchable.
func BenchmarkSearchable(b *testing.B) {
	for _, n := range sizes() {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			k := fill(b, n)
			m := inTurn(b, func() time.Duration { return k.searchable(b) }, func() time.Duration { return bareFrame(b) })
			b.ReportMetric(ms(m[0]), "ms")
			b.ReportMetric(float64(m[0])/float64(m[1]), "x-bare")
		})
	}
}

// BenchmarkStatus is budget B16: the whole process of a verb that answers from
// the cache, against a hello world of the same library; both as the linker leaves
// them, and both as they are installed.
func BenchmarkStatus(b *testing.B) {
	for _, n := range sizes() {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			k := fill(b, n)
			var runs []func() time.Duration
			for _, find := range []func(testing.TB, string) string{program, installed} {
				ours, theirs := find(b, seatdeck), find(b, hello)
				runs = append(runs, func() time.Duration { return took(b, k.env, ours, "status", "--offline") },
					func() time.Duration { return took(b, k.env, theirs, "world") })
			}
			m := inTurn(b, runs...)
			b.ReportMetric(ms(m[0]), "ms")
			b.ReportMetric(ms(m[1]), "ms-hello")
			b.ReportMetric(float64(m[0])/float64(m[1]), "x-hello")
			b.ReportMetric(float64(m[2])/float64(m[3]), "x-hello-installed")
		})
	}
}

func took(tb testing.TB, env []string, path string, args ...string) time.Duration {
	tb.Helper()
	cmd := exec.Command(path, args...)
	cmd.Env = env
	start := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("%s %v: %v\n%s", path, args, err, out)
	}
	return time.Since(start)
}

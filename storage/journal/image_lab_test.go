//go:build lab && linux

package journal

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// image is a file system in a file, which lies on a loop device while it is
// mounted.
type image struct {
	t    *testing.T
	file string
	at   string // where it is mounted
}

// imageSize is small, so that copying it is quick.
const imageSize = 48 << 20

func (m image) must(name string, args ...string) {
	m.t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		m.t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
}

// mount mounts it until the test ends or unmount is called.
func (m image) mount() {
	m.t.Helper()
	if err := os.MkdirAll(m.at, 0o700); err != nil {
		m.t.Fatal(err)
	}
	m.must("mount", "-t", "ext4", "-o", "loop", m.file, m.at)
	m.t.Cleanup(func() { _ = exec.Command("umount", m.at).Run() }) // mostly gone by then
}

func (m image) unmount() {
	m.t.Helper()
	m.must("umount", m.at)
}

// copyTo copies what a disk would hold if the power went now. Nobody may write
// meanwhile: should the kernel do, the copy is made again.
func (m image) copyTo(file string) image {
	m.t.Helper()
	for range 20 {
		m.must("cp", "--sparse=always", m.file, file)
		if exec.Command("cmp", "-s", m.file, file).Run() == nil {
			return image{m.t, file, m.at + "-copy"}
		}
	}
	m.t.Fatal("the image never comes to rest")
	return image{}
}

// needImages skips the test where no image can be mounted.
func needImages(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root may mount an image")
	}
	for _, tool := range []string{"mkfs.ext4", "e2fsck", "mount", "umount"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	dir := t.TempDir()
	m := image{t, filepath.Join(dir, "image"), filepath.Join(dir, "at")}
	m.create()
	_ = os.Mkdir(m.at, 0o700)
	if out, err := exec.Command("mount", "-t", "ext4", "-o", "loop", m.file, m.at).CombinedOutput(); err != nil {
		t.Skipf("no image can be mounted here: %s", out)
	}
	m.unmount()
}

func (m image) create() {
	m.t.Helper()
	f, err := os.Create(m.file)
	if err == nil {
		err = f.Truncate(imageSize)
	}
	if err != nil {
		m.t.Fatal(err)
	}
	_ = f.Close()
	m.must("mkfs.ext4", "-q", m.file)
}

// frozen are writers that stand still.
type frozen struct {
	cmds []*exec.Cmd
	said []*os.File // what each acknowledged, outside the image
}

// startWriters begins writers in dir; what they acknowledge goes to files in
// notes.
func startWriters(t *testing.T, dir, notes string, n int) (f frozen) {
	t.Helper()
	for id := range n {
		out, err := os.Create(filepath.Join(notes, fmt.Sprint("writer", id)))
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), envDir+"="+dir, fmt.Sprintf("%s=%d", envWriter, id), envCount+"=1000000")
		cmd.Stdout, cmd.Stderr = out, os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		f.cmds, f.said = append(f.cmds, cmd), append(f.said, out)
	}
	return f
}

// freeze stops all of them where they are, and returns how many records each
// has acknowledged by then.
func (f frozen) freeze(t *testing.T) (acked []int) {
	t.Helper()
	for _, c := range f.cmds {
		if err := c.Process.Signal(unix.SIGSTOP); err != nil {
			t.Fatal(err)
		}
	}
	for i, c := range f.cmds {
		for !stopped(c.Process.Pid) {
			time.Sleep(time.Millisecond) // it ends what it asked the kernel for
		}
		b, err := os.ReadFile(f.said[i].Name())
		if err != nil {
			t.Fatal(err)
		}
		acked = append(acked, bytes.Count(b, []byte("\n")))
	}
	return acked
}

// stopped reports whether every thread of a process stands still.
func stopped(pid int) bool {
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	if err != nil || len(tasks) == 0 {
		return false
	}
	for _, task := range tasks {
		b, _ := os.ReadFile(task)
		_, rest, _ := strings.Cut(string(b), ") ")
		if !strings.HasPrefix(rest, "T") {
			return false
		}
	}
	return true
}

func (f frozen) end() {
	for i, c := range f.cmds {
		_ = c.Process.Kill()
		_ = c.Wait()
		_ = f.said[i].Close()
	}
}

// TestLabImagePowerCuts freezes writers at random moments and mounts a copy of
// the file system as it lies on its device then, as after a power cut: without
// what the kernel still had in memory (faults F5, R-02).
func TestLabImagePowerCuts(t *testing.T) {
	needImages(t)
	const rounds = 50
	total, behind := 0, 0
	for round := range rounds {
		dir := t.TempDir()
		m := image{t, filepath.Join(dir, "image"), filepath.Join(dir, "at")}
		m.create()
		m.mount()
		writers := startWriters(t, filepath.Join(m.at, "journal"), dir, 3)
		time.Sleep(time.Duration(20+rand.IntN(400)) * time.Millisecond) // the moment is what this is about
		acked := writers.freeze(t)
		after := m.copyTo(filepath.Join(dir, "copy"))
		writers.end()
		m.unmount()

		after.mount()
		b := newBench(t)
		b.dir = filepath.Join(after.at, "journal")
		sum := 0
		for _, n := range acked {
			sum += n
		}
		if _, err := os.Stat(b.dir); err != nil {
			if sum > 0 {
				t.Fatalf("round %d: %d records were acknowledged, and %v", round, sum, err)
			}
			after.unmount()
			continue
		}
		j := b.open()
		records := b.audit(j, acked)
		b.append(j, note(1))
		if r := b.verify(j); verdict(r.Verdict) != verdictOK {
			t.Errorf("round %d: %s after the next record: %v", round, r.Verdict, r.Problems)
		}
		_ = j.Close()
		after.unmount()
		m.must("e2fsck", "-f", "-n", after.file)
		total, behind = total+sum, behind+records
		_ = os.Remove(after.file)
		_ = os.Remove(m.file)
	}
	if total == 0 {
		t.Error("nothing was ever acknowledged")
	}
	t.Logf("%d power cuts: %d acknowledged records, 0 lost; %d records found", rounds, total, behind)
}

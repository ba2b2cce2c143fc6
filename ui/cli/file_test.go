package cli

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"seatdeck/model"
)

// TestWriteFileReplacesFilesOnly: whoever points --force at a device, a pipe, a
// link or a folder by mistake keeps it, also as root.
func TestWriteFileReplacesFilesOnly(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "target")
	for name, begin := range map[string]func(path string) error{
		"pipe":   func(path string) error { return syscall.Mkfifo(path, 0o644) },
		"folder": func(path string) error { return os.Mkdir(path, 0o755) },
		"link": func(path string) error {
			if err := os.WriteFile(target, []byte("kept"), 0o600); err != nil {
				return err
			}
			return os.Symlink(target, path)
		},
		"file": func(path string) error { return os.WriteFile(path, []byte("old"), 0o644) },
	} {
		path := filepath.Join(dir, name)
		if err := begin(path); err != nil {
			t.Fatal(err)
		}
		before, _ := os.Lstat(path)
		err := writeFile(path, true, func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err })
		after, _ := os.Lstat(path)
		replaced := !os.SameFile(before, after)
		if want := name == "file"; replaced != want || (err == nil) != want {
			t.Errorf("%s: replaced %v, %v", name, replaced, err)
		}
		if err != nil && model.AsError("", err).Class != model.ClassRefused {
			t.Errorf("%s: %v", name, err)
		}
	}
	if b, _ := os.ReadFile(target); string(b) != "kept" {
		t.Errorf("behind the link: %q", b)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".seatdeck-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

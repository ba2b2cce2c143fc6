package secret

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"seatdeck/model"
)

// An activation code comes from the configured source or from nowhere, with the
// rules of a token and words of its own.
func TestFindCode(t *testing.T) {
	dir := t.TempDir()
	good, loose := filepath.Join(dir, "good"), filepath.Join(dir, "loose")
	for path, mode := range map[string]os.FileMode{good: 0o600, loose: 0o644} {
		if err := os.WriteFile(path, []byte(canary+"\n"), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	request := func(file string, command ...string) Request {
		return Request{Instance: "prod", File: file, Command: command, UID: os.Geteuid(), Lookup: func(key string) (string, bool) { return canary, key == EnvToken }, UseEnv: true}
	}
	if code, err := FindCode(t.Context(), request(good)); err != nil || code.Reveal() != canary {
		t.Errorf("a good file: %v", err)
	}
	for name, c := range map[string]struct {
		r     Request
		class model.Class
		says  string
	}{
		"no source":       {request(""), model.ClassConfig, "activation_code_file"}, // a token in the environment is none
		"others may read": {request(loose), model.ClassDenied, "replace the code"},
		"no file":         {request(filepath.Join(dir, "none")), model.ClassDenied, "code file"},
		"no program":      {request("", filepath.Join(dir, "none")), model.ClassDenied, "activation_code_command"},
	} {
		code, err := FindCode(t.Context(), c.r)
		e := model.AsError("", err)
		if e == nil || e.Class != c.class || !strings.Contains(e.Error(), c.says) || strings.Contains(e.Error(), "oken") || !code.IsZero() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

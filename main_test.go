package main

import (
	"crypto/rand"
	"encoding/base64"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// scripts is where the end-to-end scripts lie: beside the verbs they speak of.
const scripts = "ui/cli/testdata/script"

// TestMain lets this test binary be the program too: scripts start it under the
// name seatdeck, and it starts itself to write the cache, as the real one does.
func TestMain(m *testing.M) {
	syscall.Umask(0o022) // so that files of scripts are nobody else's to change, whatever the caller's umask
	if f := flag.Lookup("test.parallel"); f != nil {
		_ = f.Value.Set("8") // scripts mostly wait for other processes; -parallel still decides
	}
	testscript.Main(m, map[string]func(){"seatdeck": func() {
		witness()
		main()
	}})
}

// TestScripts runs every script against the whole program, and afterwards looks
// for its token wherever a token must not be.
func TestScripts(t *testing.T) {
	var told canaries
	t.Cleanup(func() { told.searchChildren(t) })
	testscript.Run(t, testscript.Params{
		Dir:                 scripts,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Condition:           condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"gitlab":   command((*stage).gitlab),
			"stranger": command((*stage).stranger),
			"turn":     command((*stage).turn),
			"asked":    (&told).asked,
			"exits":    command((*stage).exits),
			"json":     jsonCommand,
			"age":      command((*stage).age),
			"hold":     command((*stage).hold),
			"disk":     command((*stage).disk),
			"token":    command((*stage).token),
		},
		Setup: func(env *testscript.Env) error {
			s := newStage(env, &told)
			env.Values[stageKey{}] = s
			env.Defer(s.end)
			return nil
		},
	})
}

// condition knows [lab], which holds in a lab run, and [root].
func condition(cond string) (bool, error) {
	switch cond {
	case "lab":
		return inLab, nil
	case "root":
		return os.Geteuid() == 0, nil
	}
	return false, errUnknownCondition(cond)
}

// canary makes a token that nothing else in the world looks like. Its plus and
// slash look different in a URL.
func canary() string {
	b := make([]byte, 12)
	_, _ = rand.Read(b) // never fails
	return "glpat-x+y/" + base64.RawURLEncoding.EncodeToString(b)
}

// childFolder is where processes that the program starts leave word of what
// they were given.
func childFolder(executable string) string {
	return filepath.Join(filepath.Dir(filepath.Dir(executable)), "children")
}

// witness writes down the arguments and the environment of a child of the
// program. The program itself may well have its token in the environment.
func witness() {
	if len(os.Args) < 2 || os.Args[1] != cacheWriter {
		return
	}
	self, err := os.Executable()
	if err == nil {
		dir := childFolder(self)
		_ = os.MkdirAll(dir, 0o700)
		given := strings.Join(append(os.Args, os.Environ()...), "\x00")
		var f *os.File
		if f, err = os.CreateTemp(dir, "child"); err == nil {
			_, err = f.WriteString(given)
			_ = f.Close()
		}
	}
	if err != nil {
		panic("the test cannot write down what a child was given: " + err.Error())
	}
}

// program is the path under which scripts start the program.
func program() (string, error) { return exec.LookPath("seatdeck") }

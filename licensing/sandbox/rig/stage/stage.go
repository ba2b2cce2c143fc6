// Package stage lets tests play the whole program: scripts in the manner of
// testscript, a console on a pseudo-terminal, the commands of the README, and
// counts that an independent script judges. The program is the test binary
// itself, started again as a process of its own; the instances are made up and
// served over real sockets.
//
// Only tests import it. What it always demands, whatever a script is about: no
// instance is asked for a change that the script does not name, no stranger gets
// a credential, no token lies around in any form, and what is printed is
// harmless on a terminal.
package stage

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// cacheWriter is the verb by which the program starts itself to write the cache.
const cacheWriter = "cache-writer"

// Main is the whole TestMain of the program's tests: it lets the test binary be
// the program too, under the name seatdeck, with main as its main function.
// environ is the environment of this process.
func Main(m *testing.M, environ []string, main func()) {
	syscall.Umask(0o022) // so that files of scripts are nobody else's to change, whatever the caller's umask
	if f := flag.Lookup("test.parallel"); f != nil {
		_ = f.Value.Set("8") // scripts mostly wait for other processes; -parallel still decides
	}
	testscript.Main(m, map[string]func(){"seatdeck": func() {
		witness(environ)
		main()
	}})
}

// Scripts runs every script of a folder against the whole program, and
// afterwards looks for its token wherever a token must not be.
func Scripts(t *testing.T, dir string) {
	t.Parallel()
	var told canaries
	t.Cleanup(func() { told.searchChildren(t) })
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Condition:           condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"gitlab":   command((*play).gitlab),
			"stranger": command((*play).stranger),
			"turn":     command((*play).turn),
			"asked":    (&told).asked,
			"changed":  command((*play).changed),
			"exits":    command((*play).exits),
			"json":     jsonCommand,
			"age":      command((*play).age),
			"hold":     command((*play).hold),
			"disk":     command((*play).disk),
			"token":    command((*play).token),
		},
		Setup: func(env *testscript.Env) error {
			s := newPlay(env, &told)
			env.Values[playKey{}] = s
			env.Defer(s.end)
			return nil
		},
	})
}

// condition knows [lab], which holds in a lab run, and [root].
func condition(cond string) (bool, error) {
	switch cond {
	case "lab":
		return Lab, nil
	case "root":
		return os.Geteuid() == 0, nil
	}
	return false, fmt.Errorf("unknown condition %q", cond)
}

// childFolder is where processes that the program starts leave word of what
// they were given.
func childFolder(executable string) string {
	return filepath.Join(filepath.Dir(filepath.Dir(executable)), "children")
}

// witness writes down the arguments and the environment of a child of the
// program. The program itself may well have its token in the environment.
func witness(environ []string) {
	if len(os.Args) < 2 || os.Args[1] != cacheWriter {
		return
	}
	self, err := os.Executable()
	if err == nil {
		dir := childFolder(self)
		_ = os.MkdirAll(dir, 0o700)
		given := strings.Join(slices.Concat(os.Args, environ), "\x00")
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

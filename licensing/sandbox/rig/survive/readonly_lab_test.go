//go:build lab

package survive

import "testing"

// TestLabReadOnly does it with every verb there is.
func TestLabReadOnly(t *testing.T) {
	t.Parallel()
	readOnly(t, func(verb) bool { return true }, "ultimate", "offline", "free")
}

// TestLabWriteModeWrites does it with all that can act.
func TestLabWriteModeWrites(t *testing.T) {
	t.Parallel()
	s, d := actor(t, "ultimate", "write")
	writeOnce(s, d, []string{"registration", "enable", "--yes"}, []string{"registration", "disable", "--yes"}, []string{"registration", "optional", "off", "--yes"},
		[]string{"sync", "run", "--yes"}, []string{"sync", "run", "--driver", "activation", "--confirm", d.phrase()}, []string{"users", "recount", "--yes"})
}

package cli

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"seatdeck/licensing/sandbox/rig"
)

// TestGolden pins what the verbs print about one instance, on a fixed clock and
// seed. Run with -update after a change that is meant, and read the difference.
func TestGolden(t *testing.T) {
	b := newBench(t, rig.Options{Users: 40})
	for _, line := range []string{
		"status", "status -o plain", "status -o json", "status --ascii",
		"license show", "license show -o json", "license history", "license history -o csv",
		"users list", "users list -o plain --limit 3", "users list -o json --limit 2", "users list -o jsonl --limit 2", "users list -o csv --limit 3",
		"users counts", "users counts -o json", "users counts -o csv", "users breakdown", "users show 2 --memberships", "users show 2 -o json",
		"users why 3", "users why 3 -o json", "users what-if 3=block 2=developer --new 9", "users what-if 3=block -o json", "users promotions", "users promotions -o csv", "users will-fit 2", "users will-fit 2 -o json",
		"registration show", "registration show -o json", "registration features", "registration features -o csv --missing",
		"registration preview", "registration preview -o json", "registration enable --dry-run", "registration disable",
		"sync history", "sync history -o json", "sync history -o csv", "sync show latest", "sync show latest -o json",
		"instances list", "instances list -o json", "config show", "journal verify", "cache show", "help exit-codes", "help filter",
	} {
		t.Run(strings.ReplaceAll(line, " ", "_"), func(t *testing.T) {
			out, _ := b.must(0, strings.Fields(line)...)
			golden.RequireEqual(t, []byte(out))
		})
	}
}

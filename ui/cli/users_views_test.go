package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"seatdeck/licensing/sandbox/rig"
)

// TestViewsAreKept: what is saved is what lists and exports apply, in the next
// process too, and nothing is asked of the instance for it.
func TestViewsAreKept(t *testing.T) {
	b := newBench(t, rig.Options{})
	out, _ := b.must(0, "users", "views", "list")
	wants(t, out, "nothing is saved yet")
	_, errOut := b.must(0, "users", "views", "save", "quiet", "--filter", "recency:dormant,idle  kind:human", "--sort", "idle", "--desc", "--columns", "username,recency")
	wants(t, errOut, "quiet is saved: seatdeck users list --view quiet")
	b.must(0, "users", "views", "save", "Bots", "--filter", "kind:bot")
	out, _ = b.must(0, "users", "views", "list", "-o", "plain")
	if want := "Bots\tkind:bot\tid\t\nquiet\trecency:dormant,idle kind:human\tidle, descending\tusername, recency\n"; out != want {
		t.Errorf("%q, want %q", out, want)
	}
	out, _ = b.must(0, "users", "views", "list", "-o", "json")
	wants(t, out, `"schema": "seatdeck.users-views"`, `"filter": "recency:dormant,idle kind:human"`, `"saved_at": "2026-11-21T09:52:00Z"`)
	if n := len(b.Sandbox.Requests()); n != 0 {
		t.Errorf("%d requests for views", n)
	}

	byHand, _ := b.must(0, "users", "list", "--filter", "recency:dormant,idle kind:human", "--sort", "idle", "--desc", "--columns", "username,recency", "-o", "csv")
	byView, _ := b.must(0, "users", "list", "--view", "QUIET", "-o", "csv")
	if byView != byHand || strings.Count(byView, "\n") < 3 {
		t.Errorf("by the view:\n%s\nby hand:\n%s", byView, byHand)
	}
	// What a flag says wins, and a filter narrows the view's.
	out, _ = b.must(0, "users", "list", "--view", "quiet", "--sort", "id", "--columns", "id", "--filter", "recency:idle", "-o", "csv")
	hand, _ := b.must(0, "users", "list", "--filter", "recency:dormant,idle kind:human recency:idle", "--columns", "id", "-o", "csv")
	if out != hand {
		t.Errorf("with flags:\n%s\nby hand:\n%s", out, hand)
	}
	file := filepath.Join(t.TempDir(), "quiet.csv")
	b.must(0, "users", "export", "--view", "quiet", "--file", file)
	if got, err := os.ReadFile(file); err != nil || string(got) != byHand {
		t.Errorf("exported %q, %v", got, err)
	}

	_, errOut = b.must(0, "users", "views", "rename", "quiet", "dormant-seats")
	wants(t, errOut, "quiet is called dormant-seats now")
	b.must(0, "users", "views", "delete", "bots")
	out, _ = b.must(0, "users", "views", "list", "-o", "csv")
	if strings.Count(out, "\n") != 2 || !strings.Contains(out, "dormant-seats,") {
		t.Errorf("left are\n%s", out)
	}
}

// TestViewMistakes: each is an error of the command line, before anything is
// asked of the instance.
func TestViewMistakes(t *testing.T) {
	b := newBench(t, rig.Options{})
	b.must(0, "users", "views", "save", "quiet", "--filter", "recency:dormant")
	for line, says := range map[string]string{
		"users list --view quit":                    "did you mean quiet?",
		"users export --view zebra --file x.csv":    "there is quiet",
		"users views delete quit":                   "did you mean quiet?",
		"users views rename quit x":                 "did you mean quiet?",
		"users views rename quiet a/b":              "is no name for a view",
		"users views save quiet --filter kind:bot":  "there is a view quiet already",
		"users views save -- -x":                    "is no name for a view",
		"users views save x --filter stat:blocked":  "did you mean state?",
		"users views save x --sort colour":          "there is no sort key",
		"users views save x --columns username,nme": "did you mean name?",
		"users views save":                          "a name",
		"users views lst":                           "did you mean seatdeck users views list?",
	} {
		_, errOut := b.must(2, strings.Fields(line)...)
		wants(t, errOut, says)
	}
	if n := len(b.Sandbox.Requests()); n != 0 {
		t.Errorf("%d requests for mistakes", n)
	}
	b.must(0, "users", "views", "save", "quiet", "--filter", "kind:bot", "--force")
	out, _ := b.must(0, "users", "views", "list", "-o", "plain")
	wants(t, out, "quiet\tkind:bot")
}

// TestSandboxKeepsNoViews: no next command is named that would find nothing,
// because the next run of the built-in sandbox begins anew.
func TestSandboxKeepsNoViews(t *testing.T) {
	b := newBench(t, rig.Options{})
	b.Info.Sandbox = true
	_, errOut := b.must(0, "users", "views", "save", "quiet", "--filter", "recency:dormant")
	wants(t, errOut, "quiet can be saved", "keeps nothing between runs")
	if strings.Contains(errOut, "--view") {
		t.Errorf("it names a command for nothing: %q", errOut)
	}
	b.must(0, "users", "views", "delete", "quiet")
	out, _ := b.must(0, "users", "views", "list")
	wants(t, out, "the built-in sandbox keeps nothing between runs")
}

package house

import (
	"slices"
	"strings"
)

// room is a part of the house and what it may not reach.
type room struct {
	folder string   // as under takes it; the first room that fits a package counts
	ours   []string // folders of ours it may import; nil means none, "*" any
	exact  bool     // ours are exact folders, without those below
	never  []ban
}

// ban is an import path (or its beginning, when it ends in "/") that a room
// must not reach. Standard library packages are looked for among direct
// imports, third parties also through packages of ours.
type ban struct{ path, reason string }

var (
	noHTTP   = ban{"net/http", "only adapters talk to the world"}
	noBadger = ban{"github.com/dgraph-io/badger/", "only storage/cache knows the database"}
	noClient = ban{"gitlab.com/gitlab-org/api/client-go/", "only licensing/gitlab knows the client"}
	noTea    = ban{"charm.land/", "only screens know the terminal library"}
	noCobra  = ban{"github.com/spf13/cobra", "only verbs know the command line library"}
	noOS     = ban{"os", "time, files and environment are parameters here"}
)

// rooms are the rules of who may import whom. Order matters: the first room
// that fits a package is its own.
var rooms = []room{
	{folder: "model/hostile", ours: []string{"model"}, never: []ban{noHTTP, noTea}},
	{folder: "model", never: []ban{noHTTP, noOS, noTea, noBadger, noClient, noCobra,
		{"github.com/", "rules stand on the standard library alone"}, {"golang.org/", "rules stand on the standard library alone"}}},
	{folder: "assets", never: []ban{noHTTP, noOS, noTea, {"encoding/json", "parsers of assets live in model"}}},
	{folder: "licensing/sandbox/rig", ours: []string{"*"}},
	{folder: "licensing/sandbox", ours: []string{"assets", "licensing/sandbox"}, never: []ban{noBadger, noClient, noTea}},
	{folder: "licensing/*", ours: []string{"model", "assets"}, exact: true, never: []ban{noBadger, noTea, noCobra}},
	{folder: "licensing", ours: []string{"model", "assets"}, never: []ban{noHTTP, noBadger, noClient, noTea, noCobra}},
	{folder: "storage/*", ours: []string{"storage", "model"}, exact: true, never: []ban{noHTTP, noClient, noTea}},
	{folder: "storage", ours: []string{"model"}, never: []ban{noHTTP, noBadger, noClient, noTea}},
	{folder: "ui/words", ours: []string{"model"}, never: []ban{noHTTP, noTea, noBadger}},
	{folder: "ui/theme", never: []ban{noHTTP, noBadger, noClient, noOS}},
	{folder: "ui/kit", ours: []string{"ui/theme"}, never: []ban{noHTTP, noBadger, noClient, noOS}},
	{folder: "ui/cli", ours: []string{"model", "licensing", "ui/words"}, exact: true,
		never: []ban{noTea, noBadger, noClient, noHTTP}},
	{folder: "ui/*", ours: []string{"model", "licensing", "ui/words", "ui/kit", "ui/theme"}, exact: true,
		never: []ban{noHTTP, noBadger, noClient, noCobra, noOS}},
	{folder: "ui", ours: []string{"model", "licensing", "ui/words", "ui/kit", "ui/theme",
		"ui/subscription", "ui/users", "ui/registration", "ui/synchistory"}, exact: true,
		never: []ban{noHTTP, noBadger, noClient, noCobra}},
	{folder: ".", ours: []string{"*"}},
}

// testOnly are folders that nothing but tests may import.
var testOnly = []string{"licensing/sandbox/rig", "model/hostile"}

// bannedEverywhere must not be imported by anybody.
var bannedEverywhere = []ban{
	{"github.com/charmbracelet/ultraviolet", "its API has no promise; lipgloss layers do the same"},
	{"charm.land/huh/", "it blocks tests in fake time; dialogs are ours"},
	{"charm.land/fang/", "it asks the terminal for its background and waits up to two seconds"},
	{"github.com/atotto/clipboard", "useless over SSH"},
}

func roomOf(folder string) (room, bool) {
	for _, r := range rooms {
		if under(folder, r.folder) {
			return r, true
		}
	}
	return room{}, false
}

func checkImports(t *tree) []Violation {
	var out []Violation
	for folder, sources := range t.pkgs {
		r, ok := roomOf(folder)
		if !ok {
			out = append(out, Violation{folder, "a folder outside the house", "see the list of rooms in ARCHITECTURE.md"})
			continue
		}
		for _, s := range sources {
			out = append(out, checkFile(t, r, folder, s)...)
		}
		out = append(out, checkReach(t, r, folder)...)
	}
	return out
}

// checkFile looks at one file's direct imports.
func checkFile(t *tree, r room, folder string, s source) []Violation {
	var out []Violation
	for _, imp := range importsOf(s) {
		if f, ours := t.folder(imp); ours {
			if f != folder && !r.allows(f) {
				out = append(out, Violation{s.path, "imports " + imp, folder + " may import of ours only: " + strings.Join(r.ours, ", ")})
			}
			if test := covering(testOnly, f); test != "" && !under(folder, test) && !under(folder, "licensing/sandbox/rig") {
				out = append(out, Violation{s.path, "imports " + imp, "only tests may"})
			}
			continue
		}
		for _, b := range slices.Concat(r.never, bannedEverywhere) {
			if b.hits(imp) {
				out = append(out, Violation{s.path, "imports " + imp, b.reason})
			}
		}
	}
	return out
}

// checkReach looks for third parties that a package reaches through others of
// ours.
func checkReach(t *tree, r room, folder string) []Violation {
	var out []Violation
	seen := map[string]bool{folder: true}
	queue := []string{folder}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, s := range t.pkgs[at] {
			for _, imp := range importsOf(s) {
				if f, ours := t.folder(imp); ours {
					if !seen[f] {
						seen[f] = true
						queue = append(queue, f)
					}
					continue
				}
				for _, b := range r.never {
					if at != folder && strings.Contains(imp, ".") && b.hits(imp) {
						out = append(out, Violation{folder, "reaches " + imp + " through " + at, b.reason})
					}
				}
			}
		}
	}
	return out
}

func (b ban) hits(imp string) bool {
	if strings.HasSuffix(b.path, "/") {
		return strings.HasPrefix(imp, b.path)
	}
	return imp == b.path
}

func (r room) allows(folder string) bool {
	return slices.ContainsFunc(r.ours, func(p string) bool {
		if p == "*" || p == folder {
			return true
		}
		return !r.exact && under(folder, p)
	})
}

func covering(list []string, folder string) string {
	for _, p := range list {
		if under(folder, p) {
			return p
		}
	}
	return ""
}

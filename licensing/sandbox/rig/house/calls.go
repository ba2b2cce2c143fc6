package house

import (
	"fmt"
	"go/ast"
	"path"
	"strconv"
	"strings"
)

// call is something that only some folders may use: a selector on a package.
type call struct {
	pkg, name string   // import path and exported name
	except    []string // files or folders that may
	reason    string
}

// clockOwners may look at the machine's clock: they turn it into a parameter
// for everybody else, or measure something about this machine.
var clockOwners = []string{"main.go", "licensing/ports.go", "licensing/sandbox", "licensing/gitlab", "storage"}

// calls are the rules of who may use what.
var calls = []call{
	{"time", "Now", clockOwners, "time is a parameter; take licensing.Clock or a time.Time"},
	{"time", "Since", clockOwners, "time is a parameter; take licensing.Clock or a time.Time"},
	{"time", "Until", clockOwners, "time is a parameter; take licensing.Clock or a time.Time"},
	{"time", "Sleep", clockOwners, "waiting goes through licensing.Clock, so that it can be cancelled and tested"},
	{"time", "Tick", nil, "it cannot be stopped"},
	{"charm.land/bubbletea/v2", "Tick", nil, "it cannot be stopped and blocks tests in fake time; use after"},
	{"charm.land/bubbletea/v2", "Every", nil, "it cannot be stopped and blocks tests in fake time; use after"},
	{"charm.land/lipgloss/v2", "NewStyle", []string{"ui/theme", "ui/kit"}, "styles are made in one place"},
	{"charm.land/bubbles/v2/key", "NewBinding", []string{"ui/kit"}, "keys are data: write an Action"},
	{"os", "Getenv", []string{"main.go"}, "the environment is a parameter"},
	{"os", "Environ", []string{"main.go"}, "the environment is a parameter"},
	{"os", "Exit", []string{"main.go"}, "only main ends the program"},
	{"log", "Fatal", nil, "only main ends the program"},
}

func checkCalls(t *tree) []Violation {
	var out []Violation
	for _, sources := range t.pkgs {
		for _, s := range sources {
			names := localNames(s.file)
			ast.Inspect(s.file, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				id, ok := sel.X.(*ast.Ident)
				if !ok || id.Obj != nil {
					return true
				}
				for _, c := range calls {
					if names[id.Name] == c.pkg && sel.Sel.Name == c.name && covering(c.except, s.path) == "" {
						where := fmt.Sprintf("%s:%d", s.path, t.fset.Position(sel.Pos()).Line)
						out = append(out, Violation{where, "uses " + id.Name + "." + c.name, c.reason})
					}
				}
				return true
			})
		}
	}
	return out
}

// localNames maps the names a file uses for its imports to their paths.
func localNames(f *ast.File) map[string]string {
	names := map[string]string{}
	for _, i := range f.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			continue
		}
		name := path.Base(p)
		if strings.HasPrefix(name, "v") && len(name) <= 3 {
			name = path.Base(path.Dir(p))
		}
		switch {
		case i.Name != nil:
			name = i.Name.Name
		case name == "bubbletea":
			name = "tea"
		}
		names[name] = p
	}
	return names
}

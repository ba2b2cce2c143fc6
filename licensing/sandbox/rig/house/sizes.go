package house

import (
	"fmt"
	"strings"
)

// maxLines is the longest a file may be that is not a test: past it, it holds
// more than one idea.
const maxLines = 500

func checkSizes(t *tree) []Violation {
	var out []Violation
	for _, sources := range t.pkgs {
		for _, s := range sources {
			if s.lines > maxLines {
				out = append(out, Violation{s.path, fmt.Sprintf("has %d lines", s.lines), fmt.Sprintf("no file over %d: split it by idea", maxLines)})
			}
		}
	}
	return out
}

// checkComments wants one package comment in every package.
func checkComments(t *tree) []Violation {
	var out []Violation
	for folder, sources := range t.pkgs {
		found := false
		for _, s := range sources {
			found = found || s.file.Doc != nil && (strings.HasPrefix(s.file.Doc.Text(), "Package ") || strings.HasPrefix(s.file.Doc.Text(), "Seatdeck "))
		}
		if !found {
			out = append(out, Violation{folder, "has no package comment", "say what the package is for, what it never does, and what always holds"})
		}
	}
	return out
}

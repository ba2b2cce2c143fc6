// Package house checks that the tree keeps the rules of its own architecture:
// who may import whom, who may read a clock, where styles are made, how long a
// file may be. Each rule carries its reason, so that a failure teaches.
//
// It is for tests only. Its own tests run it over this repository, and over
// small broken trees in testdata that must fail.
package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Violation is one place that breaks a rule.
type Violation struct {
	Where  string // file, or package for imports through others
	What   string
	Reason string
}

// String is one line.
func (v Violation) String() string { return v.Where + ": " + v.What + ": " + v.Reason }

// source is one parsed file that is not a test.
type source struct {
	path  string // slash-separated, from the root
	lines int
	file  *ast.File
}

// tree is a module's non-test source.
type tree struct {
	module string
	fset   *token.FileSet
	pkgs   map[string][]source // by folder from the root, "." for the root
}

// Check returns all violations of the rules in the tree at root, whose module
// path is module.
func Check(root, module string) ([]Violation, error) {
	t, err := load(root, module)
	if err != nil {
		return nil, err
	}
	var out []Violation
	for _, check := range []func(*tree) []Violation{checkImports, checkCalls, checkSizes, checkComments} {
		out = append(out, check(t)...)
	}
	slices.SortFunc(out, func(a, b Violation) int { return strings.Compare(a.String(), b.String()) })
	return out, nil
}

func load(root, module string) (*tree, error) {
	t := &tree{module: module, fset: token.NewFileSet(), pkgs: map[string][]source{}}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if p != root && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		return t.add(root, p)
	})
	return t, err
}

func (t *tree) add(root, p string) error {
	b, err := os.ReadFile(p)
	if err != nil {
		return err
	}
	f, err := parser.ParseFile(t.fset, p, b, parser.ParseComments)
	if err != nil {
		return fmt.Errorf("house: %w", err)
	}
	rel, err := filepath.Rel(root, p)
	if err != nil {
		return err
	}
	rel = filepath.ToSlash(rel)
	dir := path.Dir(rel)
	t.pkgs[dir] = append(t.pkgs[dir], source{path: rel, lines: strings.Count(string(b), "\n"), file: f})
	return nil
}

// folder turns an import path of ours into its folder; ok is false for others.
func (t *tree) folder(imp string) (string, bool) {
	if imp == t.module {
		return ".", true
	}
	return strings.CutPrefix(imp, t.module+"/")
}

func importsOf(s source) []string {
	var out []string
	for _, i := range s.file.Imports {
		out = append(out, strings.Trim(i.Path.Value, `"`))
	}
	return out
}

// under reports whether folder is pattern or lies below it; the pattern "x/*"
// means only below.
func under(folder, pattern string) bool {
	if p, ok := strings.CutSuffix(pattern, "/*"); ok {
		return strings.HasPrefix(folder, p+"/")
	}
	return folder == pattern || strings.HasPrefix(folder, pattern+"/")
}

package stage

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// jsonCommand looks into the document on stdout, or on stderr:
// [!] json [-stderr] PATH VALUE, where PATH is such as counts.0.value and VALUE
// is JSON, or a plain text.
func jsonCommand(ts *testscript.TestScript, neg bool, args []string) {
	stream := "stdout"
	if len(args) > 0 && args[0] == "-stderr" {
		stream, args = "stderr", args[1:]
	}
	if len(args) != 2 {
		ts.Fatalf("usage: json [-stderr] PATH VALUE")
	}
	var doc any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(stream)), &doc))
	got, err := walk(doc, strings.Split(args[0], "."))
	ts.Check(err)
	text, ok := got.(string)
	if !ok {
		b, err := json.Marshal(got)
		ts.Check(err)
		text = string(b)
	}
	if (text == args[1]) == neg {
		ts.Fatalf("%s is %s", args[0], text)
	}
}

// walk follows a path into a document. A step into a list is a number, or
// KEY=VALUE for the first object that has it.
func walk(doc any, path []string) (any, error) {
	for i, step := range path {
		switch d := doc.(type) {
		case map[string]any:
			v, ok := d[step]
			if !ok {
				return nil, fmt.Errorf("there is no %q in %q", step, path[:i])
			}
			doc = v
		case []any:
			n, err := strconv.Atoi(step)
			if key, value, ok := strings.Cut(step, "="); ok {
				n, err = slices.IndexFunc(d, func(e any) bool {
					m, ok := e.(map[string]any)
					return ok && m[key] == value
				}), nil
			}
			if err != nil || n < 0 || n >= len(d) {
				return nil, fmt.Errorf("there is no %q in %q", step, path[:i])
			}
			doc = d[n]
		default:
			return nil, fmt.Errorf("%q is no object and no list", path[:i])
		}
	}
	return doc, nil
}

package sandbox

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// TestGraphQLTable: every field of every version's schema has somebody who
// answers it, and nobody answers a field that no version has.
func TestGraphQLTable(t *testing.T) {
	asked := map[string]bool{}
	for _, text := range []string{"14.1.0", "14.10.5", "16.8.1", "16.9.0", "17.5.0", "19.5.1"} {
		v, err := parseVersion(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, ee := range []bool{false, true} {
			for name, def := range graphqlSchema(v, ee).Types {
				if def.Kind != ast.Object || strings.HasPrefix(name, "__") {
					continue
				}
				for _, f := range def.Fields {
					asked[name+"."+f.Name] = true
					if !strings.HasPrefix(f.Name, "__") && graphqlTable()[name][f.Name] == nil {
						t.Errorf("%s: nobody answers %s.%s", text, name, f.Name)
					}
				}
			}
		}
	}
	shared := map[string]bool{"LicenseHistoryEntry": true, "LicenseHistoryEntryConnection": true, "SubscriptionFutureEntryConnection": true}
	for name, fields := range graphqlTable() {
		for field := range fields {
			if !asked[name+"."+field] && !shared[name] {
				t.Errorf("%s.%s is answered and in no schema", name, field)
			}
		}
	}
}

package sandbox

import (
	"embed"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"

	"seatdeck/licensing/sandbox/graphqldoc"
)

//go:embed schema_*.graphql
var schemaFiles embed.FS

// schemaPart is a piece of the schema that some versions have.
type schemaPart struct {
	file string
	ee   bool
	has  func(v version) bool // nil: every version
}

// schemaParts lists the pieces in an order in which they can be joined. The
// versions are those of the contract (§2.2 to §2.7); where it names a series
// only, the first version with the piece is the sandbox's own choice.
var schemaParts = []schemaPart{
	{"schema_core.graphql", false, nil},
	{"schema_metadata_15_6.graphql", false, func(v version) bool { return v.atLeast(15, 6) }},
	{"schema_license.graphql", true, nil},
	{"schema_license_14_5.graphql", true, version.hasOnlineCloudWord},
	{"schema_addon_16_7.graphql", true, func(v version) bool { return v.atLeast(16, 7) }},
	{"schema_addon_one.graphql", true, func(v version) bool { return v.atLeast(16, 7) && !v.atLeast(18, 0) }},
	{"schema_addon_all.graphql", true, func(v version) bool { return v.atLeast(17, 4) }},
	{"schema_promotion_16_9.graphql", true, func(v version) bool { return v.atLeast(16, 9) }},
}

// hasOnlineCloudWord: licence types are online_cloud, offline_cloud and
// legacy_license; before, cloud and license_file (contract §2.2).
func (v version) hasOnlineCloudWord() bool { return v.atLeast(14, 5) }

// hasNewGraphQLParser: syntax errors name what was expected (graphql-ruby 2.2).
func (v version) hasNewGraphQLParser() bool { return v.atLeast(17, 0) }

// hasDidYouMean: unknown names are answered with near ones (graphql-ruby 2.4.9).
func (v version) hasDidYouMean() bool { return v.atLeast(18, 0) }

// compiledSchemas keeps one schema per set of pieces; many instances share it,
// because a schema holds no state.
var compiledSchemas sync.Map // joined file names -> *ast.Schema

// graphqlSchema gives the schema of an edition and version.
func graphqlSchema(v version, ee bool) *ast.Schema {
	var names []string
	for _, part := range schemaParts {
		if (ee || !part.ee) && (part.has == nil || part.has(v)) {
			names = append(names, part.file)
		}
	}
	key := strings.Join(names, "+")
	if s, ok := compiledSchemas.Load(key); ok {
		return s.(*ast.Schema)
	}
	var text strings.Builder
	for _, name := range names {
		b, err := schemaFiles.ReadFile(name)
		if err != nil {
			panic(err) // the list above names embedded files
		}
		text.Write(b)
	}
	s, err := graphqldoc.LoadSchema(text.String())
	if err != nil {
		panic(err) // the files are ours
	}
	kept, _ := compiledSchemas.LoadOrStore(key, s)
	return kept.(*ast.Schema)
}

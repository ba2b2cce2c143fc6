// Package assets holds raw files that travel inside the binary: the catalogue
// of registration features, list prices, names for the sandbox's made-up
// people, help texts, units for timers, and the programs that run on a GitLab server.
//
// It never parses anything: parsers of these files live in model (or, for the
// sandbox's own names, in licensing/sandbox), so that the data can be read and
// corrected without reading code.
package assets

import "embed"

// FS is the tree of embedded files. Paths are relative to this folder, such as
// "catalogue/features.json".
//
//go:embed catalogue help ruby/*.rb sandbox units
var FS embed.FS

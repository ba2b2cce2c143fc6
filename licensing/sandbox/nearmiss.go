package sandbox

import (
	"fmt"
	"slices"
	"strings"
)

// unknownName words the refusal of a name that is none of known, with the
// nearest one where there is a near one.
func unknownName(what, got string, known []string) error {
	best, bestDistance := "", 1+max(2, len(got)/3)
	for _, k := range known {
		if d := editDistance(got, k); d < bestDistance {
			best, bestDistance = k, d
		}
	}
	if best != "" {
		return fmt.Errorf("sandbox: unknown %s %q; did you mean %q?", what, got, best)
	}
	sorted := slices.Sorted(slices.Values(known))
	return fmt.Errorf("sandbox: unknown %s %q; known: %s", what, got, strings.Join(sorted, ", "))
}

// editDistance is Levenshtein's distance in bytes; names here are ASCII.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

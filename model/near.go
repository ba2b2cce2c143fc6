package model

import "strings"

// Nearest returns the one of names that s is most likely a slip of, or "": for
// "did you mean" in every message about a word that is not known. Case does not
// matter. At most a third of the letters may differ, and never more than two;
// failing that, s may be the beginning of a name.
func Nearest(s string, names []string) string {
	s = strings.ToLower(s)
	best, bestD := "", min(2, (len(s)+2)/3)+1
	for _, n := range names {
		if d := editDistance(s, strings.ToLower(n)); d < bestD {
			best, bestD = n, d
		}
	}
	if best == "" && len(s) >= 2 {
		for _, n := range names {
			if strings.HasPrefix(strings.ToLower(n), s) {
				return n
			}
		}
	}
	return best
}

// editDistance counts insertions, deletions, replacements and swaps of
// neighbours (optimal string alignment).
func editDistance(a, b string) int {
	before, last, now := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}

package storage

import (
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// pathMax is how many runes of a path a sentence has room for: with what was
// tried and why it failed, it then still fits a row of 80.
const pathMax = 40

// ShortPath is path for a sentence: a long one loses folders in its middle, so
// that its beginning tells the disk and its end the file. The whole path is for
// what is to be typed.
func ShortPath(path string) string {
	if utf8.RuneCountInString(path) <= pathMax {
		return path
	}
	folders := strings.Split(path, "/")
	head := folders[:1]
	if filepath.IsAbs(path) {
		head = folders[:min(2, len(folders)-1)] // the empty one before the first slash, too
	}
	for from := len(head) + 1; from < len(folders); from++ {
		short := strings.Join(slices.Concat(head, []string{"…"}, folders[from:]), "/")
		if utf8.RuneCountInString(short) <= pathMax || from == len(folders)-1 {
			return short
		}
	}
	return path // no folder to leave out
}

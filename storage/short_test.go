package storage

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestShortPath(t *testing.T) {
	for path, want := range map[string]string{
		"":   "",
		"/p": "/p",
		"/home/alice/.cache/seatdeck/instances/4d":                                     "/home/alice/.cache/seatdeck/instances/4d", // 40 runes
		"/var/lib/containers/storage/seatdeck/4d25936a8b25/00000000000000000001.jsonl": "/var/…/00000000000000000001.jsonl",
		"/home/alice/.cache/seatdeck/instances/4d25936a8b25/facts.lock":                "/home/…/4d25936a8b25/facts.lock",
		"/srv/a/very/long/way/down/to/a/name/" + strings.Repeat("x", 60):               "/srv/…/" + strings.Repeat("x", 60),
		"a/path/that/does/not/begin/at/the/root/of/this/disk/f":                        "a/…/not/begin/at/the/root/of/this/disk/f",
		"/" + strings.Repeat("é", 60):                                                  "/" + strings.Repeat("é", 60),
	} {
		got := ShortPath(path)
		if got != want {
			t.Errorf("%q becomes %q, want %q", path, got, want)
		}
		if !utf8.ValidString(got) {
			t.Errorf("%q is cut within a character", got)
		}
	}
}

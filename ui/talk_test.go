package ui

import (
	"testing"

	"seatdeck/licensing/sandbox/rig"
	"seatdeck/ui/kit"
)

// TestTroubleKeepsItsCause: of a long sentence about a place the end stays, which
// says what is wrong; what helps is there where it fits, else the key of the
// list is.
func TestTroubleKeepsItsCause(t *testing.T) {
	s := newScene(t, rig.Options{})
	s.say(kit.Say{Level: kit.Trouble, Next: "free 192 MiB, then R",
		Text: "write the cache: /var/cache/seatdeck/4f2a9c/generation-000012/users-000003.sst: no space left on device"})
	s.at(80, 24).wants("no space left on device", "m says more")
	s.lacks("free 192 MiB")
	s.at(60, 15).wants("space left on device", "m says more")
	s.at(200, 60).wants("write the cache: /var/cache", "no space left on device", "free 192 MiB, then R")
	s.lacks("m says more")
	s.say(kit.Say{Level: kit.Trouble, Text: "read the journal: it is locked"})
	s.at(80, 24).wants("it is locked", "m lists all 2")
}

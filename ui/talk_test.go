package ui

import (
	"testing"
	"time"

	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
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

// TestWaitingIsSaid: while the instance asks to wait, that comes first, and no
// speed is told.
func TestWaitingIsSaid(t *testing.T) {
	s := newScene(t, rig.Options{})
	s.work.reading = true
	s.work.progress = model.Progress{Stage: model.StageRoster, Done: 742, Rate: 310, Left: time.Minute,
		Wait: model.Wait{For: 30 * time.Second, Until: time.Date(2026, 11, 21, 9, 52, 30, 0, time.UTC)}}
	s.at(80, 24).wants("▸ the instance asks to wait 30 s · next try 09:52:30 · reading accounts · 742")
	s.lacks("a second")
	s.work.progress.Wait = model.Wait{}
	s.wants("▸ reading accounts · 742 · 310 a second")
}

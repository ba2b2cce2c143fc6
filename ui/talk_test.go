package ui

import (
	"strings"
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

// TestNoKeySeemsDead: what a key says stands over trouble for its moment, and
// then the trouble is there again.
func TestNoKeySeemsDead(t *testing.T) {
	s := newScene(t, rig.Options{})
	s.say(kit.Say{Level: kit.Trouble, Text: "read the journal: it is locked"})
	s.at(80, 24).wants("it is locked")
	s.say(kit.Say{Text: "they are being read"})
	s.wants("they are being read")
	s.lacks("it is locked")
	s.talk.key()
	s.wants("it is locked")
}

// TestMessagesAreOneEach: what was said stands once, in one column, with what
// helps below it.
func TestMessagesAreOneEach(t *testing.T) {
	s := newScene(t, rig.Options{})
	locked := kit.Say{Level: kit.Trouble, Text: "read the journal: it is locked", Next: "wait, then R"}
	s.say(locked)
	s.say(kit.Say{Text: "showing 3 of 74 records"})
	s.say(kit.Say{Level: kit.Trouble, Text: "free some space"})
	s.say(locked)
	s.at(120, 40).press("m").wants("! read the journal: it is locked", "wait, then R", "  showing 3 of 74 records")
	if n := strings.Count(s.text(), "it is locked"); n != 1 {
		t.Errorf("said %d times:\n%s", n, s.text())
	}
}

// TestOverdueIsSaidOnce: the alert says that the sync is overdue, the right end
// of the header when the last one was.
func TestOverdueIsSaidOnce(t *testing.T) {
	s := newScene(t, rig.Options{Scenario: "sync-failing"}).read().at(120, 40)
	header, _, _ := strings.Cut(s.text(), "\n")
	if strings.Count(header, "sync overdue") != 1 || !strings.Contains(header, "✗ synced 18 Nov") {
		t.Errorf("the header says %q", header)
	}
}

// TestFullScreenComesBack: a terminal made small for a moment takes nobody away
// from where they were.
func TestFullScreenComesBack(t *testing.T) {
	s := newScene(t, rig.Options{}).read().at(120, 40).press("2", "enter", "b").wants("breakdown", "each row takes away")
	s.at(20, 5).lacks("breakdown")
	s.at(40, 10)
	s.at(80, 24).wants("2 Users & seats · breakdown")
	s.press("esc", "esc").at(20, 5)
	s.at(80, 24).lacks("· breakdown").wants("1 Subscription")
}

// TestFirstReadingShowsHowFar: while the accounts are read the first time their
// pane says how many there are so far, and does not call them never read.
func TestFirstReadingShowsHowFar(t *testing.T) {
	s := newScene(t, rig.Options{}).at(120, 40).wants("never read")
	s.drain(s.counting(halfway))
	s.wants("accounts read", "742 of about 1,220", "! not complete yet · 742 read")
	s.press("2", "enter").wants("742 of about 1,220", "The accounts appear here when they are read.")
	s.read().press("esc").lacks("742", "not complete yet")
}

package ui

import (
	"strings"
	"testing"

	"seatdeck/licensing/sandbox/rig"
)

// TestSearchBeforeAnythingIsRead: letters typed after "/" are text from the
// first frame on, and the footer offers no key that would be text.
func TestSearchBeforeAnythingIsRead(t *testing.T) {
	s := newScene(t, rig.Options{Users: 60}).at(120, 40).press("/", "a", "m", "q")
	if !s.full || s.focus != paneUsers || !s.pane().Typing() || len(s.dialogs) != 0 {
		t.Fatalf("full %v, pane %d, typing %v, %d dialogs", s.full, s.focus, s.pane().Typing(), len(s.dialogs))
	}
	s.wants("/ amq")
	checkTypingFooter(t, s)
	s.press("backspace", "backspace")
	s.read()
	s.wants("/ a", "of 60")
	checkTypingFooter(t, s)
}

// checkTypingFooter fails if the footer names a key that is text now.
func checkTypingFooter(t *testing.T, s *scene) {
	t.Helper()
	lines := strings.Split(strings.TrimRight(s.text(), "\n"), "\n")
	footer := lines[len(lines)-1]
	if !strings.Contains(footer, "enter done") || !strings.Contains(footer, "esc back") {
		t.Errorf("the footer lacks the field's keys: %q", footer)
	}
	for _, entry := range strings.Split(strings.TrimSpace(footer), "  ") {
		if key, _, _ := strings.Cut(strings.TrimSpace(entry), " "); len(key) < 2 {
			t.Errorf("the footer offers %q while text is typed: %q", key, footer)
		}
	}
}

// TestAccountsAloneFailing: an instance that answers everything but the list of
// accounts is not offline.
func TestAccountsAloneFailing(t *testing.T) {
	s := newScene(t, rig.Options{Users: 60, Set: map[string]string{"fault": "503:/users"}}).read()
	for _, size := range [][2]int{{200, 60}, {120, 40}} {
		s.at(size[0], size[1])
		if header, _, _ := strings.Cut(s.text(), "\n"); strings.Contains(header, "offline") {
			t.Errorf("%q", header)
		}
	}
	if s.view.Offline != nil {
		t.Error(s.view.Offline)
	}
}

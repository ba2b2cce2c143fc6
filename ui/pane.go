package ui

import (
	"image"

	tea "charm.land/bubbletea/v2"

	"seatdeck/licensing"
	"seatdeck/ui/kit"
)

// pane is one of the four places of the dashboard. It draws a compact view for
// the dashboard and a full screen, and does its own moving about. Panes are
// plain structs with verbs; only the root is a tea.Model.
//
// A pane asks nothing of the network in a drawing method, and never changes
// what a View given to it refers to.
type pane interface {
	// Show takes in the newest view of the instance. What of it takes long the
	// pane does in the command it returns, so that keys never wait.
	Show(v *licensing.View) tea.Cmd
	// Tab is the pane's name with its one figure, for the line of tabs.
	Tab() kit.Tab
	// Compact draws the body of the pane's frame on w by h cells. Of the frame
	// returned only the notes count.
	Compact(w, h int) (notes kit.Frame, body []string)
	// Full draws the full screen on w by h cells, its frame included, and says
	// where the terminal's cursor belongs (negative: nowhere).
	Full(w, h int) (lines []string, cursor image.Point)
	// Actions lists what can be done in the pane: in its full screen, or from
	// the dashboard while it has the focus.
	Actions(full bool) []kit.Action
	// Key takes a key that belongs to no action: motions, and text while
	// Typing. It reports whether it meant anything.
	Key(k tea.KeyPressMsg) (tea.Cmd, bool)
	// Paste takes pasted text, which goes to a text field or nowhere.
	Paste(text string) tea.Cmd
	// Update takes the reply of a command the pane gave out.
	Update(msg tea.Msg) tea.Cmd
	// Typing reports whether a text field of the pane has the keys.
	Typing() bool
	// Back leaves a sub-page, a field or a mark, and reports whether there was
	// anything to leave.
	Back() (tea.Cmd, bool)
}

// nowhere is the cursor position of a screen without one.
var nowhere = image.Pt(-1, -1)

package kit

import (
	"fmt"

	tea "charm.land/bubbletea/v2"
)

// Action is something a person can do here and now, as data. Dispatch, footer,
// help, palette and the key documentation are all made from lists of these.
type Action struct {
	// ID names the action for ever: in the palette's memory, in documentation.
	ID string
	// Title says what it does in two or three words: "sync now".
	Title string
	// Short is the word for the footer; "" takes Title.
	Short string
	// Desc is one line for the palette.
	Desc string
	// Keys are the keys as Bubble Tea names them; the first is shown.
	Keys []string
	// Group is the caption it stands under in the help.
	Group string
	// Operation names what it asks of the instance; "" is nothing.
	Operation string
	// Danger is the level of the question asked before it runs, 0 for none.
	Danger int
	// Why returns the reason it cannot run now, "" if it can. nil means it can.
	Why func() string
	// Quiet keeps it out of the footer; help and palette still name it.
	Quiet bool
	// Hidden keeps it out of footer, help and palette; its keys still work.
	Hidden bool
	// Run starts it.
	Run func() tea.Cmd
}

// Reason is why the action cannot run now, "" if it can.
func (a *Action) Reason() string {
	if a.Why == nil {
		return ""
	}
	return a.Why()
}

// KeyText is the action's keys as they are printed: "s", "↑↓", "1–4".
func (a *Action) KeyText() string { return keyText(a.Keys) }

// Find returns the action of a key, or nil. It does not ask whether it can run:
// a person who presses the key of a disabled action is told the reason.
func Find(actions []Action, key string) *Action {
	for i := range actions {
		for _, k := range actions[i].Keys {
			if k == key {
				return &actions[i]
			}
		}
	}
	return nil
}

// Check returns a line for every fault in a list of actions that are offered at
// the same time: a key taken twice, an identity used twice, a missing word.
// Hidden actions count too, because their keys work.
func Check(actions []Action) []string {
	var faults []string
	keys, ids := map[string]string{}, map[string]bool{}
	for i := range actions {
		a := &actions[i]
		switch {
		case a.ID == "":
			faults = append(faults, fmt.Sprintf("action %d (%q) has no id", i, a.Title))
		case ids[a.ID]:
			faults = append(faults, fmt.Sprintf("%s: the id is used twice", a.ID))
		}
		ids[a.ID] = true
		if a.Title == "" && !a.Hidden {
			faults = append(faults, fmt.Sprintf("%s: no title", a.ID))
		}
		if a.Run == nil {
			faults = append(faults, fmt.Sprintf("%s: nothing to run", a.ID))
		}
		for _, k := range a.Keys {
			if other, taken := keys[k]; taken {
				faults = append(faults, fmt.Sprintf("%s: key %q belongs to %s", a.ID, k, other))
				continue
			}
			keys[k] = a.ID
		}
	}
	return faults
}

// arrows are the signs of keys that have one.
var arrows = map[string]string{"up": "↑", "down": "↓", "left": "←", "right": "→"}

// keyText prints a list of keys: arrows together, digits as a range, else the
// first key alone; its twins are for those who know them.
func keyText(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	if sign, ok := arrows[keys[0]]; ok {
		for _, k := range keys[1:] {
			sign += arrows[k]
		}
		return sign
	}
	last := 0
	for last+1 < len(keys) && isDigit(keys[last]) && isDigit(keys[last+1]) && keys[last+1][0] == keys[last][0]+1 {
		last++
	}
	if last > 0 {
		return keys[0] + "–" + keys[last]
	}
	return keys[0]
}

func isDigit(k string) bool { return len(k) == 1 && k[0] >= '0' && k[0] <= '9' }

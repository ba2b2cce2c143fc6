package words

import (
	"strings"

	"seatdeck/model"
)

// AddOn returns an add-on's name as it is sold: DUO_ENTERPRISE becomes "Duo
// Enterprise". GitLab still calls Duo Pro by its older name (contract §2.6).
func AddOn(name model.Text) string {
	if name.String() == "CODE_SUGGESTIONS" {
		return "Duo Pro"
	}
	parts := strings.Split(strings.ToLower(name.String()), "_")
	for i, p := range parts {
		parts[i] = Capital(p)
	}
	return strings.Join(parts, " ")
}

// addOnChange words a change of one add-on's seats: "Duo Enterprise 40 → 60".
// ok is false for anything else.
func addOnChange(c model.Change) (string, bool) {
	name, before, ok1 := cutLast(c.Before)
	same, after, ok2 := cutLast(c.After)
	if c.Field != "add-ons" || !ok1 || !ok2 || name != same || strings.Contains(c.Before+c.After, ";") {
		return "", false
	}
	return AddOn(model.Clean(name)) + " " + Change(before, after), true
}

// cutLast splits off the last word.
func cutLast(s string) (head, last string, ok bool) {
	i := strings.LastIndexByte(s, ' ')
	if i < 0 {
		return "", "", false
	}
	return s[:i], s[i+1:], true
}

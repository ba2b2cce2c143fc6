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

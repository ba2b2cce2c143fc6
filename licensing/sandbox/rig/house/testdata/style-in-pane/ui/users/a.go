// Package users is an example.
package users

import (
	"charm.land/lipgloss/v2"
)

var s = lipgloss.NewStyle()

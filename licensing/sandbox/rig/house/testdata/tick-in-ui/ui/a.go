// Package ui is an example.
package ui

import (
	tea "charm.land/bubbletea/v2"
)

var t = tea.Tick

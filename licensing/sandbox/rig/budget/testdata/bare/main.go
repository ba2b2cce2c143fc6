// Bare is the yardstick of the console's start: a Bubble Tea program with one
// full frame that says "ready" in its last line.
package main

import (
	"fmt"
	"os"
	"strings"

	tea "charm.land/bubbletea/v2"
)

type frame struct{ width, height int }

func (frame) Init() tea.Cmd { return nil }

func (f frame) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		f.width, f.height = msg.Width, msg.Height
	case tea.KeyPressMsg:
		return f, tea.Quit
	}
	return f, nil
}

func (f frame) View() tea.View {
	var v tea.View
	v.AltScreen = true
	if f.height > 0 {
		line := strings.Repeat("x", f.width) + "\n"
		v.SetContent(strings.Repeat(line, f.height-1) + "ready")
	}
	return v
}

func main() {
	if _, err := tea.NewProgram(frame{}, tea.WithFPS(120)).Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

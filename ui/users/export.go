package users

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"seatdeck/ui/kit"
)

// doExport sends the command to the clipboard that writes what is shown into a
// file. The verb does the writing: it refuses to replace a file, and may run
// where the file is wanted.
func (p *Pane) doExport() tea.Cmd {
	command := p.exportCommand()
	return func() tea.Msg { return kit.Copy{Text: command, What: command} }
}

// exportCommand is that command, its filter quoted for a shell.
func (p *Pane) exportCommand() string {
	command := "seatdeck users export --instance " + p.v.Info.Name + " --file accounts.csv"
	if q, err := p.want(); err == nil && q.String() != "" {
		command += " --filter '" + strings.ReplaceAll(q.String(), "'", `'\''`) + "'"
	}
	if list := p.choice.columns; len(list) > 0 {
		command += " --columns " + strings.Join(list, ",")
	}
	return command
}

// noExport says why there is nothing to export.
func (p *Pane) noExport() string {
	if p.choice.fault != nil {
		return "the search is not understood"
	}
	return p.noRoster()
}

package registration

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/words"
)

// optIn switches registration features, to what they are not. What the switch
// comes to, prerequisites and all, the plan shows.
func (p *Pane) optIn() kit.Action {
	a := kit.Action{ID: "registration.switch", Title: "opt in", Desc: "features in return for Service Ping", Keys: []string{"r"}, Group: group,
		Operation: model.OpSettingsWrite.Name, Danger: int(model.DangerOne), Why: p.cannotSwitch, Run: begin(model.ActRegistrationEnable, "")}
	if p.v.Registration.State == model.RegistrationOn {
		a.Title, a.Run = "opt out", begin(model.ActRegistrationDisable, "")
	}
	return a
}

// optional switches optional metrics, to what they are not.
func (p *Pane) optional() kit.Action {
	on := p.v.Facts.Settings.Value.OptionalMetrics
	a := kit.Action{ID: "registration.optional", Title: "optional metrics on", Short: "metrics on", Desc: "more usage totals in Service Ping", Keys: []string{"o"}, Group: group,
		Operation: model.OpSettingsWrite.Name, Danger: int(model.DangerOne), Run: begin(model.ActRegistrationOptional, "on")}
	if on.Or(false) {
		a.Title, a.Short, a.Run = "optional metrics off", "metrics off", begin(model.ActRegistrationOptional, "off")
	}
	a.Why = func() string {
		if why := p.cannotSwitch(); why != "" || on.Known() {
			return why
		}
		return "this version does not show optional metrics"
	}
	return a
}

// look lays open what goes out, value by value.
func (p *Pane) look() kit.Action {
	return kit.Action{ID: "registration.preview", Title: "preview what goes out", Short: "preview", Desc: "sync packet and payload, value by value", Keys: []string{"p"}, Group: group,
		Why: p.nothingKnown, Run: func() tea.Cmd { return func() tea.Msg { return kit.LayOpen{} } }}
}

// nothingKnown says why there is nothing to lay open.
func (p *Pane) nothingKnown() string {
	f := &p.v.Facts
	if !f.License.Known() && !f.Settings.Known() && !f.Ping.Known() {
		return "nothing of it was read yet"
	}
	return ""
}

// begin asks the root to begin an act.
func begin(kind model.ActKind, choice string) func() tea.Cmd {
	return func() tea.Cmd {
		return func() tea.Msg { return kit.Begin{Act: string(kind), Choice: choice} }
	}
}

// cannotSwitch says why nothing can be switched from here.
func (p *Pane) cannotSwitch() string {
	switch err := p.v.Info.Mode.Allow(model.OpSettingsWrite); {
	case err != nil:
		return err.Msg.String()
	case p.v.Offline != nil:
		return words.Trouble(p.v.Offline.Class)
	case !p.v.Facts.Settings.Known():
		return "the settings were not read yet"
	case p.v.Registration.State == model.RegistrationNotEligible, p.v.Registration.State == model.RegistrationTooOld:
		return p.v.Registration.Reason
	}
	return ""
}

// lastSwitched tells how the newest act of ours on the switches ended, nil when
// there was none.
func (p *Pane) lastSwitched(w int) []string {
	i := slices.IndexFunc(p.v.History.Acts, func(r model.Run) bool {
		return slices.Contains(switchKinds, r.Plan.Kind)
	})
	if i < 0 {
		return nil
	}
	run := p.v.History.Acts[i]
	word := words.Outcome(run.Outcome)
	line := kit.NewLine(p.th, w).Label("switched here").At(switchCols)
	switch word.Tone {
	case words.OK:
		line.Mark(p.th.OK, p.th.Glyph.Done)
	case words.Warn:
		line.Mark(p.th.Warn, p.th.Glyph.Warning)
	case words.Bad:
		line.Mark(p.th.Bad, p.th.Glyph.Missing)
	case words.None:
		line.Mark(p.th.Label, p.th.Glyph.None)
	default:
		line.Mark(p.th.Label, p.th.Glyph.Unknown)
	}
	at := line.Used()
	said := kit.Wrap(p.th, p.th.Value, word.Word, max(w-at, 1))
	if len(said) == 1 {
		line.Value(word.Word)
	} else {
		line.Styled(said[0])
	}
	when, about := words.Moment(run.Began, p.v.Now, p.loc), run.Plan.Title
	if line.Used()+2+kit.Width(when) <= w {
		line.Right().Label(when)
	} else {
		about += " · " + when
	}
	out := []string{line.String()}
	for _, l := range said[1:] {
		out = append(out, kit.NewLine(p.th, w).At(at).Styled(l).String())
	}
	if note := run.Note.String(); note != "" {
		about += ": " + note
	}
	for _, l := range kit.Wrap(p.th, p.th.Label, about, max(w-switchCols, 1)) {
		out = append(out, kit.NewLine(p.th, w).At(switchCols).Styled(l).String())
	}
	return out
}

// switchKinds are the acts on the switches.
var switchKinds = []model.ActKind{model.ActRegistrationEnable, model.ActRegistrationDisable, model.ActRegistrationOptional}

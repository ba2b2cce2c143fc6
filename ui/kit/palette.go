package kit

import (
	"unicode/utf8"

	"github.com/sahilm/fuzzy"

	"seatdeck/ui/theme"
)

// Match is an action the palette found.
type Match struct {
	Action *Action
	// Hits are the indexes of the bytes of the title that matched.
	Hits []int
	// Reason is why it cannot run now, "" if it can.
	Reason string
}

// titles lets the matcher read a list of actions.
type titles []*Action

func (t titles) String(i int) string { return t[i].Title }
func (t titles) Len() int            { return len(t) }

// Search returns the visible actions whose title matches query, the best first.
// An empty query finds all in their order. What cannot run now comes last.
func Search(actions []Action, query string) []Match {
	var pool titles
	for i := range actions {
		if !actions[i].Hidden {
			pool = append(pool, &actions[i])
		}
	}
	var able, unable []Match
	add := func(a *Action, hits []int) {
		m := Match{Action: a, Hits: hits, Reason: a.Reason()}
		if m.Reason == "" {
			able = append(able, m)
		} else {
			unable = append(unable, m)
		}
	}
	if query == "" {
		for _, a := range pool {
			add(a, nil)
		}
	} else {
		for _, f := range fuzzy.FindFrom(query, pool) {
			add(pool[f.Index], f.MatchedIndexes)
		}
	}
	return append(able, unable...)
}

// PaletteName is the width of the names in a palette.
const PaletteName = 26

// Line draws the match as a row of the palette on w cells: name with the
// matched letters underlined, description, key. What cannot run now is faint,
// with its reason and "not now".
func (m Match) Line(th *theme.Theme, w int, selected bool) string {
	name := th.Value
	switch {
	case m.Reason != "":
		name = th.Label
	case selected:
		name = th.Figure
	}
	// One blank before the name keeps it apart from the marker.
	l := NewLine(th, w).Space(1)
	m.name(l, name)
	if m.Reason != "" {
		return l.At(PaletteName - 1).Label(m.Reason).Right().Label(notNow).String()
	}
	return l.At(PaletteName - 1).Label(m.Action.Desc).Right().Figure(m.Action.KeyText()).String()
}

// name adds the title letter by letter where it matched.
func (m Match) name(l *Line, style theme.Style) {
	title, from := m.Action.Title, 0
	hit := make(map[int]bool, len(m.Hits))
	for _, h := range m.Hits {
		hit[h] = true
	}
	for i := 0; i < len(title); {
		_, n := utf8.DecodeRuneInString(title[i:])
		if hit[i] {
			l.Put(style, title[from:i]).Put(style.And(l.th.Match), title[i:i+n])
			from = i + n
		}
		i += n
	}
	l.Put(style, title[from:])
}

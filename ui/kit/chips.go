package kit

import "seatdeck/ui/theme"

// Chip is one filter above a table: its name and how many rows it has.
type Chip struct {
	Name, Count string
}

// Chips draws filters on w cells, three cells apart, the active one reversed
// with a blank on each side; the line begins with that blank whichever is
// active, so that no name moves when another is chosen. They go from the right,
// but the active one stays: it takes the place of the last that fits.
func Chips(th *theme.Theme, w int, chips []Chip, active int) string {
	shown := chipsThatFit(th, w, chips, active)
	l := NewLine(th, w)
	for n, i := range shown {
		c := chips[i]
		switch {
		case n == 0 && i != active:
			l.Space(1)
		case n > 0:
			l.Space(chipGap(i == active || shown[n-1] == active))
		}
		if i == active {
			l.Put(th.Place, " "+c.Name+" ").Put(th.Place.And(th.Figure), c.Count+" ")
			continue
		}
		l.Value(c.Name).Label(" " + c.Count)
	}
	return l.String()
}

// chipGap keeps the words of chips three cells apart: the active one brings one
// of them itself.
func chipGap(besideActive bool) int {
	if besideActive {
		return gap
	}
	return gap + 1
}

// chipsThatFit returns the indexes of the chips to show.
func chipsThatFit(th *theme.Theme, w int, chips []Chip, active int) []int {
	need := func(i int) int {
		n := spansWidth(th, []Span{{Text: chips[i].Name}, {Text: chips[i].Count}}) + 1 + gap + 1
		if i == active {
			n += 2
		}
		return n
	}
	var shown []int
	room := w + gap
	if active == 0 {
		room++ // its first blank is counted with it
	}
	for i := range chips {
		if need(i) > room {
			break
		}
		room -= need(i)
		shown = append(shown, i)
	}
	if active < 0 || active >= len(chips) || active < len(shown) {
		return shown
	}
	for len(shown) > 0 && need(active) > room {
		last := len(shown) - 1
		room += need(shown[last])
		shown = shown[:last]
	}
	return append(shown, active)
}

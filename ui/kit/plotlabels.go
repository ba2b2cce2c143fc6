package kit

import (
	"time"

	"seatdeck/ui/theme"
)

const notKept = "not kept"

// label writes the numbers: first limit and base on the left, current limit and
// last count on the right, the peak above its column.
func (p *plot) label() {
	p.left, p.right = make([]mark, p.rows), make([]mark, p.rows)
	p.left[0] = mark{p.th.Label, Thousands(p.base)}
	kept := p.firstKept()
	if limit := p.column[kept].limit; limit > 0 {
		p.labelFirstLimit(limit, kept)
	}
	p.labelPeak()
	p.labelRight()
	p.labelGaps()
}

// labelFirstLimit puts the first limit where its line begins: into the gutter,
// or into the empty days before it.
func (p *plot) labelFirstLimit(limit, kept int) {
	row := max(p.rowOf(limit), 1)
	text := Thousands(limit)
	if kept == 0 {
		p.left[row] = mark{p.th.Label, text}
		return
	}
	if n := len(text); n <= kept-1 {
		p.write(row, kept-1-n, p.th.Label, text)
	}
}

// labelRight puts the current limit and the last count at the right, moved
// apart if they meet: the larger of the two goes up.
func (p *plot) labelRight() {
	last := p.column[p.cols-1]
	limitRow, valueRow := -1, -1
	if last.limit > 0 {
		limitRow = p.rowOf(last.limit)
	}
	if last.known {
		valueRow = (p.eighthsOf(last.value) - 1) / eighths
	}
	if limitRow == valueRow && limitRow >= 0 {
		up, down := &limitRow, &valueRow
		if last.value > last.limit {
			up, down = down, up
		}
		if *up < p.rows-1 {
			*up++
		} else {
			*down--
		}
	}
	if limitRow >= 0 {
		p.right[limitRow] = mark{p.th.Label, Thousands(last.limit)}
	}
	if valueRow >= 0 {
		p.right[valueRow] = mark{p.th.Figure, Thousands(p.lastValue())}
	}
}

// lastValue is the newest count that is known in the last column.
func (p *plot) lastValue() int { return p.column[p.cols-1].last }

// labelPeak writes the highest count and its day above its column.
func (p *plot) labelPeak() {
	best := -1
	for i, c := range p.column {
		if c.known && (best < 0 || c.value > p.column[best].value) {
			best = i
		}
	}
	c := p.column[best]
	text := Thousands(c.value) + " " + p.th.Glyph.Dot + " " + c.day.Format("2 Jan")
	n := Width(text)
	row := (p.eighthsOf(c.value)-1)/eighths + 1
	if c.passed > 0 {
		row = max(row, p.rowOf(c.passed)+1)
	}
	if n > p.cols || row >= p.rows {
		return
	}
	at := min(max(best-n/2, 0), p.cols-n)
	p.write(row, at, p.th.Value, text)
	p.clearLimit(row, at-1)
	p.clearLimit(row, at+n)
}

// clearLimit takes a dot of the limit line away where a label would touch it.
func (p *plot) clearLimit(row, col int) {
	if col >= 0 && col < p.cols && p.cell[row][col].glyph == p.th.Glyph.Limit {
		p.cell[row][col] = dot{}
	}
}

// labelGaps says "not kept" at the base of every empty stretch wide enough, in
// its middle: beside the number of the base it would read as one with it.
func (p *plot) labelGaps() {
	for from := 0; from < p.cols; from++ {
		to := from
		for to < p.cols && !p.column[to].known {
			to++
		}
		if room := to - from - len(notKept); room > 1 {
			p.write(0, from+room/2, p.th.Label, notKept)
		}
		from = to
	}
}

// write sets ASCII or one-cell text into the cells of a row.
func (p *plot) write(row, col int, style theme.Style, text string) {
	for _, r := range text {
		if col >= 0 && col < p.cols {
			p.cell[row][col] = dot{style, string(r)}
		}
		col++
	}
}

// lines returns the rows of the chart from the top, w cells wide.
func (p *plot) lines(w int) []string {
	out := make([]string, 0, p.rows+1)
	for r := p.rows - 1; r >= 0; r-- {
		l := NewLine(p.th, w)
		l.Number(chartGutter-1, p.left[r].style, p.left[r].text).Space(1)
		for _, d := range p.cell[r] {
			if d.glyph == "" {
				d.glyph = " "
			}
			l.raw(d.style, d.glyph)
		}
		if p.right[r].text != "" {
			l.Space(1).Put(p.right[r].style, p.right[r].text)
		}
		out = append(out, l.String())
	}
	return out
}

// monthSteps are the distances between labelled months.
var monthSteps = []int{1, 2, 3, 4, 6, 12}

// monthCols is how far apart the labels of months stand at least.
const monthCols = 6

// axis is the line of months: a label where the month begins.
func (p *plot) axis(w int) string {
	l := NewLine(p.th, w)
	for _, m := range p.months() {
		l.At(chartGutter + m.col).Label(m.text)
	}
	return l.String()
}

type monthLabel struct {
	col  int
	text string
}

// months returns the labels at the smallest step that keeps them apart.
func (p *plot) months() []monthLabel {
	var all []monthLabel
	for d := time.Date(p.first.Year(), p.first.Month(), 1, 0, 0, 0, 0, time.UTC); ; d = d.AddDate(0, 1, 0) {
		n := daysBetween(p.first, d)
		if n >= p.days {
			break
		}
		if n < 0 {
			continue
		}
		if col := n * p.cols / p.days; col+3 <= p.cols {
			all = append(all, monthLabel{col, d.Format("Jan")})
		}
	}
	for _, step := range monthSteps {
		if picked := everyNth(all, step); apart(picked) {
			return picked
		}
	}
	return nil
}

func everyNth(all []monthLabel, n int) []monthLabel {
	var out []monthLabel
	for i := 0; i < len(all); i += n {
		out = append(out, all[i])
	}
	return out
}

func apart(labels []monthLabel) bool {
	for i := 1; i < len(labels); i++ {
		if labels[i].col-labels[i-1].col < monthCols {
			return false
		}
	}
	return true
}

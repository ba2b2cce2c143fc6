package users

import (
	"fmt"
	"testing"
	"time"

	"charm.land/bubbles/v2/table"
	tea "charm.land/bubbletea/v2"
)

// BenchmarkKey is budget B9: Update and View of one key on the grid with a
// million accounts, beside bubbles/table with a hundred thousand rows and the
// same grid with a thousand accounts. It reports how many times faster than the
// one it is, and how much slower than the other.
func BenchmarkKey(b *testing.B) {
	small, large := bigPane(b, 1_000), bigPane(b, 1_000_000)
	small.panel, large.panel = false, false
	other := tableOf(100_000)
	perKey := func(n int, step func(k tea.KeyPressMsg)) time.Duration {
		began := time.Now()
		for i := range n {
			k := tea.KeyPressMsg{Code: tea.KeyDown}
			if i/40%2 == 1 {
				k.Code = tea.KeyUp
			}
			step(k)
		}
		return time.Since(began) / time.Duration(max(n, 1))
	}
	grid := func(p *Pane) func(k tea.KeyPressMsg) {
		p.Full(120, 37)
		return func(k tea.KeyPressMsg) {
			p.Key(k)
			p.Full(120, 37)
		}
	}
	for b.Loop() {
		const n = 2000
		ours, thousand := perKey(n, grid(large)), perKey(n, grid(small))
		theirs := perKey(5, func(k tea.KeyPressMsg) {
			other, _ = other.Update(k)
			_ = other.View()
		})
		b.ReportMetric(float64(ours.Nanoseconds()), "ns/key")
		b.ReportMetric(float64(theirs)/float64(ours), "×table")
		b.ReportMetric(float64(ours)/float64(thousand), "×1k")
	}
}

// BenchmarkMarkAll marks a million accounts and takes the marks off.
func BenchmarkMarkAll(b *testing.B) {
	p := bigPane(b, 1_000_000)
	p.Full(120, 37)
	for b.Loop() {
		p.doMarkAll()
	}
}

// BenchmarkRefresh takes in another roster of a million accounts with all of
// the old one marked, and reports how long the screen stands still for it.
func BenchmarkRefresh(b *testing.B) {
	p := bigPane(b, 1_000_000)
	p.Full(120, 37)
	first, second := p.roster, bigPane(b, 1_000_000).roster
	p.doMarkAll()
	var still time.Duration
	n := 0
	for ; b.Loop(); n++ {
		next := first
		if n%2 == 0 {
			next = second
		}
		p.src.(*desk).roster = next
		began := time.Now()
		cmd := p.Show(p.v)
		still += time.Since(began)
		msg := cmd()
		began = time.Now()
		p.Update(msg)
		still += time.Since(began)
	}
	b.ReportMetric(float64(still.Microseconds())/float64(max(n, 1)), "µs-still/op")
}

func tableOf(n int) table.Model {
	cols := []table.Column{{Title: "name", Width: 24}, {Title: "username", Width: 18}, {Title: "activity", Width: 10}, {Title: "days", Width: 5},
		{Title: "sign-in", Width: 10}, {Title: "via", Width: 8}, {Title: "state", Width: 11}}
	rows := make([]table.Row, n)
	for i := range rows {
		s := fmt.Sprintf("user%07d", i)
		rows[i] = table.Row{s, s, "2026-01-01", "100", "2026-01-01", "ldapmain", "active"}
	}
	return table.New(table.WithColumns(cols), table.WithRows(rows), table.WithFocused(true), table.WithHeight(33), table.WithWidth(120))
}

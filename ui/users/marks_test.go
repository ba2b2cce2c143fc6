package users

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"seatdeck/model"
	"seatdeck/ui/kit"
)

// markedIDs are the accounts that are marked.
func markedIDs(p *Pane) []int64 {
	var out []int64
	p.marks.each(func(row int) { out = append(out, p.roster.ID(row)) })
	return out
}

// Marks behave as a set of account ids, whatever roster comes.
func TestMarksAreASetOfAccounts(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	r := storyRoster(t)
	var m marks
	want := map[int64]bool{}
	for step := range 600 {
		switch rnd.IntN(8) {
		case 0: // a refresh, sometimes cut short
			next := changedRoster(t, uint64(step), nil)
			if rnd.IntN(3) == 0 {
				b := model.NewRosterBuilder(0)
				for i := range next.Len() / 2 {
					b.Add(next.At(i))
				}
				next = b.Build(model.Live(now), false)
			}
			m = m.carried(r, next)
			r = next
			if r.Complete() {
				for id := range want {
					if _, ok := r.ByID(id); !ok {
						delete(want, id)
					}
				}
			}
		default:
			row, on := rnd.IntN(r.Len()), rnd.IntN(3) > 0
			m.set(row, on)
			if delete(want, r.ID(row)); on {
				want[r.ID(row)] = true
			}
		}
		if m.len() != len(want) {
			t.Fatalf("step %d: %d marked, want %d", step, m.len(), len(want))
		}
		m.each(func(row int) {
			if !want[r.ID(row)] {
				t.Fatalf("step %d: account %d is marked", step, r.ID(row))
			}
		})
	}
}

func TestMarkAllAndRange(t *testing.T) {
	p := storyPane(t)
	p.Full(100, 30)
	press(t, p, "f", "f", "a")
	if got := markedIDs(p); len(got) != 58 || p.markedSeats() != 58 {
		t.Errorf("%d of the 58 dormant are marked, %d with a seat", len(got), p.markedSeats())
	}
	press(t, p, "a")
	if p.marks.len() != 0 {
		t.Errorf("marking all again left %d marks", p.marks.len())
	}
	press(t, p, "down", "down", "v", "down", "down", "down")
	if frame, _ := p.Full(100, 30); strings.Count(ansi.Strip(kit.Join(frame)), "●") != 4 || p.marks.len() != 0 {
		t.Errorf("a range in the making: %d marked", p.marks.len())
	}
	press(t, p, "esc")
	if p.reach.on || p.marks.len() != 0 {
		t.Error("esc does not leave the range")
	}
	press(t, p, "v", "up", "up", "v")
	if got, want := markedIDs(p), []int64{3114, 3115, 3116}; !slices.Equal(got, want) {
		t.Errorf("marked %v, want %v", got, want)
	}
	// A range whose beginning a filter hides is none any more.
	press(t, p, "v", "f")
	if p.reach.on {
		t.Error("the range outlived the account it began at")
	}
}

// TestMarksMadeMeanwhile: what is marked while another roster is being taken in
// is marked in it too.
func TestMarksMadeMeanwhile(t *testing.T) {
	p := bigPane(t, inPlace+1)
	p.Full(120, 37)
	press(t, p, "space")
	next := bigPane(t, inPlace+2).roster
	p.src.(*desk).roster = next
	cmd := p.Show(view(t, next))
	press(t, p, "down", "space", "v", "down", "down", "v")
	want := markedIDs(p)
	p.Update(cmd())
	if got := markedIDs(p); p.roster != next || !slices.Equal(got, want) || len(want) < 4 || p.markedSeats() != len(want) {
		t.Errorf("marked %v, want %v; %d with a seat", got, want, p.markedSeats())
	}
}

// TestBitmap holds the set against a map of rows.
func TestBitmap(t *testing.T) {
	rnd := rand.New(rand.NewPCG(8, 8))
	var b bitmap
	want := map[int]bool{}
	for range 3000 {
		row, on := rnd.IntN(900), rnd.IntN(3) > 0
		b.set(row, on)
		if delete(want, row); on {
			want[row] = true
		}
	}
	rows := b.index()
	if len(rows) != len(want) || b.count() != len(want) || !slices.IsSorted(rows) {
		t.Fatalf("%d rows, count %d, want %d", len(rows), b.count(), len(want))
	}
	for _, row := range rows {
		if !want[int(row)] || !b.has(int(row)) {
			t.Errorf("row %d is not in it", row)
		}
	}
	again := bitmapOf(900, rows)
	if again.countIn(b) != len(want) || again.has(1<<30) || b.countIn(nil) != 0 {
		t.Error("the same rows make another set")
	}
}

package users

import (
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/model/hostile"
	"seatdeck/ui/kit"
)

// wantSize checks that lines are exactly w by h cells and hold nothing but text
// and styles.
func wantSize(t *testing.T, what string, lines []string, w, h int) {
	t.Helper()
	if len(lines) != max(h, 0) {
		t.Fatalf("%s at %d×%d: %d lines", what, w, h, len(lines))
	}
	for i, l := range lines {
		bare := ansi.Strip(l)
		if got := ansi.StringWidth(bare); got != max(w, 0) {
			t.Fatalf("%s at %d×%d: line %d is %d cells wide: %q", what, w, h, i, got, l)
		}
		if err := hostile.Check(bare); err != nil {
			t.Fatalf("%s at %d×%d: line %d: %v: %q", what, w, h, i, err, l)
		}
	}
}

// hostilePane has hostile text in every field that comes from outside.
func hostilePane(t *testing.T, rnd *rand.Rand, licensed bool) *Pane {
	all := hostile.Strings()
	text := func() model.Text { return model.Clean(all[rnd.IntN(len(all))]) }
	b := model.NewRosterBuilder(0)
	today := model.DayOf(now)
	days := func() model.Day {
		if rnd.IntN(5) == 0 {
			return 0
		}
		return today.Add(rnd.IntN(4000) - 3900)
	}
	for range 400 {
		b.Add(model.Account{
			ID: int64(rnd.Uint64() >> (1 + rnd.IntN(62))), Username: text(), Name: text(), Email: text(), Provider: text(),
			State: model.State(rnd.IntN(8)), Flags: model.Flags(rnd.Uint32()), Created: days(), LastActivity: days(), LastSignIn: days(),
		})
	}
	r := b.Build(model.Live(now), rnd.IntN(4) > 0)
	v := view(t, r)
	l := &v.Facts.License.Value
	l.Daily, l.Seats, l.Maximum = model.Some(rnd.IntN(1<<30)), model.Some(rnd.IntN(1<<30)), model.Some(rnd.IntN(1<<30))
	if !licensed {
		*l = model.License{Kind: model.KindNone}
	}
	if rnd.IntN(3) == 0 {
		v.Facts.Roster.Err = model.Fail(model.ClassDenied, "read", all[rnd.IntN(len(all))], all[rnd.IntN(len(all))])
	}
	if r.Complete() {
		v.Facts.Breakdown = model.Read(model.BreakdownOf(r, v.QueryEnv(r)), r.AsOf())
	}
	p := paneOf(t, r, v)
	d := p.src.(*desk)
	d.roles = map[int64][]model.Membership{}
	for i := range r.Len() {
		for range rnd.IntN(4) {
			d.roles[r.ID(i)] = append(d.roles[r.ID(i)], model.Membership{SourceName: text(), SourceType: text(), Role: model.Role(rnd.IntN(60))})
		}
	}
	return p
}

// wantFits draws the pane at a size and checks every promise a frame makes.
func wantFits(t *testing.T, p *Pane, w, h int) {
	t.Helper()
	lines, cursor := p.Full(w, h)
	wantSize(t, "full", lines, w, h)
	if cursor != nowhere && (cursor.X < 0 || cursor.X >= w || cursor.Y < 0 || cursor.Y >= h) {
		t.Fatalf("at %d×%d the cursor stands at %v", w, h, cursor)
	}
	if w > 4 && h >= 2 {
		last := ansi.Strip(lines[h-1])
		if p.page == pageColumns && !p.roomy { // a dialog fills the page
			last = strings.NewReplacer(p.th.Glyph.HeavyBottomLeft, p.th.Glyph.BottomLeft, p.th.Glyph.HeavyBottomRight, p.th.Glyph.BottomRight).Replace(last)
		}
		if !strings.HasPrefix(last, p.th.Glyph.BottomLeft) || !strings.HasSuffix(last, p.th.Glyph.BottomRight) {
			t.Fatalf("at %d×%d the frame ends in %q", w, h, last)
		}
	}
	_, body := p.Compact(w, h)
	if w > 0 && h > 0 {
		wantSize(t, "compact", body, w, h)
	}
}

// Every page fits every size exactly, with hostile text in every field.
func TestEveryPageFits(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 13))
	pastes := hostile.Strings()
	for round := range 40 {
		p := hostilePane(t, rnd, round%4 > 0)
		p.panel = rnd.IntN(4) > 0
		for range 12 {
			w, h := rnd.IntN(251), rnd.IntN(70)
			p.page = page(rnd.IntN(int(pageColumns) + 1))
			settleCmd(p, p.reckon())
			if p.roster.Len() > 0 {
				p.grid.Select(rnd.IntN(max(p.grid.Len, 1)), p.height)
				p.about, _ = p.underCursor()
			}
			if rnd.IntN(3) == 0 && p.exists(p.about) {
				settleCmd(p, p.doMembers())
			}
			if p.page == pageGrid {
				p.choice.typing = true
				p.choice.input.Set("")
				p.Paste(pastes[rnd.IntN(len(pastes))])
				p.choice.typing = rnd.IntN(2) == 0
			}
			wantFits(t, p, w, h)
		}
	}
}

// Every look fits every narrow and low size.
func TestEveryLookFits(t *testing.T) {
	wide, high := 27, 11
	if testing.Short() {
		wide, high = 54, 22
	}
	synctest.Test(t, func(t *testing.T) {
		for _, l := range looks {
			p := l.pane(t)
			for w := 0; w <= 250; w += wide {
				for h := 0; h <= 70; h += high {
					wantFits(t, p, w, h)
				}
			}
		}
	})
}

var keyNames = []string{
	"up", "down", "left", "right", "pgup", "pgdown", "home", "end", "enter", "tab", "shift+tab", "esc", "backspace", "space", "ctrl+d", "ctrl+u",
	"/", "f", "F", "o", "O", "i", "b", "e", "a", "v", "y", "j", "k", "g", "G", "h", "l", ":", "x", "9", "-", "\"", "字", "s", "t", "d", "n", "c", "w", "p", "C", "V", "O", "r",
}

// Ten thousand random keys, with refreshes and changes of size between them,
// leave a pane that still draws.
func TestRandomKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(17, 19))
		p := storyPane(t)
		w, h := 120, 37
		var waiting []tea.Cmd
		for step := range 10_000 {
			switch rnd.IntN(60) {
			case 0:
				w, h = rnd.IntN(220), rnd.IntN(60)
			case 1:
				r := changedRoster(t, uint64(step), nil)
				if rnd.IntN(6) == 0 {
					r = model.NewRosterBuilder(0).Build(model.Live(now), rnd.IntN(2) == 0)
				}
				p.src.(*desk).roster = r
				p.Show(view(t, r))
			case 2:
				p.Paste("recency:dormant -kind:bot")
			case 3:
				p.Actions(false)
			}
			if cmd := send(p, keyNames[rnd.IntN(len(keyNames))]); cmd != nil {
				waiting = append(waiting, cmd)
			}
			if len(waiting) > 0 && rnd.IntN(3) == 0 { // replies come late and in any order
				k := rnd.IntN(len(waiting))
				settleCmd(p, waiting[k])
				waiting = append(waiting[:k], waiting[k+1:]...)
			}
			if step%20 == 0 {
				wantFits(t, p, w, h)
			}
			if faults := kit.Check(p.Actions(true)); len(faults) > 0 {
				t.Fatalf("step %d: %v", step, faults)
			}
		}
		time.Sleep(time.Second)
	})
}

package users

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/charmbracelet/x/ansi"

	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
	"seatdeck/ui/kit"
)

// A reading never holds the keys: esc stops it, its answer is dropped, and what
// is asked later counts.
func TestReadingMembershipsStops(t *testing.T) {
	p := gridPaneAt(t, marco)
	slow := &stuckDesk{desk: p.src.(*desk)}
	p.src = slow
	var first tea.Cmd
	if first = send(p, "e"); first == nil || !p.members[marco].reading() {
		t.Fatal("nothing is being read")
	}
	if reason := p.noMembers(); reason != "they are being read" {
		t.Errorf("it can be asked twice: %q", reason)
	}
	if text := ansi.Strip(kit.Join(p.panelLines(marco, 60))); !strings.Contains(text, "esc stops") {
		t.Errorf("nothing says how to stop: %s", text)
	}
	send(p, "down")
	send(p, "up")
	if _, left := p.Back(); !left || p.members[marco].reading() {
		t.Fatal("esc did not stop the reading")
	}
	late := first()
	if slow.err == nil {
		t.Error("the request was not cancelled")
	}
	p.Update(late)
	if _, known := p.members[marco]; known {
		t.Error("the answer of a stopped reading was taken in")
	}
	p.src = slow.desk
	press(t, p, "e")
	if m := p.members[marco]; !m.known() || len(m.list) != 1 {
		t.Errorf("the second reading: %+v", m)
	}
}

// stuckDesk answers no sooner than it is cancelled.
type stuckDesk struct {
	*desk
	err error
}

func (d *stuckDesk) Memberships(ctx context.Context, _ int64) ([]model.Membership, error) {
	<-ctx.Done()
	d.err = ctx.Err()
	return nil, d.err
}

// The account says what decided and what would free the seat, in the words of
// the verb.
func TestTheAccountExplains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { wantExplained(t, gridPane(t)) })
}

func wantExplained(t *testing.T, p *Pane) {
	text := strings.Join(strings.Fields(ansi.Strip(kit.Join(p.panelLines(marco, 76)))), " ")
	for _, want := range []string{
		"rule Ultimate: any role above Guest, anywhere, takes a seat ultimate-above-guest · Ultimate 19.5 · contract §6.1",
		"decided Maintainer in platform/infra (group) also Developer in 4 projects",
		"flag yes, the rule agrees",
		"to free the seat, the cheapest first deactivate allowed",
		"lower roles at most Guest in 5 groups and projects",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
}

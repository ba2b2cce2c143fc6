package synchistory

import (
	"strings"

	"seatdeck/model"
	"seatdeck/ui/words"
)

// plain is a record as lines without any style, for a ticket.
func (p *Pane) plain(r *model.Record) string {
	t := &ticket{}
	t.line("", p.v.Info.Host+", "+words.Stamp(r.At, p.loc))
	outcome := words.RowOutcome(*r).Word
	if r.Run != nil && r.Run.Open {
		outcome += " - " + words.NotSettled
	}
	t.line("", words.Kind(*r)+", "+outcome+", set off by "+words.By(*r)+", journal "+words.Int(int(r.Seq)))
	if r.Run != nil {
		p.plainRun(t, r.Run)
	}
	for _, c := range r.Changes {
		t.line(c.Field, c.Before+" -> "+c.After)
	}
	if r.Kind == model.RecordSync && (r.Billable.Known() || r.Maximum.Known()) {
		t.line("billable users", words.Count(r.Billable)+", maximum users "+words.Count(r.Maximum))
	}
	return t.String()
}

func (p *Pane) plainRun(t *ticket, run *model.Run) {
	t.line("by", words.Who(run.Who))
	if run.Err != nil {
		t.line("cause", run.Err.Msg.String())
		t.line("what helps", run.Err.Next.String())
	}
	t.line("note", run.Note.String())
	t.line("meaning", words.Meaning(*run))
	t.line("next", words.Next(*run))
	for _, g := range run.Stages() {
		t.line("stage "+string(g.Stage), words.ClockSecond(g.Began, p.loc)+", "+words.Took(g.Ended.Sub(g.Began))+", "+words.Stage(g))
	}
	if packet, ok := run.SyncDetails().Packet.Get(); ok {
		sent := "sent "
		if !run.Sent() {
			sent = "not sent "
		}
		for _, f := range words.Packet(packet, p.loc) {
			t.line(sent+f.Name, f.Value)
		}
		t.line("packet", words.PacketNote(packet))
	}
	t.line("plan", words.ShortHash(run.Plan.Hash))
}

// ticket is text under way. What comes from elsewhere is cleaned line by line,
// so that a pasted ticket has the lines that we gave it.
type ticket struct{ strings.Builder }

// line adds a line; one without a value is left out.
func (t *ticket) line(name, value string) {
	if value == "" {
		return
	}
	if name != "" {
		name += ": "
	}
	t.WriteString(model.Clean(name+value).String() + "\n")
}

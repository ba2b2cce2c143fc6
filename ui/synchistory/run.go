package synchistory

import (
	"time"

	"seatdeck/model"
	"seatdeck/ui/kit"
	"seatdeck/ui/theme"
	"seatdeck/ui/words"
)

// Columns of a run's details.
const (
	stageCols  = 9  // names of stages
	clockCols  = 10 // clock times of stages
	packetCols = 27 // names of a packet's members
)

// runPanel draws a run of ours for the side panel: why, stages, what changed.
func (p *Pane) runPanel(r *model.Record, w int) []string {
	run := r.Run
	out := append(p.why(run, w), p.stages(run, w, false)...)
	if changes := r.Changes; len(changes) > 0 {
		out = append(append(out, ""), p.changeLines(changes, w)...)
	}
	if run.Plan.Kind.Syncs() {
		out = append(append(out, ""), p.sentBrief(run, w)...)
	}
	return append(out, "", kit.NewLine(p.th, w).Label("enter shows all that is kept of it").String())
}

// runLeft is the left part of a run in full: why, stages, before and after.
func (p *Pane) runLeft(r *model.Record, w int) []string {
	run := r.Run
	out := append(p.why(run, w), p.stages(run, w, true)...)
	out = append(out, "")
	if !run.Plan.Kind.Syncs() {
		return append(out, p.asked(run, w)...)
	}
	out = append(out, p.terms(run, w)...)
	if r.Billable.Known() || r.Maximum.Known() {
		out = append(out, "", kit.NewLine(p.th, w).Label("counts when the sync was seen").String(),
			p.row(w, "billable users", words.Count(r.Billable)), p.row(w, "maximum users", words.Count(r.Maximum)))
	}
	return out
}

// runRight is the right part: what was sent, the job, the plan in the record.
func (p *Pane) runRight(r *model.Record, w int) []string {
	var out []string
	if r.Run.Plan.Kind.Syncs() {
		out = append(p.packet(r.Run, w), "")
		if job := p.job(r.Run, w); len(job) > 0 {
			out = append(append(out, job...), "")
		}
	}
	return append(out, p.plan(r.Run, w)...)
}

// why says what the outcome means, its cause, and what helps or comes next.
func (p *Pane) why(run *model.Run, w int) []string {
	var out []string
	if e := run.Err; e != nil {
		out = append(out, p.hang(w, "cause", e.Msg.String())...)
		out = append(out, p.hang(w, "what helps", e.Next.String())...)
	}
	if !run.Open && (run.Err == nil || run.Note != run.Err.Msg) {
		out = append(out, p.hang(w, "note", run.Note.String())...)
	}
	if len(out) > 0 {
		out = append(out, "")
	}
	out = append(out, p.wrap(p.th.Label, words.Meaning(*run), w)...)
	if next := words.Next(*run); next != "" {
		out = append(append(out, ""), p.wrap(p.th.Value, next, w)...)
	}
	return append(out, "")
}

// stages draws each stage with what it found and how long it took, with clock
// times where there is room, and all of them in one rule.
func (p *Pane) stages(run *model.Run, w int, clock bool) []string {
	all := run.Stages()
	if len(all) == 0 {
		return p.hangIn(w, p.th.Label, "stages", words.NoStages(*run))
	}
	out := []string{kit.NewLine(p.th, w).Label("stages").Right().Label("took").String()}
	var lengths []float64
	for i, g := range all {
		glyph, tone := p.th.Glyph.Done, p.th.OK
		switch {
		case i == len(all)-1 && !run.Outcome.Good():
			glyph, tone, _ = p.status(words.Outcome(run.Outcome))
		case g.Stage == model.StageTrigger && !run.Sent():
			glyph, tone = p.th.Glyph.None, p.th.Label
		}
		out = append(out, p.stage(g, glyph, tone, w, clock)...)
		lengths = append(lengths, g.Ended.Sub(g.Began).Seconds())
	}
	if took, ok := run.Took().Get(); ok && clock && len(all) > 1 && took >= time.Second {
		out = append(out, kit.Timeline(p.th, p.th.AccentQuiet, lengths, w), kit.NewLine(p.th, w).Label("0").Right().Label(words.Took(took)).String())
	}
	return out
}

// stage draws one stage on as many lines as its words take.
func (p *Pane) stage(g model.StageRun, glyph string, tone theme.Style, w int, clock bool) []string {
	from := 2 + stageCols
	if clock {
		from += clockCols
	}
	const tookCols = 8
	notes := p.wrap(p.th.Value, words.Stage(g), max(w-from-tookCols, 8))
	if len(notes) == 0 {
		notes = []string{""}
	}
	out := make([]string, 0, len(notes))
	for i, note := range notes {
		line := kit.NewLine(p.th, w)
		if i == 0 {
			line.Mark(tone, glyph).Value(string(g.Stage))
			if clock {
				line.At(2 + stageCols).Label(words.ClockSecond(g.Began, p.loc))
			}
		}
		line.At(from).Styled(note)
		if i == 0 {
			line.Right().Label(words.Took(g.Ended.Sub(g.Began)))
		}
		out = append(out, line.String())
	}
	return out
}

// terms sets what reading showed before the run beside what it showed after it.
func (p *Pane) terms(run *model.Run, w int) []string {
	before, after := run.Before(), run.After()
	out := []string{kit.NewLine(p.th, w).Label("before and after").String()}
	if len(before) == 0 && len(after) == 0 {
		return append(out, p.wrap(p.th.Label, "The licence could not be read with this token.", w)...)
	}
	out = append(out, p.beforeAfter(w, "last sync", p.syncTime(before), p.syncTime(after), len(after) > 0)...)
	read := 0
	for _, name := range model.TermNames() {
		if after[name] != "" {
			read++
		}
		if before[name] == "" && after[name] == "" {
			continue
		}
		out = append(out, p.beforeAfter(w, name, words.Terms(name, before[name]), words.Terms(name, after[name]), after[name] != "")...)
	}
	if read == 0 && len(before) > 1 {
		out = append(append(out, ""), p.wrap(p.th.Label, "The terms are those from before the run: they were not read again.", w)...)
	}
	return out
}

func (p *Pane) syncTime(r model.Reading) string {
	return words.Moment(r.LastSync().Or(time.Time{}), p.v.Now, p.loc)
}

// beforeAfter is one fact on both sides. What is the same, or was not read
// again, is faint; a long one takes a line for each side.
func (p *Pane) beforeAfter(w int, name, before, after string, read bool) []string {
	switch {
	case kit.Width(name) >= labelCols:
		return append([]string{kit.NewLine(p.th, w).Value(name).String()}, p.beforeAfter(w, "", before, after, read)...)
	case !read || before == after:
		return p.hangIn(w, p.th.Label, name, before)
	case labelCols+kit.Width(words.Change(before, after)) <= w:
		return []string{kit.NewLine(p.th, w).Value(name).At(labelCols).Label(orUnknown(before)).Label(" → ").Figure(after).String()}
	}
	out := p.hangIn(w, p.th.Label, name, orUnknown(before))
	return append(out, p.hangIn(w, p.th.Figure, "is now", after)...)
}

func orUnknown(s string) string {
	if s == "" {
		return words.Unknown
	}
	return s
}

// asked is what an act that is no sync was to change, or what it changed.
func (p *Pane) asked(run *model.Run, w int) []string {
	if changes := run.Changes(); len(changes) > 0 {
		return p.changeLines(changes, w)
	}
	var out []string
	for _, s := range run.Steps {
		if len(out) == 0 {
			out = append(out, kit.NewLine(p.th, w).Label("what was asked for").String())
		}
		out = append(out, p.hang(w, "target", model.CleanN(s.Step.Target, 120).String())...)
		for _, c := range s.Step.Changes {
			out = append(out, p.beforeAfter(w, c.Field, c.Before, c.After, true)...)
		}
	}
	return out
}

// changeLines are what changed.
func (p *Pane) changeLines(changes []model.Change, w int) []string {
	out := []string{kit.NewLine(p.th, w).Label("what changed").String()}
	for _, c := range changes {
		out = append(out, p.beforeAfter(w, c.Field, words.Terms(c.Field, c.Before), words.Terms(c.Field, c.After), true)...)
	}
	return out
}

// sentBrief is the packet in two lines.
func (p *Pane) sentBrief(run *model.Run, w int) []string {
	packet, ok := run.SyncDetails().Packet.Get()
	if !ok {
		return p.hangIn(w, p.th.Label, "sent", words.NoPacket(*run))
	}
	label := "sent"
	if !run.Sent() {
		label = "would have sent"
	}
	out := []string{p.row(w, label, words.Count(packet.Billable)+" billable, peak "+words.Count(packet.Maximum))}
	if at, ok := packet.Row.Get(); ok {
		out = append(out, p.row(w, "daily row of", words.Date(model.DayOf(at))))
	}
	return out
}

// packet is what was sent, member by member, and what its counts are.
func (p *Pane) packet(run *model.Run, w int) []string {
	packet, ok := run.SyncDetails().Packet.Get()
	title := "what the instance sent"
	if ok && !run.Sent() {
		title = "what the instance would have sent"
	}
	out := []string{kit.NewLine(p.th, w).Figure(title).Label("  as GitLab told it").String()}
	if !ok {
		out[0] = kit.NewLine(p.th, w).Figure(title).String()
		return append(out, p.wrap(p.th.Label, words.NoPacket(*run), w)...)
	}
	out = append(out, "")
	for _, f := range words.Packet(packet, p.loc) {
		line := kit.NewLine(p.th, w).Label(f.Name)
		switch {
		case f.Value == "":
			line.At(packetCols).Label(p.th.Glyph.Unknown + " not told")
		case packetCols+kit.Width(f.Value) <= w:
			line.At(packetCols).Value(f.Value)
		default: // a line of its own, so that an id stays whole
			out = append(out, line.String())
			line = kit.NewLine(p.th, w).Space(2).Value(f.Value)
		}
		out = append(out, line.String())
	}
	return append(append(out, ""), p.wrap(p.th.Label, words.PacketNote(packet), w)...)
}

// job is how GitLab's own job stood when it was last seen, where that explains
// something.
func (p *Pane) job(run *model.Run, w int) []string {
	d := run.SyncDetails()
	job, ok := d.Job.Get()
	if !ok || run.Outcome.Good() {
		return nil
	}
	out := []string{kit.NewLine(p.th, w).Figure("GitLab's job").Label("  as it was last seen").String()}
	out = append(out, p.hang(w, "phase", words.Job(job))...)
	if at, known := job.At.Get(); known && job.Phase == model.JobRetry {
		out = append(out, p.row(w, "next try", words.Event(at, p.v.Now, p.loc)+" "+words.Zone(at, p.loc)))
	}
	out = append(out, p.hang(w, "it said", job.ErrorText.String())...)
	if d.Joined {
		out = append(out, p.row(w, "joined", "one that waited already was followed"))
	}
	return out
}

// plan is what was agreed to and where it is written down.
func (p *Pane) plan(run *model.Run, w int) []string {
	out := []string{kit.NewLine(p.th, w).Figure("plan and record").String(),
		p.row(w, "plan", words.ShortHash(run.Plan.Hash)), p.row(w, "intent", "journal "+words.Int(int(run.Seq)))}
	if len(run.Steps) > 0 {
		out = append(out, p.hang(w, "agreed to by", words.Consent(run.Steps[0].Consent))...)
	}
	out = append(out, p.hang(w, "token of", run.Plan.Operator.Username.String())...)
	for _, s := range run.Plan.Shown {
		out = append(out, p.hang(w, "shown before", words.Receipt(s))...)
	}
	return out
}

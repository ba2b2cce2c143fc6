package cli

import (
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// syncDoc is "seatdeck.sync".
type syncDoc struct {
	head
	Instance instanceJSON `json:"instance"`
	Record   model.Record `json:"record"`
	Run      *runJSON     `json:"run"` // what a run of ours comes to; null for other rows
	Source   model.Source `json:"source"`
}

// runJSON is a run of ours without the records it is drawn from, which stand in
// the row.
type runJSON struct {
	Driver  model.Driver              `json:"driver,omitempty"`
	Act     string                    `json:"act"`
	Settled bool                      `json:"settled"` // false: the result is not known yet
	Sent    bool                      `json:"sent"`
	Cause   *model.Text               `json:"cause"`
	Remedy  *model.Text               `json:"remedy"`
	Note    model.Text                `json:"note"`
	Means   string                    `json:"means"`
	Next    string                    `json:"next,omitempty"`
	Seconds *float64                  `json:"took_seconds"`
	Stages  []model.StageRun          `json:"stages"`
	Packet  model.Opt[model.Packet]   `json:"packet"`
	Job     model.Opt[model.JobState] `json:"job"`
	Before  model.Reading             `json:"before"`
	After   model.Reading             `json:"after"`
	Plan    string                    `json:"plan_hash"`
}

func runOf(r model.Record) *runJSON {
	if r.Run == nil {
		return nil
	}
	run, d := *r.Run, r.Run.SyncDetails()
	out := &runJSON{
		Driver: r.Driver(), Act: words.Act(run.Plan), Settled: !run.Open, Sent: run.Sent(), Note: run.Note, Means: words.Meaning(run), Next: words.Next(run),
		Stages: run.Stages(), Packet: d.Packet, Job: d.Job, Before: run.Before(), After: run.After(), Plan: run.Plan.Hash,
	}
	if run.Err != nil {
		out.Cause, out.Remedy = &run.Err.Msg, &run.Err.Next
	}
	if took, ok := run.Took().Get(); ok {
		s := took.Seconds()
		out.Seconds = &s
	}
	return out
}

func (a *app) syncShowVerb() *cobra.Command {
	return &cobra.Command{
		Use: "show SEQ|latest", Short: "One row of the sync history with everything that is known of it",
		Example:     "seatdeck sync show latest\nseatdeck sync show 42 -o json",
		Args:        takes(1, 1, "a number from sync history, or latest"),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(cmd *cobra.Command, args []string) error {
			seq, err := strconv.ParseUint(args[0], 10, 64)
			if args[0] != "latest" && (err != nil || seq == 0) {
				return usage("such as seatdeck sync show latest", "%q is no number of a row", model.CleanN(args[0], 40))
			}
			return a.read(cmd.Context(), need{}, func(_ *licensing.Desk, v *licensing.View) error {
				return a.syncShow(v, seq)
			})
		},
	}
}

// syncShow prints the row with the journal's number, which may be that of another
// act; 0 is the newest sync.
func (a *app) syncShow(v *licensing.View, seq uint64) error {
	rows := v.History.Records
	if seq != 0 {
		rows = v.History.WithActs()
	}
	for _, r := range rows {
		if seq == 0 || numbered(r, seq) {
			return a.print(document{
				body:   syncDoc{headOf("sync"), instanceOf(v), r, runOf(r), model.SourceJournal},
				blocks: append([]block{a.recordBlock(r)}, a.runBlocks(r)...),
			})
		}
	}
	if seq == 0 {
		return model.Fail(model.ClassFailed, "", "no sync was seen yet", "every reading looks for one")
	}
	return usage("see seatdeck sync history", "the sync history has no row %d", seq)
}

// numbered reports whether the row has the journal's number: its own, or that of
// the run which brought an observed sync.
func numbered(r model.Record, seq uint64) bool {
	return r.Seq == seq || r.Run != nil && r.Run.Seq == seq
}

func (a *app) recordBlock(r model.Record) block {
	outcome := []string{"outcome", words.RowOutcome(r).String(), words.Record(r)}
	if r.Run != nil && r.Run.Open {
		outcome = outcome[:2]
		outcome[1] += " – " + words.NotSettled
	}
	b := block{title: words.Capital(words.Kind(r)), note: string(model.SourceJournal), rows: [][]string{{"when", words.Stamp(r.At, a.d.Zone)}, outcome}}
	if until, ok := r.Until.Get(); ok {
		b.rows = append(b.rows, []string{"until", words.Stamp(until, a.d.Zone)})
	}
	if r.Kind == model.RecordChapter {
		b.rows = append(b.rows, []string{"instance id", text(r.Instance)})
	}
	if r.Trigger != "" {
		b.rows = append(b.rows, []string{"set off by", words.By(r)})
	}
	if r.Run != nil {
		b.rows = append(b.rows, a.whyRows(*r.Run)...)
	}
	if r.Kind == model.RecordSync && (r.Run == nil || r.Billable.Known()) {
		b.rows = append(b.rows, a.seenRows(r)...)
	}
	for _, c := range r.Changes {
		b.rows = append(b.rows, []string{"changed: " + c.Field, words.Change(c.Before, c.After)})
	}
	return b
}

// seenRows are what was seen of a sync, whoever set it off.
func (a *app) seenRows(r model.Record) [][]string {
	return [][]string{
		{"first seen", words.Stamp(r.Seen, a.d.Zone), "watched since " + words.Stamp(r.Since.Or(time.Time{}), a.d.Zone)},
		{"seen by", words.Who(r.Who)},
		{"billable users", words.Count(r.Billable)}, {"maximum users", words.Count(r.Maximum)},
		{"plan", r.Terms.Plan.Title()}, {"term", words.Term(r.Terms.Starts, r.Terms.Ends)},
		{"seats in subscription", words.Count(r.Terms.Seats)}, {"licence number", text(r.Terms.Number)},
	}
}

// whyRows are what a run's outcome means, its cause, what helps or comes next,
// and where it is written down.
func (a *app) whyRows(run model.Run) [][]string {
	rows := [][]string{{"meaning", words.Meaning(run)}}
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, []string{name, value})
		}
	}
	if run.Err != nil {
		add("cause", run.Err.Msg.String())
		add("what helps", run.Err.Next.String())
	}
	if !run.Open {
		add("note", run.Note.String())
	}
	add("what comes next", words.Next(run))
	add("by", words.Who(run.Who))
	add("began", words.Stamp(run.Began, a.d.Zone))
	if took, ok := run.Took().Get(); ok {
		add("took", words.Took(took))
	}
	add("plan hash", words.ShortHash(run.Plan.Hash))
	add("in the journal from", strconv.FormatUint(run.Seq, 10))
	return rows
}

// runBlocks are the stages of a run, the terms around it and what was sent.
func (a *app) runBlocks(r model.Record) []block {
	if r.Run == nil {
		return nil
	}
	run := *r.Run
	stages := stageBlock(run.Stages(), a.d.Zone)
	if len(stages.rows) == 0 {
		stages.tail = []string{words.NoStages(run)}
	}
	if !run.Plan.Kind.Syncs() {
		return []block{stages}
	}
	return []block{stages, a.termsBlock(run), a.packetBlock(run)}
}

// termsBlock sets what reading showed before a run beside what it showed after.
func (a *app) termsBlock(run model.Run) block {
	was, is := run.Before(), run.After()
	b := block{title: "Before and after", head: []string{"", "before", "after"}}
	if run.ToldByHost() {
		b.note = "as the server told"
	}
	at := func(r model.Reading) string { return words.Stamp(r.LastSync().Or(time.Time{}), a.d.Zone) }
	b.rows = append(b.rows, []string{"last sync", at(was), at(is)})
	for _, name := range model.TermNames() {
		if was[name] != "" || is[name] != "" {
			b.rows = append(b.rows, []string{name, orUnknown(words.Terms(name, was[name])), orUnknown(words.Terms(name, is[name]))})
		}
	}
	return b
}

func orUnknown(s string) string {
	if s == "" {
		return words.Unknown
	}
	return s
}

// packetBlock is what GitLab said it sends.
func (a *app) packetBlock(run model.Run) block {
	packet, ok := run.SyncDetails().Packet.Get()
	b := block{title: "Packet", note: "sent"}
	switch {
	case !ok:
		return block{title: "Packet", tail: []string{words.NoPacket(run)}}
	case !run.Sent():
		b.note = "not sent"
	}
	for _, f := range words.Packet(packet, a.d.Zone) {
		b.rows = append(b.rows, []string{f.Name, orUnknown(f.Value)})
	}
	b.tail = []string{words.PacketNote(packet)}
	return b
}

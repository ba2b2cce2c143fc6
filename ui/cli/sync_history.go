package cli

import (
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// historyDoc is "seatdeck.sync-history".
type historyDoc struct {
	head
	Instance instanceJSON  `json:"instance"`
	History  model.History `json:"history"`
	Source   model.Source  `json:"source"`
}

func (a *app) syncHistoryVerb() *cobra.Command {
	var pick picking
	cmd := &cobra.Command{
		Use: "history", Short: "The syncs that were seen or set off here, what they changed, and the days nobody watched",
		Long: `Lists the syncs that were seen, and every try of ours whatever came of it. Acts that are no syncs
(registration switched, users counted anew) are left out unless --acts asks for them.`,
		Example:     "seatdeck sync history\nseatdeck sync history --changed\nseatdeck sync history --acts\nseatdeck sync history -o csv --limit 100",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON, asJSONL, asCSV),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if pick.limit < 0 {
				return usage("such as --limit 20", "--limit cannot be negative")
			}
			return a.read(cmd.Context(), need{about: model.PartLicense}, func(_ *licensing.Desk, v *licensing.View) error {
				return a.syncHistory(v, pick)
			})
		},
	}
	cmd.Flags().BoolVar(&pick.changed, "changed", false, "only rows that changed something")
	cmd.Flags().BoolVar(&pick.acts, "acts", false, "with everything else that was done from here")
	cmd.Flags().IntVar(&pick.limit, "limit", 0, "at most this many rows; 0 for all")
	return cmd
}

// picking says which rows of the history are wanted.
type picking struct {
	changed bool
	acts    bool
	limit   int
}

func (a *app) syncHistory(v *licensing.View, pick picking) error {
	h := v.History
	if pick.acts {
		h.Records = h.WithActs()
	}
	h.Records, h.Acts = pick.of(h.Records), nil // what is shown of the acts stands in the rows
	h.LastSync, h.NextFrom, h.NextTo, h.Since = utc(h.LastSync), utc(h.NextFrom), utc(h.NextTo), utc(h.Since)
	s := a.recordSheet(h.Records)
	doc := document{body: historyDoc{headOf("sync-history"), instanceOf(v), h, model.SourceJournal}, sheet: &s}
	if f := a.form(); f == asTable || f == asPlain {
		doc.blocks = a.historyBlocks(v, h, pick)
	}
	return a.print(doc)
}

// of is the newest rows that are wanted.
func (p picking) of(all []model.Record) []model.Record {
	out := []model.Record{}
	for _, r := range all {
		if p.changed && len(r.Changes) == 0 {
			continue
		}
		if p.limit > 0 && len(out) == p.limit {
			break
		}
		out = append(out, r)
	}
	return out
}

// nothing says why no row is shown.
func (p picking) nothing(all model.History) string {
	if len(all.Records) == 0 && !p.acts || len(all.Records)+len(all.Acts) == 0 {
		return "nothing was seen yet"
	}
	return "no row here changed anything; leave out --changed for all " + words.Int(len(all.Records))
}

func (a *app) historyBlocks(v *licensing.View, h model.History, pick picking) []block {
	now := v.Now
	health := block{title: "Daily sync", note: a.syncNote(v), rows: [][]string{
		{"health", words.Health(h.Health).String(), h.Why},
		{"last sync", words.EventOpt(h.LastSync, now, a.d.Zone)},
		{"next window", words.WindowOpt(h.NextFrom, h.NextTo, time.UTC), "UTC"},
		{"days", words.Watched(h)},
	}}
	list := block{title: "Sync history", note: "journal · " + words.Entries(h.Entries), head: []string{"seq", "when", "set off by", "outcome", "took", "what"}}
	for _, r := range h.Records {
		seq := words.Unknown
		if r.Seq > 0 {
			seq = strconv.FormatUint(r.Seq, 10)
		}
		list.rows = append(list.rows, []string{seq, words.Event(r.At, now, a.d.Zone), words.By(r), words.RowOutcome(r).String(), tookWord(r), words.Record(r)})
	}
	if len(list.rows) == 0 {
		list.head, list.tail = nil, []string{pick.nothing(v.History)}
	}
	out := []block{health, list}
	if len(h.Gaps) > 0 {
		gaps := block{title: "Not watched"}
		for _, g := range h.Gaps {
			gaps.rows = append(gaps.rows, []string{g.From.String() + " → " + g.To.String(), words.Gap(g)})
		}
		out = append(out, gaps)
	}
	return out
}

// outcomeOf is the outcome of a row; derived rows have their own words.
func outcomeOf(r model.Record) model.Outcome {
	if r.Kind == model.RecordOverdue {
		return model.OutcomeOverdue
	}
	return r.Outcome
}

// tookWord is how long a run of ours took; nothing for rows that are none.
func tookWord(r model.Record) string {
	if r.Run == nil {
		return ""
	}
	took, ok := r.Run.Took().Get()
	if !ok {
		return words.Unknown
	}
	return words.Took(took)
}

func (a *app) recordSheet(records []model.Record) sheet {
	return sheet{
		cols: []column{
			{"journal_seq", "seq", true}, {"kind", "kind", false}, {"at", "when", false}, {"until", "until", false}, {"trigger", "set off by", false},
			{"outcome", "outcome", false}, {"billable_users", "billable", true}, {"maximum_users", "maximum", true}, {"changes", "changes", false},
			{"driver", "driver", false}, {"what", "what", false},
		},
		n: len(records),
		row: func(i int) []any {
			r := records[i]
			return []any{int64(r.Seq), string(r.Kind), r.At, r.Until, string(r.Trigger), string(outcomeOf(r)), r.Billable, r.Maximum, words.Changes(r.Changes), string(r.Driver()), words.Record(r)}
		},
		item: func(i int) any { return records[i] },
	}
}

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
	var changed bool
	var limit int
	cmd := &cobra.Command{
		Use: "history", Short: "The syncs that were seen, what they changed, and the days nobody watched",
		Example:     "seatdeck sync history\nseatdeck sync history --changed\nseatdeck sync history -o csv --limit 100",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON, asJSONL, asCSV),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 0 {
				return usage("such as --limit 20", "--limit cannot be negative")
			}
			return a.read(cmd.Context(), needFacts, func(_ *licensing.Desk, v licensing.View) error {
				return a.syncHistory(v, changed, limit)
			})
		},
	}
	cmd.Flags().BoolVar(&changed, "changed", false, "only syncs that changed something")
	cmd.Flags().IntVar(&limit, "limit", 0, "at most this many rows; 0 for all")
	return cmd
}

func (a *app) syncHistory(v licensing.View, changed bool, limit int) error {
	h := v.History
	h.Records = chosen(h.Records, changed, limit)
	h.LastSync, h.NextFrom, h.NextTo, h.Since = utc(h.LastSync), utc(h.NextFrom), utc(h.NextTo), utc(h.Since)
	s := a.recordSheet(h.Records)
	doc := document{body: historyDoc{headOf("sync-history"), instanceOf(v), h, model.SourceJournal}, sheet: &s}
	if f := a.form(); f == asTable || f == asPlain {
		doc.blocks = a.historyBlocks(h, v.Now)
	}
	if err := a.print(doc); err != nil {
		return err
	}
	return behind(v.Facts.License)
}

// chosen is the newest records, those with changes only where asked for.
func chosen(all []model.Record, changed bool, limit int) []model.Record {
	out := []model.Record{}
	for _, r := range all {
		if changed && len(r.Changes) == 0 {
			continue
		}
		if limit > 0 && len(out) == limit {
			break
		}
		out = append(out, r)
	}
	return out
}

func (a *app) historyBlocks(h model.History, now time.Time) []block {
	health := block{title: "Daily sync", note: words.Age(h.ReadAt, now, a.d.Zone).Text, rows: [][]string{
		{"health", words.Health(h.Health).String(), h.Why},
		{"last sync", words.EventOpt(h.LastSync, now, a.d.Zone)},
		{"next window", words.WindowOpt(h.NextFrom, h.NextTo, time.UTC), "UTC"},
		{"days", words.Watched(h)},
	}}
	list := block{title: "Sync history", note: "journal · " + words.Entries(h.Entries), head: []string{"seq", "when", "set off by", "outcome", "what"}}
	for _, r := range h.Records {
		seq := words.Unknown
		if r.Seq > 0 {
			seq = strconv.FormatUint(r.Seq, 10)
		}
		list.rows = append(list.rows, []string{seq, words.Event(r.At, now, a.d.Zone), triggerWord(r), words.Outcome(outcomeOf(r)).String(), words.Record(r)})
	}
	if len(list.rows) == 0 {
		list.head, list.tail = nil, []string{"nothing was seen yet"}
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

func triggerWord(r model.Record) string {
	if r.Trigger == "" {
		return words.Unknown
	}
	return string(r.Trigger)
}

func (a *app) recordSheet(records []model.Record) sheet {
	return sheet{
		cols: []column{
			{"journal_seq", "seq", true}, {"kind", "kind", false}, {"at", "when", false}, {"until", "until", false}, {"trigger", "set off by", false},
			{"outcome", "outcome", false}, {"billable_users", "billable", true}, {"maximum_users", "maximum", true}, {"changes", "changes", false},
		},
		n: len(records),
		row: func(i int) []any {
			r := records[i]
			return []any{int64(r.Seq), string(r.Kind), r.At, r.Until, string(r.Trigger), string(outcomeOf(r)), r.Billable, r.Maximum, words.Changes(r.Changes)}
		},
		item: func(i int) any { return records[i] },
	}
}

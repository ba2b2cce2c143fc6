package cli

import (
	"strconv"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// whatIfBlocks is the answer for people. fates are the accounts it names.
func whatIfBlocks(doc whatIfDoc, a model.WhatIfAnswer, age string, fates block) []block {
	seats := block{title: "What if: " + words.List(doc.Question), note: age, rows: [][]string{
		{"billable users", words.Change(words.SpanOpt(a.Before), words.Span(a.After))},
		{"seats left", words.WhatIfLeft(a)},
		{"effect", words.WhatIfEffect(a)},
		{"maximum users", words.Change(words.SpanOpt(a.Peak), words.SpanOpt(a.PeakAfter))},
		{"users over subscription", words.Change(words.SpanOpt(a.Over), words.SpanOpt(a.OverAfter))},
	}}
	if doc.Warning != nil {
		seats.rows = append(seats.rows, []string{"warning", words.Status{Tone: words.Warn, Word: *doc.Warning}.String()})
	}
	out := []block{seats}
	if len(doc.Notes) > 0 {
		out = append(out, block{title: "What to know", tail: doc.Notes})
	}
	if len(fates.rows) > 0 {
		out = append(out, fates)
	}
	return out
}

// fatesShown is how many accounts the answer for people names.
const fatesShown = 20

func fateBlock(v *licensing.View, r *model.Roster, fates []model.WhatIfFate) block {
	b := block{title: "Accounts", head: []string{"id", "username", "now", "then", ""}}
	for _, f := range fates[:min(len(fates), fatesShown)] {
		acc := r.At(int(f.Row))
		b.rows = append(b.rows, []string{
			strconv.FormatInt(acc.ID, 10), acc.Username.String(), words.YesNo(f.Before), words.YesNo(f.After), refusalWords(v, f),
		})
	}
	if n := len(fates) - fatesShown; n > 0 {
		b.tail = []string{"and " + words.Int(n) + " more; -o csv prints them all"}
	}
	return b
}

func refusalWords(v *licensing.View, f model.WhatIfFate) string {
	return words.WhatIfRefusal(f.Refused, v.Facts.Settings.Value.DormantPeriod())
}

// fateSheet is one row for each account that changes name.
func fateSheet(v *licensing.View, r *model.Roster, fates []model.WhatIfFate) sheet {
	return sheet{
		cols: []column{
			{"id", "id", true}, {"username", "username", false}, {"state", "state", false},
			{"billable_before", "now", false}, {"billable_after", "then", false}, {"refused", "refused", false},
		},
		n: len(fates),
		row: func(i int) []any {
			f := fates[i]
			acc := r.At(int(f.Row))
			return []any{acc.ID, acc.Username, acc.State.String(), f.Before, f.After, refusalWords(v, f)}
		},
	}
}

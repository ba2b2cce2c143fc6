package cli

import (
	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// dailyShown is how many of the newest daily counts a text shows; documents
// hold all of them.
const dailyShown = 7

// dailyOf is every daily count that is known, from the usage export and from
// what was kept here.
func dailyOf(v *licensing.View) aged {
	g := agedAt(nil, v.Facts.Daily.AsOf)
	g.Error = v.Facts.Daily.Err
	if v.Facts.Daily.Known() || len(v.Observed.Rows) > 0 {
		g.Value = nonNil(v.Observed.Rows)
	}
	return g
}

// forecastOf rests on the counts kept here too.
func forecastOf(v *licensing.View) model.Forecast {
	f := v.Facts
	f.Daily.Value = v.Observed
	return model.ForecastOf(&f, v.Now)
}

// dailyBlock shows the newest daily counts, and how well the term is known.
func (a *app) dailyBlock(v *licensing.View) block {
	b := block{title: "Daily counts", note: "usage export and journal, " + words.Part(v.Facts.Daily, v.Now, a.d.Zone).Text}
	rows := v.Observed.Rows
	for i := len(rows) - 1; i >= max(0, len(rows)-dailyShown); i-- {
		b.rows = append(b.rows, []string{rows[i].Day().String(), words.Int(rows[i].Count)})
	}
	if len(rows) == 0 {
		b.tail = []string{"none are known"}
		if e := v.Facts.Daily.Err; e != nil {
			b.tail[0] += ": " + e.Msg.String()
		}
		return b
	}
	known := words.Plural(len(rows), "day is known", "days are known")
	if l := v.Facts.License.Value; l.Starts.Known() {
		last := rows[len(rows)-1].Day()
		known += "; of this term " + words.Plural(v.Observed.NotKept(l.Starts, last), "day was not kept", "days were not kept")
	}
	b.tail = []string{known}
	return b
}

// forecastBlock is what comes next: an estimate, and a date of the contract.
func (a *app) forecastBlock(v *licensing.View) block {
	f := forecastOf(v)
	limit := f.LimitOn.String()
	if !f.LimitOn.Known() && f.Why != "" {
		limit = f.Why
	}
	return block{title: "Next", note: "estimate from the daily counts", rows: [][]string{
		{"growth", words.Pace(f.Pace)},
		{"no seat left on", limit},
		{"renewal opens on", words.Date(f.RenewalOpens)},
	}}
}

package licensing

import (
	"time"

	"seatdeck/model"
)

// Look is what somebody saw at one moment of an instance that syncs.
type Look struct {
	Seen     time.Time // when somebody looked
	LastSync time.Time // what the instance showed then
	Number   string    // of the licence
	Plan     string
	Seats    int // 0 = no limit
	Starts   time.Time
	Ends     time.Time
	AddOns   map[string]int // purchased seats by name
	Billable int
	Maximum  int
}

// Recall returns the journal records that looking at these moments, oldest
// first, would have left behind. The built-in sandbox fills its throw-away
// record with its made-up past this way; nothing else may.
func Recall(looks []Look) []model.Entry {
	var out []model.Entry
	for _, l := range looks {
		if e, ok := model.ObservationOf(out, l.facts(), l.Seen); ok {
			e.At = l.Seen.UTC()
			out = append(out, e)
		}
	}
	return out
}

func (l Look) facts() *model.Facts {
	at := model.Live(l.Seen)
	lic := model.License{
		Kind: model.KindOnlineCloud, Number: model.Clean(l.Number), Plan: model.Plan(l.Plan), NoLimit: l.Seats == 0,
		Starts: model.DayOf(l.Starts), Ends: model.DayOf(l.Ends), LastSync: model.Some(l.LastSync.UTC()),
		Daily: model.Some(l.Billable), Maximum: model.Some(l.Maximum),
	}
	if l.Seats > 0 {
		lic.Seats = model.Some(l.Seats)
	}
	var adds []model.AddOn
	for name, n := range l.AddOns {
		adds = append(adds, model.AddOn{Name: model.Clean(name), Purchased: n})
	}
	return &model.Facts{License: model.Read(lic, at), AddOns: model.Read(adds, at)}
}

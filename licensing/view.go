package licensing

import (
	"time"

	"seatdeck/model"
)

// View is what is known about one instance at one moment, with everything that
// follows from it worked out. Screens and verbs draw it and derive nothing of
// their own, so that both always say the same.
type View struct {
	Info         InstanceInfo
	Now          time.Time // when the view was made; ages are counted from here
	Facts        model.Facts
	Observed     model.DailyCounts // daily counts of the export joined with those kept here
	History      model.History
	Registration model.Registration
	Alerts       []model.Alert          // worst first
	Price        model.Opt[model.Price] // what a seat costs here
	Notices      []Notice               // what this machine could not do, oldest first
	Offline      *model.Error           // why the newest attempt to reach the instance failed; nil when it did not
	Empty        bool                   // nothing was ever read
}

// Notice is something the person should know about this machine: a cache that
// could not be written, a journal that could not be read. It never stops work.
type Notice struct {
	At  time.Time
	Err *model.Error
}

// SeatContext is what the seat rule needs beside an account's row.
func (v View) SeatContext() model.SeatContext { return model.SeatContextOf(v.Facts) }

// QueryEnv is what filters and breakdowns need beside the roster.
func (v View) QueryEnv(r *model.Roster) model.QueryEnv { return queryEnv(v.Facts, r, v.Now) }

func queryEnv(f model.Facts, r *model.Roster, now time.Time) model.QueryEnv {
	judge := model.NewSeatJudge(model.SeatContextOf(f))
	verdict := func(i int) *model.SeatVerdict { return judge.Of(r.Bare(i)) }
	return model.QueryEnv{
		Today:       model.DayOf(now),
		DormantDays: f.Settings.Value.DormantPeriod(),
		Billable:    func(i int) model.Opt[bool] { return verdict(i).Counted() },
		Why:         func(i int) string { return verdict(i).Rule.ID },
	}
}

package words

import (
	"strings"
	"time"

	"seatdeck/model"
)

// When a reading counts as old. The daily count is a day old by nature.
const (
	staleAfter      = time.Hour
	staleDailyAfter = 48 * time.Hour
)

// Note says where a pane's data comes from and when. Stale notes are drawn as
// warnings and carry their mark in the text.
type Note struct {
	Text  string
	Stale bool
}

// Age returns the note of a fact: "live 09:52", "cache today 03:41", "! 15 h
// old · 20 Nov 18:02", or "never read". A daily count of a moment that the
// instance does not tell says so.
func Age(a model.AsOf, now time.Time, loc *time.Location) Note {
	switch {
	case a.IsZero() && a.Source == model.SourceDailyJob:
		return Note{"daily job, time not told", false}
	case a.IsZero():
		return Note{"never read", true}
	}
	limit := staleAfter
	if a.Source == model.SourceDailyJob {
		limit = staleDailyAfter
	}
	if age := a.Age(now); age >= limit {
		return Note{"! " + Took(age) + " old · " + Moment(a.At, now, loc), true}
	}
	return Note{source(a.Source) + " " + short(a.At, now, loc), false}
}

// source is the word that stands before the time.
func source(s model.Source) string {
	switch s {
	case model.SourceDailyJob:
		return "count"
	case "":
		return "read"
	}
	return string(s)
}

// short is the clock time on the day itself, else the event.
func short(t, now time.Time, loc *time.Location) string {
	if localDay(t.In(loc)) == localDay(now.In(loc)) {
		return Clock(t, loc)
	}
	return Moment(t, now, loc)
}

// Moment returns [Event] as it stands inside a sentence or a note, without the
// leading column of a one-digit day.
func Moment(t, now time.Time, loc *time.Location) string {
	return strings.TrimPrefix(Event(t, now, loc), " ")
}

// Part returns the note of a part: its age, or why the newest attempt brought
// nothing and how old the reading shown is.
func Part[T any](p model.Part[T], now time.Time, loc *time.Location) Note {
	return PartOf(p.AsOf, p.Err, now, loc)
}

// PartOf is [Part] for a part whose value is not at hand.
func PartOf(a model.AsOf, err *model.Error, now time.Time, loc *time.Location) Note {
	if err == nil {
		return Age(a, now, loc)
	}
	why := Trouble(err.Class)
	if err.Class == model.ClassUnsupported {
		return Note{why, false}
	}
	if a.IsZero() {
		return Note{"! " + why, true}
	}
	return Note{"! " + why + " · from " + Moment(a.At, now, loc), true}
}

// Trouble returns a class of failure in two or three words, for notes and
// table cells. The error's own message says more.
func Trouble(c model.Class) string {
	switch c {
	case model.ClassDenied:
		return "no rights"
	case model.ClassRefused:
		return "refused"
	case model.ClassUnsupported:
		return "not available here"
	case model.ClassNotGitLab:
		return "not GitLab"
	case model.ClassMalformed:
		return "unreadable answer"
	case model.ClassUnreachable, model.ClassOffline:
		return "offline"
	case model.ClassLocked:
		return "busy, try later"
	case model.ClassPartial:
		return "not complete yet"
	case model.ClassStorage:
		return "disk trouble"
	case model.ClassCancelled:
		return "cancelled"
	}
	return "not read"
}

// Roster returns the note of a roster: "roster 09:41 · 1,214 accounts", with
// "! not complete yet · 742 read 09:41" while only a part was read.
func Roster(p model.Part[model.RosterSummary], now time.Time, loc *time.Location) Note {
	if !p.Known() || p.Err != nil {
		return Part(p, now, loc)
	}
	if !p.Value.Complete {
		text := "! not complete yet · " + Int(p.Value.Accounts) + " read"
		if !p.AsOf.IsZero() {
			text += " " + short(p.AsOf.At, now, loc)
		}
		return Note{text, true}
	}
	n := Age(p.AsOf, now, loc)
	if n.Stale {
		return n
	}
	return Note{"roster " + short(p.AsOf.At, now, loc) + " · " + Accounts(p.Value.Accounts), false}
}

// Read returns the header's reading time with the zone, named once: "read
// 09:52 UTC".
func Read(t, now time.Time, loc *time.Location) string {
	if t.IsZero() {
		return "never read"
	}
	return "read " + short(t, now, loc) + " " + Zone(t, loc)
}

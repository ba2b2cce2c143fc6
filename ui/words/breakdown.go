package words

import (
	"fmt"

	"seatdeck/model"
)

// PeopleClock is one of the three clocks of people.
type PeopleClock struct {
	Name    string
	Counts  model.RecencyCounts
	Decides bool   // GitLab deactivates by it
	Use     string // what GitLab does by it; "" for nothing
	Key     string // of the filter language; "" where it has none
	None    string // the word for no such day
}

// PeopleClocks tells the clocks apart (contract §5.4, §6.6).
func PeopleClocks(c model.ClockCounts) []PeopleClock {
	return []PeopleClock{
		{Name: "last activity", Counts: c.Activity, Decides: true, Use: "GitLab deactivates by this one", None: "never"},
		{Name: "last sign-in", Counts: c.SignIn, Key: "signed-in", None: "never"},
		{Name: "created", Counts: c.Created, Use: "where there was no activity, by this one", Key: "created", None: "unknown"},
	}
}

// ClockSpans names the four numbers of a clock; dormant is the instance's
// dormancy period in days.
func ClockSpans(dormant int) []string {
	return []string{
		fmt.Sprintf("0–%d d", model.RecentDays), fmt.Sprintf("%d–%d d", model.RecentDays+1, dormant-1), fmt.Sprintf("%d+ d", dormant), "never",
	}
}

// KindCount is how many accounts are of a kind, and the filter for them: "" where
// the language has none.
type KindCount struct {
	Name, Query string
	Count       int
}

// Kinds names the kinds of accounts. People and bots add up; the others overlap.
func Kinds(k model.KindCounts) []KindCount {
	return []KindCount{
		{"people", "kind:human", k.Humans}, {"bots and services", "kind:bot", k.Bots}, {"administrators", "admin:yes", k.Admins},
		{"external", "external:yes", k.External}, {"without 2FA", "2fa:no", k.Without2FA}, {"auditors", "", k.Auditors}, {"locked", "", k.Locked},
	}
}

// Month returns "2026-11".
func Month(first model.Day) string { return first.Time().Format("2006-01") }

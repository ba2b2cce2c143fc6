package words

import (
	"fmt"

	"seatdeck/model"
)

// Clocks tells the clocks of people apart, one row each below a head: the name,
// four numbers, and what GitLab does by it. dormant is the instance's dormancy
// period in days.
func Clocks(clocks []model.ClockCount, dormant int) [][]string {
	rows := [][]string{{"clock", fmt.Sprintf("0–%d d", model.RecentDays), fmt.Sprintf("%d–%d d", model.RecentDays+1, dormant-1), fmt.Sprintf("%d+ d", dormant), "never", ""}}
	for _, c := range clocks {
		name, use := "last sign-in", ""
		switch c.Clock {
		case model.ClockActivity:
			name, use = "last activity", "GitLab deactivates by this one"
		case model.ClockCreated:
			name, use = "created", "and by this one where there was no activity"
		}
		rows = append(rows, []string{name, Int(c.Recent), Int(c.Idle), Int(c.Dormant), Int(c.Never), use})
	}
	return rows
}

// Group is how many accounts are of a group, and the filter for them: "" where
// the language has none.
type Group struct {
	Name, Query string
	Count       int
}

// Kinds names the kinds of accounts. People and bots add up; the others overlap.
func Kinds(k model.KindCounts) []Group {
	return []Group{
		{"people", "kind:human", k.Humans}, {"bots and services", "kind:bot", k.Bots}, {"administrators", "admin:yes", k.Admins},
		{"external", "external:yes", k.External}, {"without 2FA", "2fa:no", k.Without2FA}, {"auditors", "", k.Auditors}, {"locked", "", k.Locked},
	}
}

// Months names the months in which accounts were made that still exist.
func Months(c model.CreatedCounts) (out []Group) {
	for _, m := range c.Months {
		month := m.First.Time().Format("2006-01")
		out = append(out, Group{month, "created:" + month, m.Accounts})
	}
	out = append(out, Group{"earlier", "created:<" + c.Months[0].First.String(), c.Earlier})
	if c.Unknown > 0 {
		out = append(out, Group{"not known", "created:unknown", c.Unknown})
	}
	return out
}

package model

import (
	"crypto/sha256"
	"math/big"
	"time"
)

// Outflow is one kind of data that leaves the instance for the vendor.
type Outflow struct {
	Name  string         `json:"name"`  // licence sync, Service Ping, version check
	Every string         `json:"every"` // daily, weekly, 12 h
	On    Opt[bool]      `json:"on"`
	Last  Opt[time.Time] `json:"last"`
	Next  Opt[time.Time] `json:"next"` // start of the next one, UTC
	What  string         `json:"what"` // what it carries, in plain words
	Note  string         `json:"note,omitempty"`
}

// OutflowsOf returns what leaves the instance by itself, and when.
func OutflowsOf(f *Facts, now time.Time) []Outflow {
	return []Outflow{syncOutflow(f, now), pingOutflow(f, now), versionOutflow(f)}
}

func syncOutflow(f *Facts, now time.Time) Outflow {
	o := Outflow{Name: "licence sync", Every: "daily", What: "counts, host name, version, instance id, licence key"}
	switch {
	case f.License.lacks():
		o.On, o.Note = Some(false), noLicences
		return o
	case !f.License.Known():
		o.Note = unread(f.License, licenceNotRead)
		return o
	}
	ok, why := f.License.Value.SyncEligible()
	silent, silentKnown := f.Settings.Value.SilentMode.Get()
	o.Last = f.License.Value.LastSync
	switch {
	case !ok:
		o.On, o.Note = Some(false), why
	case silentKnown && silent:
		o.On, o.Note = Some(false), "silent mode blocks it"
	default:
		from, _ := nextWindow(o.Last, now)
		o.On, o.Next = Some(true), Some(from)
	}
	return o
}

// pingOutflow never claims that Service Ping stays at home: a licence with
// operational metrics sends it whatever the setting says, and no API shows
// whether the licence has them (contract §7.4).
func pingOutflow(f *Facts, now time.Time) Outflow {
	o := Outflow{Name: "Service Ping", Every: "weekly", What: "usage totals, settings, host name, licensee"}
	if f.License.Known() && !f.License.Value.Present() {
		o.What = "usage totals, settings, host name"
	}
	on, ok := f.Settings.Value.ServicePing.Get()
	switch {
	case !ok:
		o.Note = unread(f.Settings, settingsNotRead)
		return o
	case !on && f.License.Known() && !f.License.Value.Present():
		o.On = Some(false)
		return o
	case !on:
		o.Note = "off; a licence with operational metrics would send it all the same, and the API does not show that"
		return o
	}
	o.On = Some(true)
	if uuid := f.Ping.Value.UUID; f.Ping.Known() && !uuid.Empty() {
		o.Next = Some(PingScheduleOf(uuid.String()).Next(now))
	} else {
		o.Note = "the time follows from the instance id, which is not known"
	}
	return o
}

func versionOutflow(f *Facts) Outflow {
	o := Outflow{Name: "version check", Every: "12 h", On: f.Settings.Value.VersionCheck, What: "version"}
	if !o.On.Known() {
		o.Note = unread(f.Settings, settingsNotRead)
	}
	return o
}

// PingSchedule is when an instance sends Service Ping, every week: it follows
// from the instance's uuid (contract §7.6). Up to a minute of delay is added
// by chance, and older versions worked it out in another way.
type PingSchedule struct {
	Minute, Hour int
	Weekday      time.Weekday
}

// PingScheduleOf returns the schedule of the instance with the uuid.
func PingScheduleOf(uuid string) PingSchedule {
	return PingSchedule{
		Minute:  hashMod(uuid+"minute", 60),
		Hour:    hashMod(uuid+"hour", 24),
		Weekday: time.Weekday(hashMod(uuid, 7)),
	}
}

// hashMod reads the whole SHA-256 digest as one big number, as GitLab does.
func hashMod(s string, mod int64) int {
	sum := sha256.Sum256([]byte(s))
	n := new(big.Int).SetBytes(sum[:])
	return int(n.Mod(n, big.NewInt(mod)).Int64())
}

// Next returns the first sending after now, in UTC.
func (p PingSchedule) Next(now time.Time) time.Time {
	now = now.UTC()
	ahead := (int(p.Weekday) - int(now.Weekday()) + 7) % 7
	at := time.Date(now.Year(), now.Month(), now.Day()+ahead, p.Hour, p.Minute, 0, 0, time.UTC)
	if !at.After(now) {
		at = at.AddDate(0, 0, 7)
	}
	return at
}

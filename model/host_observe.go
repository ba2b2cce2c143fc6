package model

import "time"

// HostObservation is what can be seen of syncs on the server (gitlab-host §3).
type HostObservation struct {
	HostAnswer
	Version   Text            `json:"version"`
	Waiting   Opt[[]JobState] `json:"waiting"` // unknown where the queue is too long to be walked through
	Running   Opt[[]JobState] `json:"running"` // a process reports what it runs every ten seconds or so
	Scheduled Opt[[]JobState] `json:"scheduled"`
	Retrying  Opt[[]JobState] `json:"retrying"`
	Dead      Opt[[]JobState] `json:"dead"`
	Queue     Opt[HostQueue]  `json:"queue"`
	Processes Opt[int]        `json:"sidekiq_processes"`
	Cron      []CronEntry     `json:"cron"`
	LogFiles  []HostLogFile   `json:"log_files"`
	Logs      []HostLog       `json:"logs"` // oldest first
}

// CronEntry is one scheduled job of the instance with its newest runs. The jid
// of a run is that of the job that is queued daily, not of the request it makes.
type CronEntry struct {
	Name   Text           `json:"name"`
	Status Text           `json:"status"` // enabled or disabled
	Cron   Text           `json:"cron"`   // five fields and a zone; the minute changes when Sidekiq starts
	Last   Opt[time.Time] `json:"last"`
	Next   Opt[time.Time] `json:"next"`
	Runs   []CronRun      `json:"runs"` // newest first, ten at most
}

// CronRun is one run of a scheduled job: when it was queued, and its id.
type CronRun struct {
	ID Text           `json:"jid"`
	At Opt[time.Time] `json:"at"`
}

// HostLogFile says what became of reading one log.
type HostLogFile struct {
	File  Text `json:"file"`
	State Text `json:"state"` // read, missing or denied
}

// HostLog is one line of a log of the server that speaks of syncs. What looks
// like a key, a token or an address of a person is taken out on the server.
type HostLog struct {
	File       Text           `json:"file"`
	At         Opt[time.Time] `json:"at"`
	Severity   Text           `json:"severity"`
	Class      Text           `json:"class"`
	JobID      Text           `json:"jid"`
	Status     Text           `json:"status"` // start, done, fail, dropped, deferred, deduplicated
	Seconds    Opt[float64]   `json:"seconds"`
	ErrorClass Text           `json:"error_class"`
	ErrorText  Text           `json:"error_text"`
}

// HighestRole is one account's highest role as the instance keeps it, and the
// instance's own word on whether the account is billable.
type HighestRole struct {
	UserID   int64     `json:"user_id"`
	Level    Opt[int]  `json:"highest_access_level"` // unknown: no membership
	Billable Opt[bool] `json:"billable"`             // unknown where the edition has no such word
}

// RolesRead tells how far a reading of roles came. One that is not complete goes
// on after Last.
type RolesRead struct {
	HostAnswer
	Count    int   `json:"count"`
	Last     int64 `json:"last_user_id"`
	Complete bool  `json:"complete"`
}

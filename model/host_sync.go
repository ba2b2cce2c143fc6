package model

import "time"

// JobPhase is where a queued sync job is (gitlab-host §3.4).
type JobPhase string

// The phases. A finished job leaves no trace: JobGone means that it is in no
// queue and in no set, and that the time of the last sync did not move;
// JobDone that it did.
const (
	JobUnknown   JobPhase = ""
	JobWaiting   JobPhase = "waiting"
	JobRunning   JobPhase = "running"
	JobScheduled JobPhase = "scheduled"
	JobRetry     JobPhase = "retry"
	JobDead      JobPhase = "dead"
	JobGone      JobPhase = "gone"
	JobDone      JobPhase = "done"
)

// JobState is one sync job as Sidekiq has it, without its arguments. ErrorText
// is the portal's own text where the portal refused (gitlab-host §3.1).
type JobState struct {
	Phase      JobPhase       `json:"phase"`
	ID         Text           `json:"jid"`
	Class      Text           `json:"class"`
	Queue      Text           `json:"queue"`
	Created    Opt[time.Time] `json:"created_at"`
	Enqueued   Opt[time.Time] `json:"enqueued_at"`
	At         Opt[time.Time] `json:"at"` // of the next try, of its death, or since when it runs
	ErrorClass Text           `json:"error_class"`
	ErrorText  Text           `json:"error_text"`
	Retries    Opt[int]       `json:"retries"` // 0 after the first failure
	FailedAt   Opt[time.Time] `json:"failed_at"`
	RetriedAt  Opt[time.Time] `json:"retried_at"`
}

// HostSent tells whether a sync was queued on the server.
type HostSent string

// SentUnknown: the program may have queued one, and its answer was lost.
const (
	SentNo      HostSent = "no"
	SentYes     HostSent = "yes"
	SentUnknown HostSent = "unknown"
)

// HostVerdict is what became of a sync on the server.
type HostVerdict string

// The verdicts. All but the last five end a run; a waiting, running or scheduled
// job goes on without us.
const (
	HostMoved        HostVerdict = "moved"         // the time of the last sync moved
	HostRefused      HostVerdict = "refused"       // not asked for: Refusal says why
	HostRetryWaiting HostVerdict = "retry-waiting" // not asked for: a failed job waits for its next try
	HostNotQueued    HostVerdict = "not-queued"    // asked for, and GitLab queued nothing
	HostDead         HostVerdict = "dead"          // given up after the last try
	HostRetry        HostVerdict = "retry"         // failed; Job has the cause and the next try
	HostUnmoved      HostVerdict = "unmoved"       // the job is gone and the time did not move
	HostWaiting      HostVerdict = "waiting"
	HostRunning      HostVerdict = "running"
	HostScheduled    HostVerdict = "scheduled"
)

// HostSyncOrder says how long one sync is watched. Zero values take the
// adapter's own times.
type HostSyncOrder struct {
	Watch time.Duration // how long the program follows the job
	Poll  time.Duration // between two looks
	Quiet time.Duration // how long a job must be gone before it counts as finished
	// Gentle: nobody waits for it at a screen, so the program on the server takes
	// second place.
	Gentle bool
}

// HostStage is one step of a sync, told while it happens.
type HostStage struct {
	Name   string         `json:"stage"`  // check, packet, retry, trigger, job
	State  string         `json:"state"`  // begin, done, refused, or a JobPhase
	At     Opt[time.Time] `json:"at"`     // by the server's clock
	Detail Text           `json:"detail"` // the reason, the way, or what the job failed of
	Job    Opt[JobState]  `json:"job"`
	Packet Opt[Packet]    `json:"packet"` // of the stage packet
}

// HostSync is what one sync on the server came to. It is filled as far as is
// known even beside an error: Sent above all.
type HostSync struct {
	Eligibility Eligibility      `json:"eligibility"`
	Packet      Opt[Packet]      `json:"packet"`
	Sent        HostSent         `json:"sent"`
	Joined      bool             `json:"joined"` // an identical job waited already, and was followed instead
	JobID       Text             `json:"jid"`
	Verdict     HostVerdict      `json:"verdict"` // "" when unknown
	Refusal     HostRefusal      `json:"refusal"`
	Job         Opt[JobState]    `json:"job"` // as last seen
	Before      Opt[time.Time]   `json:"last_sync_before"`
	After       Opt[time.Time]   `json:"last_sync_after"`
	License     Opt[HostLicense] `json:"license_after"`
	Stages      []HostStage      `json:"stages"`
}

package sandbox

import (
	"fmt"
	"slices"
	"time"
)

// syncJob is one exchange that somebody asked for, as the queue has it until it
// is over. A failed one waits for its next try (contract §3.5).
type syncJob struct {
	id      string
	created time.Time
	starts  time.Time // when a worker takes it up, or took it up
	ends    time.Time // when the portal has answered
	tries   int       // that failed
	failed  time.Time // the newest of them
	class   string    // of the error
	words   string    // the portal's own
	dead    bool
}

// How a job passes through the queue on the instance's clock.
const (
	queueTakes = time.Second
	retryAfter = 70 * time.Minute
	retryMost  = 20
)

// phase is where the job is at a time.
func (j *syncJob) phase(now time.Time) string {
	switch {
	case j.dead:
		return "dead"
	case now.Before(j.starts) && j.tries > 0:
		return "retry"
	case now.Before(j.starts):
		return "waiting"
	}
	return "running"
}

// askForSync queues one exchange; nil when the instance is not eligible, or
// while one that was asked for waits to be taken up.
func (s *Server) askForSync(now time.Time) *syncJob {
	waits := slices.ContainsFunc(s.jobs.syncs, func(j *syncJob) bool { return j.phase(now) == "waiting" })
	if waits || !s.wouldSync(now) {
		return nil
	}
	s.jobs.asked++
	j := &syncJob{
		id:      fmt.Sprintf("%016x%08x", mix(s.seed, "job", uint64(s.jobs.asked)), uint32(mix(s.seed, "job end", uint64(s.jobs.asked)))),
		created: now,
	}
	s.jobs.syncs = append(s.jobs.syncs, j)
	s.schedule(j, now.Add(queueTakes), "button")
	return j
}

// wouldSync is the instance's own question before it queues: trials sync in
// newer versions only.
func (s *Server) wouldSync(now time.Time) bool {
	l := s.subscription.current(now)
	return s.knobs.edition == "ee" && s.eligible(now) && (!l.trial || s.knobs.version.atLeast(18, 1))
}

// schedule lets a job be taken up at a time.
func (s *Server) schedule(j *syncJob, at time.Time, why string) {
	j.starts, j.ends = at, at.Add(syncTakes)
	s.later(j.ends, func(s *Server, at time.Time) { s.runSync(j, at, why) })
}

// runSync is the end of one try.
func (s *Server) runSync(j *syncJob, at time.Time, why string) {
	outcome, words := s.seatLink(j.starts, why, j.id)
	switch outcome {
	case "refused", "unreachable", "blocked":
	default: // over, and without a trace
		s.jobs.syncs = slices.DeleteFunc(s.jobs.syncs, func(other *syncJob) bool { return other == j })
		return
	}
	j.tries++
	j.failed, j.words, j.class = at, words, "SyncSeatLinkRequestWorker::RequestError"
	if outcome == "blocked" {
		j.class = "Gitlab::HTTP::SilentModeBlockedError"
	}
	if j.dead = j.tries > retryMost; !j.dead {
		s.schedule(j, at.Add(retryAfter), "retry")
	}
}

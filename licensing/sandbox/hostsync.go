package sandbox

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// hostJob is one job as a program prints it.
func hostJob(j *syncJob, now time.Time) map[string]any {
	out := map[string]any{
		"state": j.phase(now), "jid": j.id, "class": "SyncSeatLinkRequestWorker", "queue": "default",
		"created": timestamp(j.created), "enqueued": timestamp(j.created), "at": nil,
	}
	if j.tries > 0 {
		out["error_class"], out["error_text"], out["retries"] = j.class, j.words, j.tries-1
		out["failed"] = timestamp(j.failed)
	}
	switch j.phase(now) {
	case "retry", "running":
		out["at"] = timestamp(j.starts)
	case "dead":
		out["at"] = timestamp(j.failed)
	}
	return out
}

// hostJobs are the jobs in one phase.
func (s *Server) hostJobs(phase string, now time.Time) []map[string]any {
	out := []map[string]any{}
	for _, j := range s.jobs.syncs {
		if j.phase(now) == phase {
			out = append(out, hostJob(j, now))
		}
	}
	return out
}

// hostLicense is the licence as a program prints it; false without one.
func (s *Server) hostLicense(now time.Time) any {
	l := s.subscription.current(now)
	if l == nil {
		return false
	}
	out := map[string]any{
		"id": l.id, "number": strconv.Itoa(l.number), "plan": l.plan, "kind": l.kind, "starts": date(l.starts), "ends": optional(l.expires, date),
		"trial": l.trial, "seats": l.seats,
	}
	if l.seats < 0 {
		out["seats"] = nil
	}
	return out
}

// eligibility asks what decides whether a sync can be asked for.
func (h *hostRun) eligibility() {
	h.locked(func(now time.Time) {
		s := h.s
		ee, v := s.knobs.edition == "ee", s.knobs.version
		h.facts["version"], h.facts["ee"] = s.versionText(), ee
		h.has(ee, "license", s.hostLicense(now))
		h.has(ee, "last_sync", s.hostLastSync(now))
		h.has(ee, "eligible", s.wouldSync(now))
		h.has(v.atLeast(15, 11), "silent_mode", s.settings.silentMode)
		h.has(true, "maintenance", s.knobs.maintenance)
		h.has(true, "read_only", s.knobs.maintenance && ee)
		h.has(ee, "secondary", false)
		h.facts["sidekiq_processes"] = 2
		h.facts["queue"] = map[string]any{"name": "default", "size": len(s.hostJobs("waiting", now)), "latency": 0.0}
		h.facts["retrying"] = s.hostJobs("retry", now)
		h.facts["proxies"] = map[string]string{}
		switch {
		case !ee:
			h.facts["way"] = "none"
		case v.atLeast(17, 0):
			h.facts["way"] = "button"
		default:
			h.facts["way"] = "sync"
		}
	})
}

func (s *Server) hostLastSync(now time.Time) any {
	l := s.subscription.current(now)
	if l == nil || l.lastSync.IsZero() || l.lastSync.After(now) {
		return nil
	}
	return timestamp(l.lastSync)
}

// refusal is why no sync is asked for; "" when one is.
func (h *hostRun) refusal() string {
	is := func(name string) bool { v, ok := h.facts[name].(bool); return ok && v }
	switch {
	case !is("ee"):
		return "edition"
	case h.facts["license"] == false:
		return "license"
	case is("silent_mode"):
		return "silent-mode"
	case !is("eligible"):
		return "not-eligible"
	}
	return ""
}

// members puts what a sync would send.
func (h *hostRun) members() {
	h.locked(func(now time.Time) {
		s := h.s
		l := s.subscription.current(now)
		if l == nil {
			h.has(s.knobs.edition == "ee", "packet", nil)
			return
		}
		row, billable, maximum := s.packet(l, now)
		p := map[string]any{
			"gitlab_version": s.versionText(), "timestamp": timestamp(row), "max_historical_user_count": maximum, "billable_users_count": billable,
			"hostname": s.hostname(), "instance_id": s.uuid, "others": []string{},
		}
		if len(s.subscription.rows) == 0 {
			p["max_historical_user_count"], p["billable_users_count"] = 0, nil
		}
		if s.knobs.version.atLeast(17, 0) {
			metrics := []map[string]any{}
			for _, a := range s.subscription.addOns {
				metrics = append(metrics, map[string]any{"add_on_type": strings.ToLower(a.name), "purchased_seats": a.purchased, "assigned_seats": a.assigned})
			}
			p["add_on_metrics"] = metrics
		}
		if s.knobs.version.atLeast(18, 1) {
			p["unique_instance_id"] = instanceUUID(s.seed + 1)
		}
		h.facts["packet"] = p
	})
}

func (h *hostRun) check() { h.eligibility() }

func (h *hostRun) packet() {
	h.eligibility()
	h.members()
}

// sync asks for one exchange and follows it.
func (h *hostRun) sync() {
	h.stage("check", "begin", nil)
	h.eligibility()
	reason := h.refusal()
	if reason != "" {
		h.stage("check", "refused", map[string]any{"reason": reason})
	} else {
		h.stage("check", "done", nil)
	}
	h.members() // also what would have been sent
	if reason != "" {
		h.facts["refusal"], h.facts["verdict"] = reason, "refused"
		return
	}
	h.stage("packet", "done", map[string]any{"packet": h.facts["packet"]})
	if failed := h.facts["retrying"].([]map[string]any); len(failed) > 0 {
		h.facts["job"], h.facts["verdict"] = failed[0], "retry-waiting"
		h.stage("retry", "retry", clone(failed[0]))
		return
	}
	h.stage("trigger", "begin", map[string]any{"way": h.facts["way"]})
	if h.err != nil || h.ctx.Err() != nil { // nobody listens: nothing is queued
		h.facts["sent"], h.facts["verdict"] = "no", "not-queued"
		return
	}
	if id := h.trigger(); id != "" {
		h.follow(id)
	}
}

// trigger queues a job, or joins the one that waits already.
func (h *hostRun) trigger() (id string) {
	sent, joined := "no", false
	h.locked(func(now time.Time) {
		if j := h.s.askForSync(now); j != nil {
			id, sent = j.id, "yes"
		} else if waiting := h.s.hostJobs("waiting", now); len(waiting) > 0 {
			id, joined = waiting[0]["jid"].(string), true
		}
	})
	h.facts["sent"], h.facts["joined"], h.facts["jid"] = sent, joined, id
	h.stage("trigger", "done", map[string]any{"jid": id, "joined": joined})
	if id == "" {
		h.facts["verdict"] = "not-queued"
	}
	return id
}

// follow looks until the time of the last sync moved, the job failed, or it is
// gone and stays so. The number of looks is bounded, so that a clock that stands
// still ends it too.
func (h *hostRun) follow(id string) {
	const seldom = 5 // looks after which what is not new is told again
	before, told, looks := h.facts["last_sync"], "", 0
	poll := max(h.params.Poll, 0.05)
	var gone float64
	for range int(math.Ceil(h.params.Seconds/poll)) + 1 {
		state := "gone"
		var job map[string]any
		h.locked(func(now time.Time) {
			for _, j := range h.s.jobs.syncs {
				if j.id == id {
					job = hostJob(j, now)
					state = j.phase(now)
				}
			}
			h.facts["last_sync_after"] = h.s.hostLastSync(now)
			h.facts["license_after"] = h.s.hostLicense(now)
		})
		if moved := h.facts["last_sync_after"]; job == nil && moved != nil && moved != before {
			state = "done"
		}
		if job != nil {
			h.facts["job"] = job
		}
		if looks++; state != told {
			looks = 0
		}
		if looks%seldom == 0 {
			told = state
			h.stage("job", state, clone(job))
		}
		if gone += poll; state != "gone" {
			gone = 0
		}
		if state == "done" || state == "retry" || state == "dead" || gone >= h.params.Quiet {
			break
		}
		if h.pause(h.ctx, time.Duration(poll*float64(time.Second))) != nil {
			break
		}
	}
	switch told {
	case "done":
		h.facts["verdict"] = "moved"
	case "gone":
		h.facts["verdict"] = "unmoved"
	default:
		h.facts["verdict"] = told
	}
}

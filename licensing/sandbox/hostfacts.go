package sandbox

import (
	"fmt"
	"maps"
	"time"
)

func clone(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return maps.Clone(m)
}

// observe shows the jobs, the schedule with its last ten runs, and what the
// logs would say.
func (h *hostRun) observe() {
	h.locked(func(now time.Time) {
		s := h.s
		h.facts["version"] = s.versionText()
		for name, phase := range map[string]string{"waiting": "waiting", "running": "running", "retrying": "retry", "dead": "dead"} {
			h.facts[name] = s.hostJobs(phase, now)
		}
		h.facts["scheduled"] = []any{}
		h.facts["sidekiq_processes"] = 2
		h.facts["queue"] = map[string]any{"name": "default", "size": len(s.hostJobs("waiting", now)), "latency": 0.0}
		h.facts["cron"] = s.hostCron(now)
		h.facts["logs"] = s.hostLogs()
	})
}

// hostCron is the schedule; the Community Edition has no entry for syncs.
func (s *Server) hostCron(now time.Time) []map[string]any {
	entry := func(name string, d dailyJob) map[string]any {
		next := d.after(now)
		runs := []map[string]any{}
		for i := 1; i <= 10; i++ {
			at := next.AddDate(0, 0, -i)
			runs = append(runs, map[string]any{"jid": fmt.Sprintf("%016x%08x", mix(s.seed, name, uint64(at.Unix())), uint32(at.Unix())), "at": timestamp(at)})
		}
		return map[string]any{
			"name": name, "status": "enabled", "cron": fmt.Sprintf("%d %d * * * UTC", d.minute, d.hour),
			"last": runs[0]["at"], "next": timestamp(next), "runs": runs,
		}
	}
	out := []map[string]any{}
	if s.knobs.edition == "ee" {
		out = append(out, entry("sync_seat_link_worker", dailyJob{hour: s.jobs.syncHour, minute: s.jobs.syncMinute}))
		out = append(out, entry("historical_data_worker", dailyJob{hour: 12}))
	}
	return append(out, entry("analytics_usage_trends_count_job_trigger_worker", dailyJob{hour: 23, minute: 50}))
}

// hostLogs are the newest events as lines of the job log.
func (s *Server) hostLogs() map[string]any {
	const file, most = "/var/log/gitlab/sidekiq/current", 40
	lines := []map[string]any{}
	for _, e := range s.jobs.events {
		if e.Kind != "seat_link" {
			continue
		}
		line := map[string]any{
			"file": file, "at": timestamp(e.Time), "severity": "INFO", "class": "SyncSeatLinkRequestWorker", "status": "done",
			"seconds": syncTakes.Seconds(), "jid": e.Job,
		}
		switch e.Outcome {
		case "refused", "unreachable", "blocked":
			line["severity"], line["status"] = "WARN", "fail"
			line["error_class"], line["error_text"] = "SyncSeatLinkRequestWorker::RequestError", e.Detail
		}
		lines = append(lines, line)
	}
	return map[string]any{
		"files": []map[string]any{{"file": file, "state": "read"}},
		"lines": lines[max(0, len(lines)-most):],
	}
}

// pins shows what is stored, what the file pins, and what comes out of both.
func (h *hostRun) pins() {
	h.locked(func(time.Time) {
		s := h.s
		v, ee, st := s.knobs.version, s.knobs.edition == "ee", s.settings
		stored := map[string]any{"usage_ping_enabled": st.servicePing, "usage_ping_features_enabled": st.registration}
		if v.hasOptionalMetrics() && ee {
			stored["include_optional_metrics_in_service_ping"] = st.optionalMetrics
		}
		if v.atLeast(18, 4) {
			stored["usage_ping_generation_enabled"] = st.generation
		}
		if v.atLeast(18, 0) {
			stored["gitlab_product_usage_data_enabled"] = st.productUsage
		}
		h.facts["version"], h.facts["stored"], h.facts["pinned"] = s.versionText(), stored, s.knobs.pinned
		h.facts["configurable"], h.facts["ping"], h.facts["features"] = !s.knobs.pinned, s.pingEnabled(), s.featuresEnabled()
		h.has(v.atLeast(18, 4), "generation", s.pingEnabled() || st.generation)
		h.has(ee, "forced", s.forcedPing())
		h.facts["sends"] = s.forcedPing() || s.pingEnabled()
		h.facts["consent_missing"] = false
		h.facts["payload_at"] = optional(s.pingAt, timestamp)
		h.facts["last_sent"] = s.hostLastPing()
		h.has(v.atLeast(18, 0), "product_usage", map[string]any{"enabled": st.productUsage, "source": "database"})
		h.missing = append(h.missing, "managed", "features_by_ping")
		lines := []map[string]any{}
		if s.knobs.pinned {
			lines = append(lines, map[string]any{"file": "/etc/gitlab/gitlab.rb", "line": 1187, "key": "usage_ping_enabled", "set": "false"})
		}
		h.facts["lines"] = map[string]any{"state": "read", "found": lines}
	})
}

// hostLastPing is when the vendor last acknowledged a payload.
func (s *Server) hostLastPing() any {
	if !s.forcedPing() && !s.pingEnabled() || s.settings.silentMode {
		return nil
	}
	return optional(s.pingAt, timestamp)
}

// roles prints everybody's highest role and whether the account is billable.
func (h *hostRun) roles() {
	const batch = 1000
	last, count := h.params.After, 0
	h.facts["version"] = h.s.versionText()
	for h.err == nil && h.ctx.Err() == nil {
		rows := [][3]any{}
		h.locked(func(time.Time) {
			w, rules := h.s.world, h.s.rules()
			for i := w.position(last + 1); i < len(w.accounts) && len(rows) < batch; i++ {
				a := &w.accounts[i]
				if a.has(flagGone) {
					continue
				}
				var level any
				if st := w.standingOf(a); st.highest > 0 {
					level = st.highest
				}
				rows = append(rows, [3]any{a.id, level, rules.billable(w, a)})
				last = a.id
			}
		})
		if len(rows) == 0 {
			h.facts["complete"] = true
			break
		}
		count += len(rows)
		h.line("rows", map[string]any{"rows": rows})
	}
	h.facts["count"], h.facts["last"] = count, last
}

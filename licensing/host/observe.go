package host

import (
	"context"
	"encoding/json"
	"time"

	"seatdeck/model"
)

// Observe looks at the jobs behind syncs, their schedule and the newest lines of
// the logs.
func (r *Runner) Observe(ctx context.Context) (model.HostObservation, error) {
	re, err := r.ask(ctx, question{op: model.OpHostObserve, program: "observe", takes: observeTime, gentle: true})
	if err != nil {
		return model.HostObservation{}, err
	}
	var o model.HostObservation
	var logs struct {
		Files []model.HostLogFile `json:"files"`
		Lines []logCard           `json:"lines"`
	}
	re.read("version", &o.Version)
	for name, into := range map[string]*model.Opt[[]model.JobState]{
		"waiting": &o.Waiting, "running": &o.Running, "scheduled": &o.Scheduled, "retrying": &o.Retrying, "dead": &o.Dead,
	} {
		var cards []jobCard
		if re.read(name, &cards); cards != nil {
			*into = model.Some(jobs(cards))
		}
	}
	re.read("queue", &o.Queue)
	re.read("sidekiq_processes", &o.Processes)
	re.read("cron", &o.Cron)
	re.read("logs", &logs)
	o.LogFiles = logs.Files
	for _, c := range logs.Lines {
		o.Logs = append(o.Logs, c.model())
	}
	o.HostAnswer = re.about()
	return o, nil
}

type logCard struct {
	File       model.Text           `json:"file"`
	At         model.Opt[time.Time] `json:"at"`
	Severity   model.Text           `json:"severity"`
	Class      model.Text           `json:"class"`
	ID         model.Text           `json:"jid"`
	Status     model.Text           `json:"status"`
	Seconds    model.Opt[float64]   `json:"seconds"`
	ErrorClass model.Text           `json:"error_class"`
	ErrorText  model.Text           `json:"error_text"`
}

func (c logCard) model() model.HostLog {
	return model.HostLog{
		File: c.File, At: c.At, Severity: c.Severity, Class: c.Class, JobID: c.ID, Status: c.Status, Seconds: c.Seconds,
		ErrorClass: c.ErrorClass, ErrorText: c.ErrorText,
	}
}

// Pins asks what decides about Service Ping and registration features.
func (r *Runner) Pins(ctx context.Context) (model.Pins, error) {
	re, err := r.ask(ctx, question{op: model.OpHostPins, program: "pins", takes: checkTime, gentle: true})
	if err != nil {
		return model.Pins{}, err
	}
	var p model.Pins
	var product struct {
		Enabled model.Opt[bool] `json:"enabled"`
		Source  model.Text      `json:"source"`
	}
	var managed struct {
		Enabled model.Opt[bool] `json:"enabled"`
		By      model.Text      `json:"by"`
	}
	var lines struct {
		State model.Text      `json:"state"`
		Found []model.PinLine `json:"found"`
	}
	for name, into := range map[string]any{
		"version": &p.Version, "stored": &p.Stored, "pinned": &p.Pinned, "configurable": &p.Configurable, "ping": &p.Ping,
		"features": &p.Features, "generation": &p.Generation, "forced": &p.Forced, "sends": &p.Sends, "consent_missing": &p.Consent,
		"last_sent": &p.LastSent, "payload_at": &p.PayloadAt, "features_by_ping": &p.ByPing,
		"product_usage": &product, "managed": &managed, "lines": &lines,
	} {
		re.read(name, into)
	}
	p.ProductUsage, p.ProductFrom = product.Enabled, product.Source
	p.Managed, p.ManagedBy = managed.Enabled, managed.By
	p.File, p.Lines = lines.State, lines.Found
	p.HostAnswer = re.about()
	return p, nil
}

// Roles reads everybody's highest role by ascending id, beginning behind an id,
// and gives them to each in batches of some thousands, from another goroutine.
// An error of each ends the reading and is returned.
func (r *Runner) Roles(ctx context.Context, after int64, each func([]model.HighestRole) error) (model.RolesRead, error) {
	last := after
	q := question{
		op: model.OpHostRoles, program: "roles", takes: rolesTime, gentle: true, params: map[string]any{"after": after},
		rows: func(body json.RawMessage) error {
			var line struct {
				Rows []roleRow `json:"rows"`
			}
			if json.Unmarshal(body, &line) != nil {
				return errGarbled
			}
			batch := make([]model.HighestRole, len(line.Rows))
			for i, row := range line.Rows {
				if row.UserID <= last {
					return errGarbled // out of order: somebody would be missing or twice
				}
				batch[i], last = model.HighestRole(row), row.UserID
			}
			return each(batch)
		},
	}
	re, err := r.ask(ctx, q)
	if err != nil {
		return model.RolesRead{Last: last}, err
	}
	var read model.RolesRead
	re.read("count", &read.Count)
	re.read("last", &read.Last)
	re.read("complete", &read.Complete)
	read.HostAnswer = re.about()
	return read, nil
}

// roleRow is a row as it is printed: [id, level or null, billable or null].
type roleRow model.HighestRole

func (r *roleRow) UnmarshalJSON(b []byte) error {
	row := [3]json.RawMessage{}
	if err := json.Unmarshal(b, &row); err != nil {
		return err
	}
	for i, into := range []any{&r.UserID, &r.Level, &r.Billable} {
		if err := json.Unmarshal(row[i], into); err != nil {
			return err
		}
	}
	return nil
}

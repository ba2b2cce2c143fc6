package host

import (
	"encoding/json"
	"sync"
	"time"

	"seatdeck/model"
)

// The types of facts as programs answer them.

type licenseCard struct {
	ID     model.Opt[int64] `json:"id"`
	Number model.Text       `json:"number"`
	Plan   model.Text       `json:"plan"`
	Kind   model.Text       `json:"kind"`
	Starts model.Day        `json:"starts"`
	Ends   model.Day        `json:"ends"`
	Trial  model.Opt[bool]  `json:"trial"`
	Seats  model.Opt[int]   `json:"seats"`
}

func (c licenseCard) model() model.HostLicense {
	return model.HostLicense{
		RowID: c.ID, Number: c.Number, Plan: model.Plan(short(c.Plan)), Kind: model.Kind(short(c.Kind)),
		Starts: c.Starts, Ends: c.Ends, Trial: c.Trial, Seats: c.Seats,
	}
}

// short is for words that are compared more than shown.
func short(t model.Text) string { return model.CleanN(t.String(), 40).String() }

type jobCard struct {
	State      model.Text           `json:"state"`
	ID         model.Text           `json:"jid"`
	Class      model.Text           `json:"class"`
	Queue      model.Text           `json:"queue"`
	Created    model.Opt[time.Time] `json:"created"`
	Enqueued   model.Opt[time.Time] `json:"enqueued"`
	At         model.Opt[time.Time] `json:"at"`
	ErrorClass model.Text           `json:"error_class"`
	ErrorText  model.Text           `json:"error_text"`
	Retries    model.Opt[int]       `json:"retries"`
	Failed     model.Opt[time.Time] `json:"failed"`
	Retried    model.Opt[time.Time] `json:"retried"`
}

func (c jobCard) model() model.JobState {
	return model.JobState{
		Phase: model.JobPhase(short(c.State)), ID: c.ID, Class: c.Class, Queue: c.Queue, Created: c.Created, Enqueued: c.Enqueued, At: c.At,
		ErrorClass: c.ErrorClass, ErrorText: c.ErrorText, Retries: c.Retries, FailedAt: c.Failed, RetriedAt: c.Retried,
	}
}

func jobs(cards []jobCard) []model.JobState {
	out := make([]model.JobState, len(cards))
	for i, c := range cards {
		out[i] = c.model()
	}
	return out
}

// stageLine is one stage, told while a sync runs. A stage about a job has the
// job's own members beside it.
type stageLine struct {
	Stage  model.Text           `json:"stage"`
	At     model.Opt[time.Time] `json:"-"`
	Reason model.Text           `json:"reason"`
	Way    model.Text           `json:"way"`
	Joined bool                 `json:"joined"`
	Packet *packetCard          `json:"packet"`
	jobCard
}

// UnmarshalJSON reads a stage. Its own time wins over the job's of the same
// name.
func (s *stageLine) UnmarshalJSON(b []byte) error {
	var own struct {
		Stage  model.Text           `json:"stage"`
		At     model.Opt[time.Time] `json:"told"`
		Reason model.Text           `json:"reason"`
		Way    model.Text           `json:"way"`
		Joined bool                 `json:"joined"`
		Packet *packetCard          `json:"packet"`
	}
	if err := json.Unmarshal(b, &own); err != nil {
		return err
	}
	s.Stage, s.At, s.Reason, s.Way = own.Stage, own.At, own.Reason, own.Way
	s.Joined, s.Packet = own.Joined, own.Packet
	return json.Unmarshal(b, &s.jobCard)
}

func (s stageLine) model() model.HostStage {
	out := model.HostStage{Name: short(s.Stage), State: short(s.State), At: s.At, Detail: s.Reason}
	if s.Packet != nil {
		out.Packet = model.Some(s.Packet.model())
	}
	switch {
	case s.Stage.String() == "job" || s.Stage.String() == "retry":
		out.Detail = s.ErrorText
		if !s.ID.Empty() {
			out.Job = model.Some(s.jobCard.model())
		}
	case !s.Way.Empty():
		out.Detail = s.Way
	}
	return out
}

// teller passes stages on and remembers them, with what they told beside: should
// the answer be lost, that is all there is.
type teller struct {
	mu     sync.Mutex
	seen   []model.HostStage
	packet *packetCard
	asked  *stageLine // the program has asked for the sync
	job    model.Opt[model.JobState]
	next   func(model.HostStage)
}

func (t *teller) stage(s stageLine) {
	m := s.model()
	t.mu.Lock()
	t.remember(s, m)
	t.mu.Unlock()
	if t.next != nil {
		t.next(m)
	}
}

// remember keeps a stage. One that comes again while nothing is new is kept
// once.
func (t *teller) remember(s stageLine, m model.HostStage) {
	if n := len(t.seen); n == 0 || t.seen[n-1].Name != m.Name || t.seen[n-1].State != m.State {
		t.seen = append(t.seen, m)
	}
	if s.Packet != nil {
		t.packet = s.Packet
	}
	if m.Name == "trigger" && m.State == "done" {
		t.asked = &s
	}
	if m.Job.Known() {
		t.job = m.Job
	}
}

func (t *teller) stages() []model.HostStage {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]model.HostStage(nil), t.seen...)
}

// triggered reports whether the program said that it asks for the sync now.
func (t *teller) triggered() bool {
	for _, s := range t.stages() {
		if s.Name == "trigger" {
			return true
		}
	}
	return false
}

// fill puts what the stages told into a sync whose answer was lost. A job with
// an id was queued: the sync was asked for, whatever became of the answer.
func (t *teller) fill(out *model.HostSync, at model.AsOf) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.packet != nil {
		p := t.packet.model()
		p.AsOf = at
		out.Packet = model.Some(p)
	}
	out.Job = t.job
	if a := t.asked; a != nil && !a.ID.Empty() {
		out.JobID, out.Joined = a.ID, a.Joined
		if !a.Joined {
			out.Sent = model.SentYes
		}
	}
}

// eligibility reads the facts of the part of that name.
func (re *reply) eligibility() model.Eligibility {
	var e model.Eligibility
	var license licenseOrNone
	var way model.Text
	var retrying []jobCard
	var proxies map[string]string
	re.read("version", &e.Version)
	re.read("ee", &e.Enterprise)
	re.read("license", &license)
	re.read("last_sync", &e.LastSync)
	re.read("eligible", &e.Eligible)
	re.read("silent_mode", &e.SilentMode)
	re.read("maintenance", &e.Maintenance)
	re.read("read_only", &e.ReadOnly)
	re.read("secondary", &e.Secondary)
	re.read("sidekiq_processes", &e.Processes)
	re.read("queue", &e.Queue)
	re.read("proxies", &proxies)
	re.read("way", &way)
	if re.read("retrying", &retrying); retrying != nil {
		e.Retrying = model.Some(jobs(retrying))
	}
	for name, address := range proxies {
		if e.Proxies == nil {
			e.Proxies = map[string]string{}
		}
		e.Proxies[model.CleanN(name, 40).String()] = model.MaskProxy(address)
	}
	e.NoLicense, e.License, e.Way = license.none, license.card, model.HostWay(short(way))
	e.HostAnswer = re.about()
	return e
}

// licenseOrNone is a licence, false for none, or null for unknown.
type licenseOrNone struct {
	none bool
	card model.Opt[model.HostLicense]
}

func (l *licenseOrNone) UnmarshalJSON(b []byte) error {
	if string(b) == "false" {
		l.none = true
		return nil
	}
	var c licenseCard
	if err := json.Unmarshal(b, &c); err != nil {
		return err
	}
	l.card = model.Some(c.model())
	return nil
}

type packetCard struct {
	GitLab     model.Text           `json:"gitlab_version"`
	Row        model.Opt[time.Time] `json:"timestamp"`
	Maximum    model.Opt[int]       `json:"max_historical_user_count"`
	Billable   model.Opt[int]       `json:"billable_users_count"`
	Active     model.Opt[int]       `json:"active_users"` // the older name
	Hostname   model.Text           `json:"hostname"`
	InstanceID model.Text           `json:"instance_id"`
	UniqueID   model.Text           `json:"unique_instance_id"`
	AddOns     []model.PacketAddOn  `json:"add_on_metrics"`
	Others     []model.Text         `json:"others"`
}

func (c packetCard) model() model.Packet {
	p := model.Packet{
		GitLab: c.GitLab, Row: c.Row, Maximum: c.Maximum, Billable: c.Billable, Hostname: c.Hostname,
		InstanceID: c.InstanceID, UniqueID: c.UniqueID, AddOns: c.AddOns, Others: c.Others,
	}
	if !p.Billable.Known() {
		p.Billable = c.Active
	}
	return p
}

// packet reads what a sync would send; unknown where it was not told.
func (re *reply) packet() model.Opt[model.Packet] {
	if raw, ok := re.answer.Facts["packet"]; !ok || string(raw) == "null" {
		return model.None[model.Packet]()
	}
	var c packetCard
	re.read("packet", &c)
	p := c.model()
	p.HostAnswer = re.about()
	return model.Some(p)
}

// sent is what is known of whether a sync was queued.
func (re *reply) sent(triggered bool) model.HostSent {
	switch {
	case re.answer == nil && re.neverRan:
		return model.SentNo
	case re.answer == nil:
		return model.SentUnknown
	}
	var sent model.Text
	re.read("sent", &sent)
	switch s := model.HostSent(sent.String()); {
	case s == model.SentYes, s == model.SentNo:
		return s
	case triggered || s != "":
		return model.SentUnknown
	}
	return model.SentNo
}

// fillSync reads the facts of a sync.
func (re *reply) fillSync(s *model.HostSync) {
	var verdict, refusal model.Text
	var job jobCard
	var license licenseOrNone
	re.read("verdict", &verdict)
	re.read("refusal", &refusal)
	re.read("joined", &s.Joined)
	re.read("jid", &s.JobID)
	re.read("last_sync", &s.Before)
	re.read("last_sync_after", &s.After)
	re.read("license_after", &license)
	if re.read("job", &job); !job.ID.Empty() {
		s.Job = model.Some(job.model())
	}
	s.Verdict, s.Refusal, s.License = model.HostVerdict(short(verdict)), model.HostRefusal(short(refusal)), license.card
	s.Packet = re.packet()
	s.Eligibility = re.eligibility()
}

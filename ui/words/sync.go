package words

import (
	"strconv"
	"strings"
	"time"

	"seatdeck/model"
)

// By returns who or what set a sync off, and by which driver: "you, host",
// "timer, activation", "observed"; [Unknown] for rows that nobody set off.
func By(r model.Record) string {
	switch d := r.Driver(); {
	case r.Trigger == "":
		return Unknown
	case d != "":
		return string(r.Trigger) + ", " + string(d)
	}
	return string(r.Trigger)
}

// Act returns what an act was meant to do, in a few plain words.
func Act(p model.PlanHead) string {
	switch p.Kind {
	case model.ActRegistrationEnable:
		return "opt in to registration features"
	case model.ActRegistrationDisable:
		return "opt out of registration features"
	case model.ActRegistrationOptional:
		return "optional Service Ping data"
	case model.ActRecount:
		return "count billable users anew"
	case model.ActSyncHost:
		return "sync by way of the server"
	case model.ActActivate:
		return "activate again"
	}
	return model.CleanN(p.Title, 60).String()
}

// Kind returns the kind of a row of the history for its title.
func Kind(r model.Record) string {
	switch {
	case r.Kind == model.RecordAct && r.Run != nil:
		return Act(r.Run.Plan)
	case r.Kind == model.RecordChapter:
		return "another instance"
	}
	return string(r.Kind)
}

// RowOutcome returns the outcome of a row as a status: a step without a result
// says so, and derived rows have words of their own.
func RowOutcome(r model.Record) Status {
	switch {
	case r.Kind == model.RecordChapter:
		return Status{Unsure, "new instance"}
	case r.Kind == model.RecordOverdue:
		return Outcome(model.OutcomeOverdue)
	}
	return Outcome(r.Outcome)
}

// NotSettled is what stands for the result of an act that has none.
const NotSettled = "not settled yet"

// Run returns what a run of ours tells in one line: what changed, why it did not
// work, or what was sent.
func Run(r model.Run) string {
	switch changes := r.Changes(); {
	case r.Open:
		return NotSettled
	case r.Err != nil:
		return r.Err.Msg.String()
	case len(changes) > 0:
		return Changes(changes)
	case !r.Note.Empty():
		return r.Note.String()
	}
	if p, ok := r.SyncDetails().Packet.Get(); ok && r.Sent() {
		return "sent " + Count(p.Billable) + ", peak " + Count(p.Maximum)
	}
	return ""
}

// actDone returns what an act was meant to do, as short as a list wants it, and
// what came of it.
func actDone(r model.Run) string {
	act := map[model.ActKind]string{
		model.ActRegistrationEnable: "opt in", model.ActRegistrationDisable: "opt out", model.ActRegistrationOptional: "optional data", model.ActRecount: "recount",
	}[r.Plan.Kind]
	s := Run(r)
	switch {
	case act == "" || s == "":
		return Act(r.Plan)
	case r.Plan.Kind == model.ActRecount:
		s = strings.TrimPrefix(s, "billable users ")
	}
	return act + ": " + s
}

// Meaning returns the outcome of a run of ours in one sentence, for whoever does
// not know the words.
func Meaning(r model.Run) string {
	switch {
	case r.Left() && r.Outcome == model.OutcomeUnconfirmed:
		return "Asked for and accepted; nobody waited for what became of it."
	case r.Left():
		return "It may have arrived: there was no answer, and reading did not tell."
	case r.Open:
		return "No result is in the record: the act is under way, or its process ended before it could write one."
	}
	m := meanings[r.Outcome]
	switch {
	case r.Outcome == model.OutcomeFailed && !r.Sent():
		return "Nothing was sent: an earlier try has not worked yet."
	case r.Outcome == model.OutcomeUnchanged && r.Plan.Kind.Syncs():
		return m.sync + compared(&r)
	case m.sync != "" && r.Plan.Kind.Syncs():
		return m.sync
	}
	return m.act
}

// compared says what of the terms a run found as before, and what nobody could
// compare.
func compared(r *model.Run) string {
	both, other := r.Compared()
	switch {
	case len(both) == 0:
		return "What it got could not be compared with what was before."
	case len(other) == 0:
		return "Licence, plan, seats, dates, terms to come and add-ons are as before."
	}
	return Capital(List(both)) + " are as before; not compared: " + strings.Join(other, ", ") + "."
}

// meanings are the sentences of outcomes; sync is for syncs, where those have one
// of their own.
var meanings = map[model.Outcome]struct{ sync, act string }{
	model.OutcomeChanged: {"The instance synced, and what it got differs from before.", "Reading it back shows the change."},
	model.OutcomeUnchanged: {"The instance synced. ",
		"Reading it back shows no difference."},
	model.OutcomeUnconfirmed: {"Asked for and accepted, but the time of the last sync did not move. It may still, and is then in the history as observed.",
		"Accepted, but nothing that can be read shows an effect."},
	model.OutcomeTermsRefreshed: {act: "The terms were fetched. Counts are not part of this exchange, so the vendor knows no newer ones."},
	model.OutcomeUnknown:        {act: "The answer was lost, and reading could not settle it. It was not repeated."},
	model.OutcomeRefused:        {act: "The instance said no. Nothing is different."},
	model.OutcomeFailed:         {act: "It was tried and did not work."},
	model.OutcomeNotSent:        {act: "Nothing left this machine."},
	model.OutcomeConfirmed:      {act: "Reading it back shows what the plan wanted."},
	model.OutcomeNoEffect:       {act: "The instance said yes, and reading it back shows something else."},
	model.OutcomeNothingToDo:    {act: "It was so already; nothing was sent."},
	model.OutcomeCancelled:      {act: "It was ended before all of it was done."},
}

// Next returns what happens next with an act without a result; empty for others.
func Next(r model.Run) string {
	switch {
	case !r.Open:
		return ""
	case r.Left():
		return "Nothing is sent again. The next reading of the instance finds out what became of it, or leaves it as it is."
	}
	return "Nothing is sent again. Once its process is gone, the next reading of the instance finds out what became of it, or leaves it unknown."
}

// Stage returns what a stage found, or what it is for where it told nothing.
func Stage(s model.StageRun) string {
	if !s.Note.Empty() {
		return s.Note.String()
	}
	switch s.Stage {
	case model.StageCheck:
		return "read again before sending"
	case model.StageTrigger:
		return "the one request"
	case model.StageConfirm:
		return "reading what became of it"
	}
	return ""
}

// NoStages says why a run has no stages to show.
func NoStages(r model.Run) string {
	switch {
	case r.Open:
		return "they are told when it ends"
	case r.Settled():
		return "not known: its process ended before it could write them down"
	}
	return "none were kept"
}

// Field is one line of a list: a name and its value, which is empty where it is
// not known.
type Field struct{ Name, Value string }

// Packet returns what a sync sent, member by member as they are called on the
// wire. The licence key is named and never shown.
func Packet(p model.Packet, loc *time.Location) []Field {
	row := ""
	if at, ok := p.Row.Get(); ok {
		row = Stamp(at, loc)
	}
	out := []Field{
		{"gitlab_version", p.GitLab.String()},
		{"timestamp", row},
		{"license_key", "never shown here"},
		{"max_historical_user_count", known(p.Maximum)},
		{"billable_users_count", known(p.Billable)},
		{"hostname", p.Hostname.String()},
		{"instance_id", p.InstanceID.String()},
		{"unique_instance_id", p.UniqueID.String()},
	}
	for _, a := range p.AddOns {
		out = append(out, Field{"add_on_metrics", a.Type.String() + ": " + Count(a.Purchased) + " purchased, " + Count(a.Assigned) + " assigned"})
	}
	for _, name := range p.Others {
		out = append(out, Field{name.String(), "not read"})
	}
	return out
}

func known(n model.Opt[int]) string {
	if n.Known() {
		return Count(n)
	}
	return ""
}

// PacketNote says of which day a packet's counts are, and what is not in it.
func PacketNote(p model.Packet) string {
	day := "Its counts are those that GitLab made when it was asked: no daily row is known."
	if at, ok := p.Row.Get(); ok {
		day = "Its counts are those of the daily row of " + model.DayOf(at).String() + ", not of the minute of the sync."
	}
	return day + " Current versions of GitLab do not send inactive counts."
}

// NoPacket says why there is no packet to show for a run.
func NoPacket(r model.Run) string {
	switch {
	case r.Plan.Kind.Driver() == model.DriverActivation:
		return "An activation sends the code and who the instance is; counts are not part of it."
	case r.Open, r.Settled():
		return "Not known here: what GitLab sent is told to the process that asked."
	case !r.Sent():
		return "Nothing was sent."
	}
	return "What GitLab sent is not in the record."
}

// Driver returns whether a driver can be used, as a status.
func Driver(s model.DriverState) Status {
	if s.Usable {
		return Status{OK, "usable"}
	}
	return Status{None, "not usable"}
}

// ShortHash returns the first digits of a hash, as many as people compare;
// [Unknown] for what is none.
func ShortHash(h string) string {
	const digits = 12
	if len(h) < digits || strings.Trim(h[:digits], "0123456789abcdef") != "" {
		return Unknown
	}
	return h[:digits]
}

// Who returns on whose behalf a record was written: "anna, by sudo from uid
// 1000, from 10.0.4.17".
func Who(w model.Who) string {
	s := model.CleanN(w.User, 80).String()
	if s == "" {
		s = "uid " + strconv.Itoa(w.UID)
	}
	if w.SudoUID > 0 {
		s += ", by sudo from uid " + strconv.Itoa(w.SudoUID)
	}
	if w.SSHPeer != "" {
		s += ", from " + model.CleanN(w.SSHPeer, 80).String()
	}
	return s
}

// AddOnList words a record's list of add-ons, "DUO_ENTERPRISE 60; DUO_PRO 40",
// as they are sold.
func AddOnList(list string) string {
	parts := strings.Split(list, "; ")
	for i, part := range parts {
		if at := strings.LastIndexByte(part, ' '); at > 0 {
			parts[i] = AddOn(model.Clean(part[:at])) + part[at:]
		}
	}
	return List(parts)
}

// Terms returns one member of what "changed" compares, as people read it.
func Terms(name, value string) string {
	if name == "add-ons" {
		value = AddOnList(value)
	}
	return model.Clean(value).String()
}

// Job returns where GitLab's own job stood, in plain words.
func Job(j model.JobState) string {
	switch j.Phase {
	case model.JobWaiting:
		return "waits in its queue"
	case model.JobRunning:
		return "runs"
	case model.JobScheduled:
		return "waits for its time"
	case model.JobRetry:
		return "failed, and waits for its next try"
	case model.JobDead:
		return "given up after its last try"
	case model.JobGone:
		return "gone, and the last sync time did not move"
	case model.JobDone:
		return "done"
	}
	return "unknown"
}

// Consent returns how somebody agreed to a plan.
func Consent(how string) string {
	switch how {
	case "--yes":
		return "a flag, beforehand"
	case "phrase":
		return "answering the question"
	}
	return Unknown
}

// Receipt returns what was shown before consent, with the digits by which it can
// be compared.
func Receipt(r model.Receipt) string {
	return model.CleanN(r.Title, 60).String() + ", " + Plural(r.Bytes, "byte", "bytes") + ", sha256 " + ShortHash(r.SHA256)
}

// LiveStage returns what a stage of a running sync found, or what it is for.
func LiveStage(l model.RunningAct, s model.LiveStage, last model.Opt[time.Time], now time.Time, loc *time.Location) string {
	switch {
	case s.State == model.StageCurrent && l.Looks > 0:
		return Looks(l, last, now, loc)
	case s.State == model.StageOmitted && s.Stage == model.StagePacket:
		return "no counts in this exchange"
	case s.State == model.StageOmitted:
		return "not from here"
	case !s.Note.Empty():
		return s.Note.String()
	}
	switch s.Stage {
	case model.StageCheck:
		return "may the instance sync?"
	case model.StagePacket:
		return "what GitLab sends"
	case model.StageTrigger:
		return "the one request"
	case model.StageConfirm:
		return "waits for a later sync time"
	case model.StagePull:
		return "reads the terms again"
	}
	return ""
}

// Looks returns how often a running sync has looked for its effect, and what it
// saw: "asked 6 times, last sync still 03:41".
func Looks(l model.RunningAct, last model.Opt[time.Time], now time.Time, loc *time.Location) string {
	times := Plural(l.Looks, "time", "times")
	if !l.Note.Empty() {
		return l.Note.String() + ", looked " + times
	}
	text := "asked " + times
	if at, ok := last.Get(); ok {
		text += ", last sync still " + strings.TrimPrefix(Event(at, now, loc), "today ")
	}
	return text
}

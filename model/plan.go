package model

import (
	"encoding/json"
	"time"
)

// ActKind names what a plan does. The write engine knows one act for each.
type ActKind string

// The kinds of plans.
const (
	ActRegistrationEnable   ActKind = "registration.enable"
	ActRegistrationDisable  ActKind = "registration.disable"
	ActRegistrationOptional ActKind = "registration.optional"
	ActSyncHost             ActKind = "sync.host"
	ActActivate             ActKind = "license.activate"
	ActRecount              ActKind = "users.recount"
)

// Danger is how dangerous a plan is. It decides how consent is given.
type Danger int

// The levels (design §4).
const (
	DangerOne  Danger = 1 // one thing that can be taken back, such as a toggle or a sync: y/n
	DangerName Danger = 2 // one thing that cannot be taken back whole: its name is typed, and a countdown runs
	DangerMany Danger = 3 // many things: "N on host" is typed; first 1, then 10, then the rest
)

// Schema of plans, and their longest life (faults §6.1).
const (
	PlanSchema  = "seatdeck.plan"
	PlanVersion = 1
	planLife    = 24 * time.Hour
)

// ChangePlan is one change to one instance, worked out beforehand: every step
// with what it sends, what must be true before it, and how it is settled. It is
// a value; a desk applies it only with a [Consent] that was given to exactly
// this plan. It never holds a secret.
type ChangePlan struct {
	Schema   string       `json:"schema"`  // PlanSchema
	Version  int          `json:"version"` // PlanVersion
	ID       string       `json:"id"`      // random; a plan is used once
	Kind     ActKind      `json:"kind"`
	Instance PlanInstance `json:"instance"`
	Operator PlanOperator `json:"operator"`
	Trigger  Trigger      `json:"trigger"` // you or timer
	Made     time.Time    `json:"made_at"`
	Expires  time.Time    `json:"expires_at"`
	Level    Danger       `json:"level"`
	Title    string       `json:"title"`            // such as "Opt in to registration features"
	Object   string       `json:"object,omitempty"` // level 2: the name that consent types, such as a username
	Steps    []Step       `json:"steps"`            // none: there is nothing to do
	Gains    []string     `json:"gains"`            // what is won, by name
	Losses   []string     `json:"losses"`           // what is lost, by name
	Warnings []string     `json:"warnings"`         // each one sentence
	Shown    []Receipt    `json:"shown"`            // what was put before the person
}

// PlanInstance is the instance a plan is for. Key is the hash of its normalised
// address; UUID is empty when the instance did not tell it.
type PlanInstance struct {
	Name string `json:"name"` // in the profile
	Host string `json:"host"`
	Key  string `json:"key"`
	UUID Text   `json:"uuid"`
}

// PlanOperator is the account whose token applies the plan.
type PlanOperator struct {
	ID       int64 `json:"id"`
	Username Text  `json:"username"`
}

// Step is one request of a plan.
type Step struct {
	Operation    string          `json:"operation"`    // name of one of Operations
	Target       string          `json:"target"`       // what it acts on, in ASCII: "application settings", "user jdoe (id 7)"
	Changes      []Change        `json:"changes"`      // before → after, for people
	Precondition Reading         `json:"precondition"` // what reading must show right before it is sent
	Wanted       Reading         `json:"wanted"`       // what reading shows once it worked; empty: the act judges by itself
	Send         json.RawMessage `json:"send"`         // the payload, exactly; null when there is none; never a secret
	Settle       string          `json:"settle"`       // how a lost answer is settled by reading, in plain words
}

// Receipt says what was shown before consent: text of this many bytes with this
// SHA-256 in hexadecimal digits.
type Receipt struct {
	Title  string `json:"title"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Empty reports whether there is nothing to do: what was asked for is so
// already.
func (p ChangePlan) Empty() bool { return len(p.Steps) == 0 }

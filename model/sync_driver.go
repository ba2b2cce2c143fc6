package model

import "time"

// Driver is a way in which a sync can be asked for. There is no call of
// GitLab's API that means "sync now" (contract §2.5).
type Driver string

// The drivers. Host asks the instance's own code on the GitLab server, as the
// page's button does; activation repeats the activation with a code; browser
// names the page whose button a person presses; none watches for the daily job.
const (
	DriverHost       Driver = "host"
	DriverActivation Driver = "activation"
	DriverBrowser    Driver = "browser"
	DriverNone       Driver = "none"
)

// Drivers lists them, the one that can claim most first.
func Drivers() []Driver { return []Driver{DriverHost, DriverActivation, DriverBrowser, DriverNone} }

// Sends reports whether the driver itself makes something happen.
func (d Driver) Sends() bool { return d == DriverHost || d == DriverActivation }

// SyncKind is the kind of act of a sync by a driver. One that sends nothing has
// a name all the same, by which its runs are told.
func SyncKind(d Driver) ActKind {
	if d == DriverActivation {
		return ActActivate
	}
	return ActKind("sync." + string(d))
}

// Does says in plain words what the driver does.
func (d Driver) Does() string {
	switch d {
	case DriverHost:
		return "asks GitLab's own code on the server, as the page's button does, and follows the job"
	case DriverActivation:
		return "activates again with the configured code"
	case DriverBrowser:
		return "names the page whose button you press, and watches"
	case DriverNone:
		return "watches for the daily job"
	}
	return ""
}

// Claims says what the driver can claim when it ends well.
func (d Driver) Claims() string {
	switch d {
	case DriverHost:
		return "a sync, with its result"
	case DriverActivation:
		return "terms refreshed; counts are not part of this exchange"
	}
	return "not sent by us; an observation when the last sync time moves"
}

// ActivationPause is how long an activation keeps the next one waiting: whether
// the vendor's portal limits repeats is not known (contract §2.5).
const ActivationPause = time.Hour

// DriverContext is what decides which drivers are usable.
type DriverContext struct {
	Mode           Mode
	Configured     Driver // the profile's
	HostCommand    bool   // a way to the server is configured
	ActivationCode bool   // a source of a code is configured
	License        Part[License]
	Settings       Part[Settings]
	LastActivation Opt[time.Time] // the newest by our own record
	Now            time.Time
}

// DriverState is one driver as it stands here and now.
type DriverState struct {
	Driver Driver         `json:"driver"`
	Chosen bool           `json:"configured"` // by the profile
	Usable bool           `json:"usable"`
	Refuse *Error         `json:"error"`       // why it is not usable, and what helps
	From   Opt[time.Time] `json:"usable_from"` // when it will be, where that is known
}

// DriverStates tells of each driver whether it can be used, in the order of
// [Drivers].
func DriverStates(c DriverContext) []DriverState {
	out := make([]DriverState, 0, len(Drivers()))
	for _, d := range Drivers() {
		s := DriverState{Driver: d, Chosen: d == c.Configured, Refuse: c.refuse(d)}
		if at, ok := c.pausedUntil().Get(); ok && d == DriverActivation && s.Refuse != nil && s.Refuse.Class == ClassLocked {
			s.From = Some(at)
		}
		s.Usable = s.Refuse == nil
		out = append(out, s)
	}
	return out
}

// Refuse says why a driver cannot be used now; nil when it can.
func (c DriverContext) Refuse(d Driver) *Error { return c.refuse(d) }

const syncNow = "sync"

func (c DriverContext) refuse(d Driver) *Error {
	switch d {
	case DriverHost:
		if !c.HostCommand {
			return Fail(ClassConfig, syncNow, "no way to the GitLab server is configured", `set host_command in the instance's [sync] table, such as ["sudo", "-n", "gitlab-rails"]`)
		}
		if err := c.Mode.Allow(OpHostSync); err != nil {
			return err
		}
	case DriverActivation:
		if !c.ActivationCode {
			return Fail(ClassConfig, syncNow, "no activation code is configured", "set activation_code_file or activation_code_command for the instance")
		}
		if err := c.Mode.Allow(OpActivate); err != nil {
			return err
		}
	case DriverBrowser, DriverNone:
	default:
		return Fail(ClassUsage, syncNow, "there is no sync driver "+CleanN(string(d), 40).String(), "use one of host, activation, browser, none")
	}
	if err := c.ineligible(); err != nil {
		return err
	}
	if d == DriverActivation {
		return c.refuseActivation()
	}
	return nil
}

// ineligible is what no driver can help: the instance itself would send
// nothing. What could not be read refuses nothing here: the host driver asks
// the server.
func (c DriverContext) ineligible() *Error {
	if c.License.lacks() {
		return Fail(ClassRefused, syncNow, noLicences, "")
	}
	if c.License.Known() && c.License.Err == nil {
		if ok, why := c.License.Value.SyncEligible(); !ok {
			return Fail(ClassRefused, syncNow, why, "")
		}
	}
	if c.Settings.Known() && c.Settings.Value.SilentMode.Or(false) {
		reason, next := RefusalSilentMode.Words()
		return Fail(ClassRefused, syncNow, reason, next)
	}
	return nil
}

// refuseActivation: GitLab takes no changes through the API while it is
// maintained (contract §11.7), and a code is used at most once an hour.
func (c DriverContext) refuseActivation() *Error {
	if c.Settings.Known() && c.Settings.Value.Maintenance.Or(false) {
		return Fail(ClassRefused, syncNow, "maintenance mode is on: the instance takes no activation", "try again when it is over")
	}
	if at, ok := c.pausedUntil().Get(); ok {
		return Fail(ClassLocked, syncNow, "the last activation is less than an hour old", "try again from "+at.UTC().Format("15:04 UTC"))
	}
	return nil
}

// pausedUntil is when an activation may be tried again; unknown when it may be
// now. A record from the future, of a clock that was set back, counts as one of
// now.
func (c DriverContext) pausedUntil() Opt[time.Time] {
	last, ok := c.LastActivation.Get()
	if !ok {
		return None[time.Time]()
	}
	if last.After(c.Now) {
		last = c.Now
	}
	if until := last.Add(ActivationPause); until.After(c.Now) {
		return Some(until)
	}
	return None[time.Time]()
}

package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Disclosure is one thing that the instance sends to the vendor, laid open
// before somebody agrees to it. It holds no secret: the licence key and a
// licensee's name and address are named, not shown.
type Disclosure struct {
	Title string      `json:"title"`
	Sent  Opt[bool]   `json:"sent"`           // whether it goes out as things stand
	Note  string      `json:"note,omitempty"` // why it does not go out, or why it is not known
	AsOf  AsOf        `json:"as_of"`          // when what it is drawn from was read
	Rows  []Disclosed `json:"rows"`
}

// Disclosed is one value of it.
type Disclosed struct {
	Name  string `json:"name"`  // as it is called on the wire, or what it is about
	Value Text   `json:"value"` // empty where it is not known, [Hidden] where it is never shown
	Mark  string `json:"mark,omitempty"`
}

// Hidden stands for a value that goes out and is never shown.
const Hidden = "hidden"

// The marks of values that are sensitive.
const (
	MarkServer   = "names this server"
	MarkLicensee = "names the licensee"
	MarkLicense  = "identifies the licence"
	MarkSecret   = "the key itself; never shown here"
)

// Plain is the disclosure in one form for one content, by which a receipt can be
// held against what was shown: a line each for title, note and row, fields
// parted by tabs.
func (d Disclosure) Plain() []byte {
	var b strings.Builder
	line := func(fields ...string) { b.WriteString(strings.Join(fields, "\t") + "\n") }
	sent := "unknown"
	if on, ok := d.Sent.Get(); ok {
		sent = strconv.FormatBool(on)
	}
	line(d.Title, "sent "+sent, d.Note)
	for _, r := range d.Rows {
		line(r.Name, r.Value.String(), r.Mark)
	}
	return []byte(b.String())
}

// Receipt returns the receipt for the disclosure.
func (d Disclosure) Receipt() Receipt { return ReceiptOf(d.Title, d.Plain()) }

// Sensitive returns how many of the rows carry a mark.
func (d Disclosure) Sensitive() int {
	n := 0
	for _, r := range d.Rows {
		if r.Mark != "" {
			n++
		}
	}
	return n
}

// DisclosuresOf lays open what the instance sends: the sync packet and the
// cached Service Ping payload, as far as the API shows them.
func DisclosuresOf(f *Facts, now time.Time) []Disclosure {
	return []Disclosure{packetShown(f, now), pingShown(f, now)}
}

// packetShown is the body of a sync as the instance would build it (contract
// §3.2): its counts are those of the newest daily row, not live ones.
func packetShown(f *Facts, now time.Time) Disclosure {
	o := syncOutflow(f, now)
	d := Disclosure{Title: "sync packet", Sent: o.On, Note: o.Note, AsOf: f.License.AsOf, Rows: []Disclosed{}}
	if !f.License.Known() || !f.License.Value.Present() {
		return d
	}
	add := func(name, value, mark string) { d.Rows = append(d.Rows, Disclosed{name, Clean(value), mark}) }
	v := f.Metadata.Value.Version
	stamp, highest, billable := packetCounts(f)
	add("gitlab_version", knownVersion(v), "")
	add("timestamp", stamp, "")
	add("license_key", Hidden, MarkSecret)
	add("max_historical_user_count", highest, "")
	add("billable_users_count", billable, "")
	add("hostname", hostnameOf(f), MarkServer)
	add("instance_id", f.Ping.Value.UUID.String(), MarkServer)
	if v.AtLeast(18, 1) {
		add("unique_instance_id", "", MarkServer)
	}
	for _, a := range f.AddOns.Value {
		if v.AtLeast(17, 0) {
			add("add_on_metrics "+strings.ToLower(a.Name.String()), fmt.Sprintf("%d purchased, %d assigned", a.Purchased, a.Assigned), "")
		}
	}
	return d
}

// packetCounts are the counts that the newest daily row stands for, empty where
// no row is known: the instance then counts anew when it sends.
func packetCounts(f *Facts) (stamp, highest, billable string) {
	row, ok := f.Daily.Value.Newest()
	if !ok {
		return "", "", ""
	}
	peak, ok := f.Daily.Value.Peak(f.License.Value.Starts, row.Day())
	if !ok {
		peak = row
	}
	return row.At.UTC().Format(time.RFC3339), strconv.Itoa(peak.Count), strconv.Itoa(row.Count)
}

func knownVersion(v Version) string {
	if !v.Known() {
		return ""
	}
	return v.String()
}

// hostnameOf is what the instance calls itself; its address will mostly do for
// that where no payload tells.
func hostnameOf(f *Facts) string {
	if h := f.Ping.Value.Hostname; !h.Empty() {
		return h.String()
	}
	return f.Host
}

// pingShown tells of the cached payload, which is too large to be shown whole:
// its size, age and hash, and everything in it that names somebody or something.
func pingShown(f *Facts, now time.Time) Disclosure {
	o := pingOutflow(f, now)
	d := Disclosure{Title: "Service Ping payload", Sent: o.On, Note: o.Note, AsOf: f.Ping.AsOf, Rows: []Disclosed{}}
	add := func(name, value, mark string) { d.Rows = append(d.Rows, Disclosed{name, Clean(value), mark}) }
	add("categories as things stand", strings.Join(PingCategories(f), ", "), "")
	if at, ok := o.Next.Get(); ok {
		add("next sending", at.UTC().Format("Mon 2 Jan 15:04 UTC"), "")
	}
	p := f.Ping.Value
	switch {
	case !f.Ping.Known():
		why := "not read yet"
		if f.Ping.Err != nil {
			why = f.Ping.Err.Msg.String()
		}
		add("cached payload", "could not be read: "+why, "")
		return d
	case p.Empty:
		add("cached payload", "none; GitLab makes one every week and forgets it when it is reconfigured", "")
		return d
	}
	add("cached payload", fmt.Sprintf("%s bytes, %s values", Thousands(int64(p.Bytes)), Thousands(int64(p.Counts))), "")
	if at, ok := p.RecordedAt.Get(); ok {
		add("recorded at", at.UTC().Format("2006-01-02 15:04 UTC"), "")
	}
	add("categories in it", strings.Join(p.Categories, ", "), "")
	add("sha256", p.SHA256, "")
	for _, name := range p.Naming {
		value := Clean(Hidden)
		switch name {
		case "uuid":
			value = p.UUID
		case "hostname":
			value = p.Hostname
		}
		d.Rows = append(d.Rows, Disclosed{name, value, PingMark(name)})
	}
	return d
}

// pingMarks are the members of a payload that name somebody or something
// (contract §7.5, §7.7); all else are totals and settings.
var pingMarks = map[string]string{
	"uuid": MarkServer, "hostname": MarkServer, "unique_instance_uuid": MarkServer,
	"licensee.Name": MarkLicensee, "licensee.Company": MarkLicensee, "licensee.Email": MarkLicensee,
	"license_id": MarkLicense, "license_md5": MarkLicense, "license_sha256": MarkLicense, "license_subscription_id": MarkLicense,
}

// PingMark returns why the member of a Service Ping payload is sensitive, ""
// when it is not. Members of an object are named with a full stop.
func PingMark(member string) string {
	if mark, ok := pingMarks[member]; ok {
		return mark
	}
	if strings.HasPrefix(member, "licensee.") {
		return MarkLicensee
	}
	return ""
}

// PingCategories are the data categories that the next payload holds (contract
// §7.5): optional metrics are one that the instance may leave out.
func PingCategories(f *Facts) []string {
	all := []string{"standard", "subscription", "operational", "optional"}
	if !f.Settings.Value.OptionalMetrics.Or(true) {
		return slices.Delete(all, 3, 4)
	}
	return all
}

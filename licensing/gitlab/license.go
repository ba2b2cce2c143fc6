package gitlab

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"seatdeck/model"
)

// restLicense is the licence object of REST (contract §1.2).
type restLicense struct {
	ID       number         `json:"id"`
	Plan     text           `json:"plan"`
	Created  day            `json:"created_at"`
	Starts   day            `json:"starts_at"`
	Expires  day            `json:"expires_at"`
	Maximum  number         `json:"maximum_user_count"`
	Expired  flag           `json:"expired"`
	Overage  number         `json:"overage"`
	Limit    number         `json:"user_limit"`
	Active   number         `json:"active_users"`
	Licensee jsontext.Value `json:"licensee"`
	AddOns   jsontext.Value `json:"add_ons"`
}

// graphLicense is CurrentLicense and, with fewer members, a history or future
// entry of GraphQL (contract §2.2, §2.3).
type graphLicense struct {
	ID        text   `json:"id"`
	Type      text   `json:"type"`
	Plan      text   `json:"plan"`
	Name      text   `json:"name"`
	Email     text   `json:"email"`
	Company   text   `json:"company"`
	Starts    day    `json:"startsAt"`
	Expires   day    `json:"expiresAt"`
	Blocks    day    `json:"blockChangesAt"`
	Activated day    `json:"activatedAt"`
	Created   day    `json:"createdAt"`
	Seats     number `json:"usersInLicenseCount"`
	LastSync  moment `json:"lastSync"`
	Billable  number `json:"billableUsersCount"`
	Maximum   number `json:"maximumUserCount"`
	Over      number `json:"usersOverLicenseCount"`
	Trial     flag   `json:"trial"`

	asksSeats bool // the instance knows usersInLicenseCount
}

var entryMembers = members("id", "type", "plan", "name", "email", "company", "startsAt", "expiresAt",
	"blockChangesAt", "activatedAt", "createdAt", "usersInLicenseCount")

var askCurrent = question{op: model.OpLicense, root: "currentLicense", fields: append(entryMembers[:len(entryMembers):len(entryMembers)],
	members("lastSync", "billableUsersCount", "maximumUserCount", "usersOverLicenseCount", "trial")...)}

// License reads the current licence from REST and GraphQL and joins them:
// the two differ on purpose in what they call overage (contract §1.3), and each
// has members the other lacks. No licence is an answer, model.KindNone.
func (c *Client) License(ctx context.Context) (model.License, error) {
	rest, err := c.restLicense(ctx)
	if err != nil {
		return model.License{}, err
	}
	graph, err := c.graphLicense(ctx)
	if err != nil && !unsupported(err) {
		return model.License{}, err
	}
	switch {
	case rest == nil && graph == nil:
		return model.License{Kind: model.KindNone}, nil
	case graph == nil:
		return fromREST(rest), nil
	case rest == nil || !sameTerm(rest, graph):
		// REST answers from a cache of a minute; GraphQL drops it (contract
		// §1.4, §2.2). What belongs to another licence is left out.
		return fromGraph(graph), nil
	}
	return join(fromREST(rest), fromGraph(graph)), nil
}

// restLicense reads GET /license: nil for the JSON null of an instance without
// a licence (contract §1.4).
func (c *Client) restLicense(ctx context.Context) (*restLicense, error) {
	cl, err := c.get(ctx, model.OpLicense, "license", nil)
	if cl.status == http.StatusNotFound {
		return nil, c.needsEE(cl)
	}
	if cl.status == http.StatusForbidden {
		return nil, c.explained(ctx, cl)
	}
	if err != nil {
		return nil, err
	}
	var w *restLicense
	if err := decode(cl, &w); err != nil {
		return nil, err
	}
	if w != nil && (!w.ID.known || !w.Plan.known || w.Starts.v == 0) {
		return nil, lacking(cl.op, "id, plan or starts_at of the licence")
	}
	return w, nil
}

// needsEE words the 404 of a licence route: the Community Edition has none.
func (c *Client) needsEE(cl *call) *model.Error {
	if readRefusal(cl.header, cl.excerpt).page {
		return notGitLab(cl.op)
	}
	return model.Fail(model.ClassUnsupported, cl.op.What, "this needs the Enterprise Edition, and the instance runs another", "install the gitlab-ee package; it runs without a licence as well")
}

func (c *Client) graphLicense(ctx context.Context) (*graphLicense, error) {
	raw, err := c.askGraph(ctx, askCurrent, "")
	if err != nil || raw == nil {
		return nil, err
	}
	var w graphLicense
	if err := decodeValue(askCurrent.op, raw, &w); err != nil {
		return nil, err
	}
	if !w.Plan.known || !w.Type.known {
		return nil, lacking(askCurrent.op, "plan or type of the licence")
	}
	w.asksSeats = !c.missing(askCurrent)["usersInLicenseCount"]
	return &w, nil
}

func unsupported(err error) bool {
	e, ok := errors.AsType[*model.Error](err)
	return ok && e.Class == model.ClassUnsupported
}

// sameTerm reports whether both answers speak of one licence. They share no
// number: REST has the database row, GraphQL the licence's own.
func sameTerm(r *restLicense, g *graphLicense) bool {
	return r.Plan.v == g.Plan.v && (r.Starts.v == g.Starts.v || g.Starts.v == 0) && r.Expires.v == g.Expires.v
}

func fromREST(r *restLicense) model.License {
	who := licensee(r.Licensee)
	l := model.License{
		Kind: model.KindUnknown, RowID: r.ID.count(), Plan: planOf(r.Plan), Name: who["Name"], Company: who["Company"], Email: who["Email"],
		Starts: r.Starts.v, Ends: r.Expires.v, Added: r.Created.v, ExpiredFlag: r.Expired.opt(),
		Daily: r.Active.count(), Active: r.Active.count(), Maximum: r.Maximum.count(), OverNow: r.Overage.count(), AddOnMap: addOnMap(r.AddOns),
	}
	if r.Limit.known && r.Limit.v > 0 {
		l.Seats = r.Limit.count()
	} else {
		l.NoLimit = r.Limit.known // 0 means that no limit is recorded, not zero seats
	}
	l.OverPeak = overPeak(l)
	return l
}

func fromGraph(g *graphLicense) model.License {
	l := model.License{
		Kind: kindOf(g.Type), Number: numberOf(g.ID), Plan: planOf(g.Plan), Name: g.Name.v, Company: g.Company.v, Email: g.Email.v,
		Starts: g.Starts.v, Ends: g.Expires.v, Blocks: g.Blocks.v, Activated: g.Activated.v, Added: g.Created.v, Trial: g.Trial.opt(),
		Seats: g.Seats.count(), NoLimit: g.asksSeats && !g.Seats.known,
		Daily: g.Billable.count(), Maximum: g.Maximum.count(), OverPeak: g.Over.count(), LastSync: g.LastSync.opt(),
	}
	if !l.OverPeak.Known() {
		l.OverPeak = overPeak(l)
	}
	return settleTrial(l)
}

// join takes GraphQL's word where both have one, because it is the fresher.
func join(r, g model.License) model.License {
	g.RowID, g.ExpiredFlag, g.Active, g.OverNow, g.AddOnMap = r.RowID, r.ExpiredFlag, r.Active, r.OverNow, r.AddOnMap
	g.Name, g.Company, g.Email = either(g.Name, r.Name), either(g.Company, r.Company), either(g.Email, r.Email)
	if !g.Added.Known() {
		g.Added = r.Added
	}
	if !g.Seats.Known() && !g.NoLimit {
		g.Seats, g.NoLimit = r.Seats, r.NoLimit
	}
	if !g.Daily.Known() {
		g.Daily = r.Daily
	}
	if !g.Maximum.Known() {
		g.Maximum = r.Maximum
	}
	if !g.OverPeak.Known() {
		g.OverPeak = overPeak(g)
	}
	return settleTrial(g)
}

// settleTrial shows no overage for a trial, as GitLab documents it, whatever
// the counters say (contract §1.3).
func settleTrial(l model.License) model.License {
	if l.Trial.Or(false) {
		l.OverNow, l.OverPeak = model.Some(0), model.Some(0)
	}
	return l
}

// overPeak is users over subscription by contract §6.2, for instances that do
// not say it: maximum − seats, at least 0.
func overPeak(l model.License) model.Opt[int] {
	m, okM := l.Maximum.Get()
	s, okS := l.Seats.Get()
	if !okM || !okS {
		return model.None[int]()
	}
	return model.Some(max(m-s, 0))
}

func either(a, b model.Text) model.Text {
	if a.Empty() {
		return b
	}
	return a
}

// kindOf reads the type of a licence, with the names of older versions.
func kindOf(t text) model.Kind {
	switch s := t.v.String(); s {
	case "cloud":
		return model.KindOnlineCloud
	case "license_file":
		return model.KindLegacy
	case string(model.KindOnlineCloud), string(model.KindOfflineCloud), string(model.KindLegacy):
		return model.Kind(s)
	}
	return model.KindUnknown
}

func planOf(t text) model.Plan { return model.Plan(strings.ToLower(t.v.String())) }

// numberOf takes the licence's own number from a global id; keys without one
// leave it empty (contract §2.2).
func numberOf(id text) model.Text {
	s := id.v.String()
	return model.Clean(s[strings.LastIndexByte(s, '/')+1:])
}

// licensee reads the free-form map of a key; values that are not text are left
// out.
func licensee(raw jsontext.Value) map[string]model.Text {
	out := map[string]model.Text{}
	var all map[string]jsontext.Value
	if raw == nil || unmarshal(raw, &all) != nil {
		return out
	}
	for k, v := range all {
		if s, err := unquote(v); err == nil {
			out[k] = model.Clean(s)
		}
	}
	return out
}

// addOnMap reads the add-ons inside very old keys. An empty map may come as an
// empty array.
func addOnMap(raw jsontext.Value) map[string]int {
	var all map[string]number
	if raw == nil || unmarshal(raw, &all) != nil || len(all) == 0 {
		return nil
	}
	out := make(map[string]int, len(all))
	for k, n := range all {
		if n.known {
			out[model.CleanN(k, 64).String()] = int(n.v)
		}
	}
	return out
}

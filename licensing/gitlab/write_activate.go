package gitlab

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"seatdeck/model"
)

// The documents of the activation mutation, the only ones that may write
// (contract §2.4). A member that a version does not know would refuse all of it,
// so little is asked for: the licence itself is read afterwards.
const (
	activation       = `mutation($code: String!) { gitlabSubscriptionActivate(input: {activationCode: $code}) { errors license { id } } }`
	activationFuture = `mutation($code: String!) { gitlabSubscriptionActivate(input: {activationCode: $code}) { errors license { id } ` +
		`futureSubscriptions { type plan startsAt expiresAt usersInLicenseCount } } }`
)

// activationTime is how long the answer to an activation may take: the instance
// asks the vendor's portal meanwhile (contract §2.4).
const activationTime = callTime

// onlyActivation reports whether a GraphQL payload is the activation mutation.
func onlyActivation(payload []byte) bool {
	var p struct {
		Query string `json:"query"`
	}
	return json.Unmarshal(payload, &p) == nil && (p.Query == activation || p.Query == activationFuture)
}

// codeLike reports whether a text has the form of an activation code: 24 letters
// and digits (contract §2.4).
func codeLike(code string) bool {
	if len(code) != 24 {
		return false
	}
	for i := range len(code) {
		if c := code[i]; (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return true
}

// Activate hands an activation code to the instance, which asks the vendor's
// portal for the licence at once. The code is a secret: it is in no error, and
// what the instance says is cleared of it.
func (c *Client) Activate(ctx context.Context, code string) (model.Activation, error) {
	op := model.OpActivate
	if code = strings.TrimSpace(code); !codeLike(code) {
		return model.Activation{}, model.Fail(model.ClassConfig, op.What, "what was given cannot be an activation code", "it has 24 letters and digits, and comes with the order confirmation")
	}
	doc := activation
	if c.version().AtLeast(15, 0) {
		doc = activationFuture
	}
	cl := &call{op: op, secret: code, quiet: activationTime}
	err := c.send(ctx, cl, http.MethodPost, c.site.graphql(), graphPayload{Query: doc, Variables: map[string]any{"code": code}})
	if err := c.doubted(cl, err); err != nil {
		return model.Activation{}, err
	}
	payload, err := c.activated(ctx, cl)
	if err != nil {
		return model.Activation{}, err
	}
	for _, e := range payload.Errors {
		return model.Activation{}, activationRefusal(cl.clear(e.v.String()))
	}
	return payload.told(), nil
}

// activationPayload is the answer of the mutation.
type activationPayload struct {
	Errors  []text         `json:"errors"`
	License jsontext.Value `json:"license"`
	Future  []graphLicense `json:"futureSubscriptions"`
}

// activated reads the answer: its payload, or why there is none.
func (c *Client) activated(ctx context.Context, cl *call) (*activationPayload, error) {
	var w struct {
		Data struct {
			Payload *activationPayload `json:"gitlabSubscriptionActivate"`
		} `json:"data"`
		Errors []graphError `json:"errors"`
	}
	err := decode(cl, &w)
	switch {
	case err != nil:
		return nil, unreadableYes(cl.op, err)
	case len(unknownMembers(w.Errors)) > 0:
		return nil, c.notOnVersion(cl.op)
	case len(w.Errors) > 0:
		return nil, c.mutationRefusal(ctx, cl.op, cl.clear(w.Errors[0].Message.v.String()))
	case w.Data.Payload == nil:
		return nil, unreadableYes(cl.op, lacking(cl.op, "gitlabSubscriptionActivate"))
	}
	return w.Data.Payload, nil
}

// mutationRefusal words a top-level error of a mutation, before which nothing
// was done. One that ran out of time may have been.
func (c *Client) mutationRefusal(ctx context.Context, op model.Operation, msg string) *model.Error {
	e := c.graphRefusal(ctx, op, msg)
	if e.Class == model.ClassUnreachable {
		return model.Fail(model.ClassChanged, e.Op, e.Msg.String(), mayHaveArrived)
	}
	return e
}

// activationRefusal words what the mutation itself refuses (contract §2.4).
func activationRefusal(msg string) *model.Error {
	fail := func(class model.Class, msg, next string) *model.Error {
		return model.Fail(class, model.OpActivate.What, msg, next)
	}
	switch low := strings.ToLower(msg); {
	case msg == "CONNECTIVITY_ERROR":
		return fail(model.ClassFailed, "the instance cannot reach the vendor's portal, customers.gitlab.com", "on the server, let it reach port 443 of that host, or set http_proxy in gitlab_rails['env']")
	case strings.Contains(low, "silent mode"):
		return fail(model.ClassRefused, "silent mode is on: the instance sends nothing out", "switch silent mode off, or wait for its end")
	case strings.Contains(low, "self-managed"):
		return fail(model.ClassRefused, "this is not a self-managed instance", "")
	}
	return fail(model.ClassRefused, "the vendor's portal refused: "+orSilent(msg), "check the code in the order confirmation or at customers.gitlab.com")
}

// told is what the answer says: a licence now, or terms that begin later.
func (p *activationPayload) told() model.Activation {
	var a model.Activation
	if p.License != nil {
		a.Licensed = model.Some(p.License.Kind() != 'n')
	}
	for i := range p.Future {
		l := fromGraph(&p.Future[i])
		a.Future = append(a.Future, model.Term{Plan: l.Plan, Kind: l.Kind, Starts: l.Starts, Ends: l.Ends, Seats: l.Seats})
	}
	sortFuture(a.Future)
	return a
}

// askLastSync is the cheapest question that shows a sync: for polling.
var askLastSync = question{op: model.OpLicense, root: "currentLicense", fields: members("lastSync")}

// LastSync reads when the licence was last synced: unknown without a licence,
// and for one that never was.
func (c *Client) LastSync(ctx context.Context) (model.Opt[time.Time], error) {
	raw, err := c.askGraph(ctx, askLastSync, "")
	if err != nil || raw == nil {
		return model.None[time.Time](), err
	}
	var w struct {
		LastSync moment `json:"lastSync"`
	}
	if err := decodeValue(askLastSync.op, raw, &w); err != nil {
		return model.None[time.Time](), err
	}
	return w.LastSync.opt(), nil
}

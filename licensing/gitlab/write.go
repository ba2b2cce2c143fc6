package gitlab

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"seatdeck/model"
)

// What changes something here is sent once and never led elsewhere, always as
// JSON (in maintenance mode GitLab redirects what is not, contract §11.7). The
// class of an error says how far it came:
//   - refused, denied, unsupported: the instance, or our own gate, said no;
//   - unreachable, config: nothing left this machine;
//   - locked: the instance takes nothing right now;
//   - failed, not-gitlab: something answered, and it was not a yes;
//   - changed, cancelled, malformed: the request may have arrived. Only reading
//     can tell.

// settable are the settings that this program changes (contract §7.1): the
// switches of registration, and nothing else of a document that also holds
// secrets and sign-in rules.
var settable = []string{"usage_ping_enabled", "include_optional_metrics_in_service_ping", "usage_ping_features_enabled"}

// PutSettings sends the payload, an object of switches, as it is and returns the
// settings that the instance answers with. These are effective values: a yes
// (200) does not mean that anything changed (contract §7.2). It works in
// maintenance mode too.
func (c *Client) PutSettings(ctx context.Context, payload json.RawMessage) (model.Settings, error) {
	if why := onlySwitches(payload); why != "" {
		return model.Settings{}, model.Fail(model.ClassInternal, model.OpSettingsWrite.What, "a change of settings was stopped: "+why, "report this as a bug")
	}
	cl := &call{op: model.OpSettingsWrite}
	if err := c.change(ctx, cl, http.MethodPut, "application/settings", payload); err != nil {
		return model.Settings{}, err
	}
	s, err := settingsIn(cl)
	if err != nil {
		return s, unreadableYes(cl.op, err)
	}
	return s, nil
}

// onlySwitches says why a payload is not an object of settable switches; "" when
// it is.
func onlySwitches(payload json.RawMessage) string {
	var fields map[string]*bool
	if json.Unmarshal(payload, &fields) != nil || len(fields) == 0 {
		return "it is no object of switches"
	}
	for name, v := range fields {
		if v == nil || !slices.Contains(settable, name) {
			return "it holds something that is not to be changed"
		}
	}
	return ""
}

// Recount has the instance count its billable users anew, in the background. row
// is the id of the licence in REST. There is no sign of its end but the count
// (contract §1.9).
func (c *Client) Recount(ctx context.Context, row int) error {
	cl := &call{op: model.OpRecount}
	err := c.change(ctx, cl, http.MethodPut, fmt.Sprintf("license/%d/refresh_billable_users", row), struct{}{})
	if cl.status != http.StatusNotFound {
		return err
	}
	// The route itself answers with "message", a missing one with "error".
	if strings.Contains(cl.excerpt, `"message"`) {
		return model.Fail(model.ClassRefused, cl.op.What, "the licence with the row id "+strconv.Itoa(row)+" is not there any more", "read the instance again")
	}
	return c.needsEE(cl)
}

// change sends one request that writes.
func (c *Client) change(ctx context.Context, cl *call, method, path string, payload any) error {
	return c.doubted(cl, c.send(ctx, cl, method, c.rest(path, nil), payload))
}

// doubted sharpens the error of a write: what the instance refused as wrong is a
// refusal, and after an answer from a proxy nobody knows whether GitLab went on.
func (c *Client) doubted(cl *call, err error) error {
	e := model.AsError(cl.op.What, err)
	switch {
	case e == nil:
		return nil
	case cl.status == http.StatusBadRequest, cl.status == http.StatusUnprocessableEntity:
		return model.Fail(model.ClassRefused, e.Op, e.Msg.String(), "nothing was changed; read the instance again, then try once more").Because(e)
	case cl.status >= 500 && e.Class == model.ClassUnreachable:
		return model.Fail(model.ClassChanged, e.Op, e.Msg.String(), mayHaveArrived).Because(e)
	}
	return e
}

// unreadableYes is the error for a yes whose answer cannot be read: the change
// may well be there.
func unreadableYes(op model.Operation, err error) *model.Error {
	return model.Fail(model.ClassChanged, op.What, "the instance took the request, and its answer cannot be read", mayHaveArrived).Because(err)
}

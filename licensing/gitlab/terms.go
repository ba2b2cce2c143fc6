package gitlab

import (
	"cmp"
	"context"
	"net/http"
	"sort"

	"github.com/go-json-experiment/json/jsontext"

	"seatdeck/model"
)

var (
	askTerms  = question{op: model.OpLicenses, root: "licenseHistoryEntries", connection: true, fields: entryMembers}
	askFuture = question{op: model.OpFuture, root: "subscriptionFutureEntries", connection: true,
		fields: members("type", "plan", "name", "email", "company", "startsAt", "expiresAt", "usersInLicenseCount")}
	askAddOns     = question{op: model.OpAddOns, root: "addOnPurchases", fields: members("name", "purchasedQuantity", "assignedQuantity")}
	askPromotions = question{op: model.OpPromotions, root: "selfManagedUsersQueuedForRolePromotion", connection: true,
		fields: []member{
			{"user", members("id", "username", "name")},
			{"newAccessLevel", members("stringValue", "integerValue")},
		}}
)

// Terms reads all licence rows, newest first: from GraphQL, whose rows say how
// each licence came, or from REST where GraphQL has no history.
func (c *Client) Terms(ctx context.Context) ([]model.Term, error) {
	terms, err := c.graphTerms(ctx, askTerms)
	if unsupported(err) {
		terms, err = c.restTerms(ctx)
	}
	if err != nil {
		return nil, err
	}
	sort.SliceStable(terms, func(i, j int) bool {
		a, b := &terms[i], &terms[j]
		return cmp.Or(cmp.Compare(b.Starts, a.Starts), cmp.Compare(b.Added, a.Added), cmp.Compare(b.Ends, a.Ends)) < 0
	})
	return terms, nil
}

// Future reads the terms to come, soonest first (contract §2.3).
func (c *Client) Future(ctx context.Context) ([]model.Term, error) {
	terms, err := c.graphTerms(ctx, askFuture)
	if err != nil {
		return nil, err
	}
	sortFuture(terms)
	return terms, nil
}

func sortFuture(terms []model.Term) {
	sort.SliceStable(terms, func(i, j int) bool {
		a, b := &terms[i], &terms[j]
		return cmp.Or(cmp.Compare(a.Starts, b.Starts), cmp.Compare(a.Ends, b.Ends)) < 0
	})
}

func (c *Client) graphTerms(ctx context.Context, q question) ([]model.Term, error) {
	terms := []model.Term{}
	err := c.askConnection(ctx, q, func(raw jsontext.Value) error {
		var w graphLicense
		if err := decodeValue(q.op, raw, &w); err != nil {
			return err
		}
		if !w.Plan.known {
			return lacking(q.op, "the plan of a term")
		}
		w.asksSeats = !c.missing(q)["usersInLicenseCount"]
		l := fromGraph(&w)
		terms = append(terms, model.Term{Number: l.Number, Plan: l.Plan, Kind: l.Kind, Name: l.Name, Company: l.Company, Email: l.Email,
			Starts: l.Starts, Ends: l.Ends, Blocks: l.Blocks, Added: l.Added, Seats: l.Seats, NoLimit: l.NoLimit})
		return nil
	})
	return terms, err
}

// restTerms reads GET /licenses; its order is not promised (contract §1.5).
func (c *Client) restTerms(ctx context.Context) ([]model.Term, error) {
	cl, err := c.get(ctx, model.OpLicenses, "licenses", nil)
	if cl.status == http.StatusNotFound {
		return nil, c.needsEE(cl)
	}
	if err != nil {
		return nil, err
	}
	var rows []restLicense
	if err := decode(cl, &rows); err != nil {
		return nil, err
	}
	terms := make([]model.Term, 0, len(rows))
	for i := range rows {
		if !rows[i].Plan.known {
			return nil, lacking(cl.op, "the plan of a licence")
		}
		l := fromREST(&rows[i])
		terms = append(terms, model.Term{Plan: l.Plan, Kind: l.Kind, Name: l.Name, Company: l.Company, Email: l.Email,
			Starts: l.Starts, Ends: l.Ends, Added: l.Added, Seats: l.Seats, NoLimit: l.NoLimit})
	}
	return terms, nil
}

// AddOns reads the active add-on purchases. A token without administrator
// rights reads an empty list too (contract §2.6), so an empty one is only
// believed when the instance grants the rights.
func (c *Client) AddOns(ctx context.Context) ([]model.AddOn, error) {
	out, err := c.addOns(ctx)
	if err == nil && len(out) == 0 && !c.effective(ctx).Or(true) {
		return nil, c.notAdmin(askAddOns.op)
	}
	return out, err
}

func (c *Client) addOns(ctx context.Context) ([]model.AddOn, error) {
	raw, err := c.askGraph(ctx, askAddOns, "")
	if err != nil || raw == nil {
		return nil, err
	}
	var rows []struct {
		Name      text   `json:"name"`
		Purchased number `json:"purchasedQuantity"`
		Assigned  number `json:"assignedQuantity"`
	}
	if err := decodeValue(askAddOns.op, raw, &rows); err != nil {
		return nil, err
	}
	out := make([]model.AddOn, 0, len(rows))
	for _, r := range rows {
		if !r.Name.known || !r.Purchased.known || !r.Assigned.known {
			return nil, lacking(askAddOns.op, "name or quantities of an add-on")
		}
		out = append(out, model.AddOn{Name: r.Name.v, Purchased: int(r.Purchased.v), Assigned: int(r.Assigned.v)})
	}
	return out, nil
}

// Promotions reads who waits for a billable role (contract §2.7).
func (c *Client) Promotions(ctx context.Context) ([]model.Promotion, error) {
	out := []model.Promotion{}
	err := c.askConnection(ctx, askPromotions, func(raw jsontext.Value) error {
		var w struct {
			User *struct {
				ID       text `json:"id"`
				Username text `json:"username"`
				Name     text `json:"name"`
			} `json:"user"`
			Level *struct {
				String  text   `json:"stringValue"`
				Integer number `json:"integerValue"`
			} `json:"newAccessLevel"`
		}
		if err := decodeValue(askPromotions.op, raw, &w); err != nil {
			return err
		}
		if w.User == nil {
			return nil // the account is gone; its request waits for nobody
		}
		id, err := whole(numberOf(w.User.ID).String())
		if err != nil {
			return lacking(askPromotions.op, "the account's id")
		}
		p := model.Promotion{UserID: id, Username: w.User.Username.v, Name: w.User.Name.v}
		if w.Level != nil {
			p.Role = w.Level.String.v
			if n := w.Level.Integer; n.known && n.v > 0 && n.v < int64(model.RoleUnknown) {
				p.Role = model.Clean(model.Role(n.v).String())
			}
		}
		out = append(out, p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

package gitlab

import (
	"context"
	"net/http"
	"net/url"

	"github.com/go-json-experiment/json/jsontext"

	"seatdeck/model"
)

// oldest is the oldest version that can be read; keysetSince is where paging
// by key begins for accounts (design §3, contract §5.2).
var (
	oldest      = model.Version{Major: 14, Minor: 1}
	keysetSince = model.Version{Major: 16, Minor: 5}
)

// Metadata asks what version runs there (contract §9). Before 15.2 the answer
// comes from its older name, /version. A version before 14.1 is refused.
func (c *Client) Metadata(ctx context.Context) (model.Metadata, error) {
	cl, err := c.get(ctx, model.OpMetadata, "metadata", nil)
	if cl.status == http.StatusNotFound {
		cl, err = c.get(ctx, model.OpMetadata, "version", nil)
		if cl.status == http.StatusNotFound {
			return model.Metadata{}, model.Fail(model.ClassNotGitLab, model.OpMetadata.What, "what answers there has no GitLab API", "check url in config.toml: it must be GitLab's own address, with its relative root if it has one")
		}
	}
	if err != nil {
		return model.Metadata{}, err
	}
	var w struct {
		Version    text `json:"version"`
		Revision   text `json:"revision"`
		Enterprise flag `json:"enterprise"`
	}
	if err := decode(cl, &w); err != nil {
		return model.Metadata{}, err
	}
	if !w.Version.known {
		return model.Metadata{}, lacking(cl.op, "the version")
	}
	v, err := model.ParseVersion(w.Version.v.String())
	if err != nil {
		return model.Metadata{}, model.Fail(model.ClassMalformed, cl.op.What, err.Error(), "check that url points at GitLab itself").Because(err)
	}
	c.learn(func(k *known) { k.version = v })
	m := model.Metadata{Version: v, Revision: w.Revision.v, Enterprise: w.Enterprise.opt()}
	if !v.AtLeast(oldest.Major, oldest.Minor) {
		return m, model.Fail(model.ClassUnsupported, cl.op.What, "GitLab "+v.String()+" is too old: 14.1 is the oldest version that can be read, 16.11 the oldest with everything", "upgrade the instance")
	}
	return m, nil
}

// Token asks about the token in use (contract §11.2). Instances before 15.5
// cannot tell.
func (c *Client) Token(ctx context.Context) (model.Token, error) {
	cl, err := c.get(ctx, model.OpToken, "personal_access_tokens/self", nil)
	if err != nil {
		return model.Token{}, err
	}
	var w struct {
		ID      number `json:"id"`
		Name    text   `json:"name"`
		Revoked flag   `json:"revoked"`
		Scopes  []text `json:"scopes"`
		UserID  number `json:"user_id"`
		LastUse moment `json:"last_used_at"`
		Active  flag   `json:"active"`
		Expires day    `json:"expires_at"`
	}
	if err := decode(cl, &w); err != nil {
		return model.Token{}, err
	}
	if !w.ID.known || w.Scopes == nil {
		return model.Token{}, lacking(cl.op, "the token's id or scopes")
	}
	t := model.Token{ID: w.ID.v, Name: w.Name.v, UserID: w.UserID.v, Active: w.Active.v, Revoked: w.Revoked.v, Expires: w.Expires.v, LastUse: w.LastUse.opt()}
	for _, s := range w.Scopes {
		t.Scopes = append(t.Scopes, model.CleanN(s.v.String(), 64).String())
	}
	c.learn(func(k *known) { k.scopes = t.Scopes })
	return t, nil
}

// Operator asks whose token it is. GET /user shows an administrator's account
// as one whatever Admin Mode says (contract §5.3); whether the instance grants
// the rights right now shows in the list of accounts, whose rows then carry
// is_admin (contract §5.1, §11.3).
func (c *Client) Operator(ctx context.Context) (model.Operator, error) {
	cl, err := c.get(ctx, model.OpOperator, "user", nil)
	if err != nil {
		return model.Operator{}, err
	}
	var w struct {
		ID       number `json:"id"`
		Username text   `json:"username"`
		Admin    flag   `json:"is_admin"`
	}
	if err := decode(cl, &w); err != nil {
		return model.Operator{}, err
	}
	if !w.ID.known || !w.Username.known {
		return model.Operator{}, lacking(cl.op, "the account's id or username")
	}
	o := model.Operator{ID: w.ID.v, Username: w.Username.v, Admin: w.Admin.v, Effective: model.Some(false)}
	if o.Admin {
		if o.Effective, err = c.seesAdminFields(ctx); err != nil {
			return model.Operator{}, err
		}
	}
	c.learn(func(k *known) { k.admin, k.effective = model.Some(o.Admin), o.Effective })
	return o, nil
}

// effective tells whether the instance takes the token for an administrator's,
// finding out if nobody has. It is for answers that look the same to both; a
// failure to find out leaves it unknown.
func (c *Client) effective(ctx context.Context) model.Opt[bool] {
	c.mu.Lock()
	v := c.known.effective
	c.mu.Unlock()
	if v.Known() {
		return v
	}
	o, err := c.Operator(ctx)
	if err != nil {
		return model.None[bool]()
	}
	return o.Effective
}

// seesAdminFields reports whether a list of accounts comes in its admin shape;
// unknown when the list is empty.
func (c *Client) seesAdminFields(ctx context.Context) (model.Opt[bool], error) {
	cl, err := c.get(ctx, model.OpOperator, "users", url.Values{"per_page": {"1"}})
	if err != nil {
		return model.None[bool](), err
	}
	var rows []map[string]jsontext.Value
	if err := decode(cl, &rows); err != nil {
		return model.None[bool](), err
	}
	if len(rows) == 0 {
		return model.None[bool](), nil
	}
	_, sees := rows[0]["is_admin"]
	return model.Some(sees), nil
}

package gitlab

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"seatdeck/model"
)

// endpoint is one question with a good answer to spoil.
type endpoint struct {
	name   string
	answer string
	ask    func(context.Context, *Client) error
}

func endpoints() []endpoint {
	conn := func(root, node string) string {
		return `{"data":{"` + root + `":{"pageInfo":{"hasNextPage":false,"endCursor":null},"nodes":[` + node + `,` + node + `]}}}`
	}
	entry := `{"id":"gid://gitlab/License/1","type":"online_cloud","plan":"ultimate","name":"A","email":"a@b","company":"C","startsAt":"2025-01-27","expiresAt":"2026-01-27","blockChangesAt":null,"activatedAt":"2025-02-27","createdAt":"2025-02-27","usersInLicenseCount":300}`
	e := func(name, answer string, ask func(context.Context, *Client) error) endpoint {
		return endpoint{name, answer, ask}
	}
	return []endpoint{
		e("metadata", `{"version":"19.5.1-ee","revision":"abc","kas":{"enabled":true,"externalUrl":null},"enterprise":true}`, func(ctx context.Context, c *Client) error { _, err := c.Metadata(ctx); return err }),
		e("token", `{"id":7,"name":"t","revoked":false,"scopes":["read_api"],"user_id":1,"last_used_at":null,"active":true,"expires_at":"2026-12-31"}`, func(ctx context.Context, c *Client) error { _, err := c.Token(ctx); return err }),
		e("user", `{"id":1,"username":"root","is_admin":false}`, func(ctx context.Context, c *Client) error { _, err := c.Operator(ctx); return err }),
		e("license", restExample, func(ctx context.Context, c *Client) error { _, err := c.restLicense(ctx); return err }),
		e("currentLicense", graphExample, func(ctx context.Context, c *Client) error { _, err := c.graphLicense(ctx); return err }),
		e("terms", conn("licenseHistoryEntries", entry), func(ctx context.Context, c *Client) error { _, err := c.Terms(ctx); return err }),
		e("licenses", "["+restExample+"]", func(ctx context.Context, c *Client) error { _, err := c.restTerms(ctx); return err }),
		e("future", conn("subscriptionFutureEntries", entry), func(ctx context.Context, c *Client) error { _, err := c.Future(ctx); return err }),
		e("add-ons", `{"data":{"addOnPurchases":[{"name":"DUO_PRO","purchasedQuantity":10,"assignedQuantity":5}]}}`, func(ctx context.Context, c *Client) error { _, err := c.AddOns(ctx); return err }),
		e("promotions", conn("selfManagedUsersQueuedForRolePromotion", `{"user":{"id":"gid://gitlab/User/4","username":"m","name":"M"},"newAccessLevel":{"stringValue":"DEVELOPER","integerValue":30}}`), func(ctx context.Context, c *Client) error { _, err := c.Promotions(ctx); return err }),
		e("settings", `{"usage_ping_enabled":true,"usage_ping_features_enabled":false,"deactivate_dormant_users_period":90,"seat_control":null,"x":[1,{"y":null}]}`, func(ctx context.Context, c *Client) error { _, err := c.Settings(ctx); return err }),
		e("statistics", `{"users":"1,234","active_users":"1,200","projects":"5","groups":"7"}`, func(ctx context.Context, c *Client) error { _, err := c.Statistics(ctx); return err }),
		e("ping", `{"uuid":"d9","hostname":"h","recorded_at":"2026-03-01T10:00:00.000Z","counts":{"a":1,"b":{"c":[1,2,null]}}}`, func(ctx context.Context, c *Client) error { _, err := c.Ping(ctx); return err }),
		e("export", exportFile, func(ctx context.Context, c *Client) error { _, err := c.Daily(ctx, model.KindOnlineCloud); return err }),
		e("accounts", rows(1, 2, 3), func(ctx context.Context, c *Client) error { return askAccounts(ctx, c) }),
		e("account", row(7), func(ctx context.Context, c *Client) error { _, err := c.Account(ctx, 7); return err }),
		e("memberships", `[{"source_id":1,"source_name":"g","source_type":"Namespace","access_level":30}]`, func(ctx context.Context, c *Client) error { _, err := c.Memberships(ctx, 7); return err }),
	}
}

// askAccounts also holds what was accepted against what a roster relies on.
func askAccounts(ctx context.Context, c *Client) error {
	p, err := c.Accounts(ctx, model.PageRequest{})
	if err != nil && (len(p.Accounts) > 0 || p.Next != "") {
		return errors.New("accounts came with an error")
	}
	for i, a := range p.Accounts {
		if a.ID <= 0 || a.Username.Empty() || p.Created[i].IsZero() || i > 0 && a.ID <= p.Accounts[i-1].ID {
			return errors.New("a row that cannot be right was accepted")
		}
	}
	return err
}

// spoil damages an answer in one of the ways of faults S-05.
func spoil(r *rand.Rand, answer string) string {
	b := []byte(answer)
	switch r.IntN(6) {
	case 0: // bits
		for range 1 + r.IntN(4) {
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		}
		return string(b)
	case 1: // cut
		return string(b[:r.IntN(len(b))])
	case 2: // more behind
		return answer + []string{"{}", "]", "\x00", answer}[r.IntN(4)]
	case 3: // a slice doubled or lost
		i := r.IntN(len(b))
		j := i + r.IntN(len(b)-i)
		if r.IntN(2) == 0 {
			return string(b[:i]) + string(b[j:])
		}
		return string(b[:j]) + string(b[i:])
	}
	var v any
	if json.Unmarshal(b, &v) != nil {
		return strings.ToUpper(answer)
	}
	out, _ := json.Marshal(spoilValue(r, v))
	return string(out)
}

// spoilValue removes, nulls or swaps one value somewhere in the tree.
func spoilValue(r *rand.Rand, v any) any {
	odd := []any{nil, true, -1, 1e300, "", "null", []any{}, map[string]any{}, strings.Repeat("[", 50), "\u202e\u001b]0;x\u0007", []any{nil}, 9007199254740993}
	switch t := v.(type) {
	case map[string]any:
		for k := range t {
			if r.IntN(len(t)) > 0 {
				continue
			}
			switch r.IntN(3) {
			case 0:
				delete(t, k)
			case 1:
				t[k] = odd[r.IntN(len(odd))]
			default:
				t[k] = spoilValue(r, t[k])
			}
			return t
		}
		return t
	case []any:
		if len(t) > 0 && r.IntN(4) > 0 {
			t[r.IntN(len(t))] = spoilValue(r, t[r.IntN(len(t))])
			return t
		}
	}
	return odd[r.IntN(len(odd))]
}

const mutations = 6000

func TestMutatedAnswers(t *testing.T) {
	all := endpoints()
	r := rand.New(rand.NewPCG(20260301, 7))
	q := &quick{at: time.Unix(1e9, 0)}
	refused := map[string]int{}
	var slowest time.Duration
	for i := range mutations {
		ep := all[i%len(all)]
		var answer []byte
		c := dial(t, func(*http.Request) (*http.Response, error) {
			resp := reply(200, "")
			resp.Body, resp.ContentLength = body(bytes.NewReader(answer)).Body, int64(len(answer))
			return resp, nil
		}, q.use)
		c.learn(func(k *known) { k.version, k.effective = model.Version{Major: 19, Minor: 5}, model.Some(true) })
		answer = []byte(spoil(r, ep.answer))
		began := time.Now()
		err := ep.ask(t.Context(), c)
		slowest = max(slowest, time.Since(began))
		if err == nil {
			continue
		}
		refused[ep.name]++
		if _, ours := errors.AsType[*model.Error](err); !ours {
			t.Fatalf("%s: %v after %q", ep.name, err, answer)
		}
		if strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' || r == 0x202e }) {
			t.Errorf("%s: control characters in %q", ep.name, err)
		}
		if strings.Contains(err.Error(), exportKey[:12]) {
			t.Errorf("%s: the licence key is in %q", ep.name, err)
		}
	}
	for _, ep := range all {
		if refused[ep.name] == 0 {
			t.Errorf("%s took every damaged answer for good", ep.name)
		}
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	t.Logf("%d mutated answers over %d endpoints, refused by endpoint: %v; slowest %s; %d MiB from the system", mutations, len(all), refused, slowest, mem.Sys>>20)
	if slowest > 5*time.Second {
		t.Errorf("one answer took %s", slowest)
	}
	if mem.Sys > 150<<20 {
		t.Errorf("%d MiB were taken from the system", mem.Sys>>20)
	}
}

// The answers that are spoiled above are good before.
func TestUnspoiledAnswers(t *testing.T) {
	for _, ep := range endpoints() {
		c := dial(t, func(*http.Request) (*http.Response, error) { return reply(200, ep.answer), nil })
		c.learn(func(k *known) { k.version, k.effective = model.Version{Major: 19, Minor: 5}, model.Some(true) })
		if err := ep.ask(t.Context(), c); err != nil {
			t.Errorf("%s: %v", ep.name, err)
		}
	}
}

func FuzzAccounts(f *testing.F) {
	for _, s := range []string{rows(1, 2), "[]", "[", `[{"id":1}]`, row(1), `[{"id":1,"is_admin":true,"username":"a","state":"x","created_at":"2026-01-01"}]`, `[{"identities":{"provider":[]}}]`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		accounts, created, err := decodeAccounts(bytes.NewBuffer(b), 10)
		if err != nil {
			return
		}
		if len(accounts) != len(created) {
			t.Fatalf("%d accounts, %d times", len(accounts), len(created))
		}
		for i, a := range accounts {
			if a.ID <= 0 || a.Username.Empty() || created[i].IsZero() {
				t.Errorf("accepted %+v", a)
			}
		}
	})
}

func FuzzExport(f *testing.F) {
	f.Add([]byte(exportFile))
	f.Add([]byte("Date,Billable User Count\n2025-07-11,1\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		rows, err := readExport(model.OpUsageExport, bytes.NewReader(b))
		for _, r := range rows {
			if r.Count < 0 || r.At.IsZero() && err == nil && !bytes.Contains(b, []byte("0001-01-01")) {
				t.Errorf("accepted %+v", r)
			}
		}
	})
}

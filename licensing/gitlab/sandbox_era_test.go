package gitlab_test

import (
	"slices"
	"strings"
	"testing"

	"seatdeck/licensing/sandbox"
	"seatdeck/model"
)

// What an era does not have is "not available", never a broken answer, and the
// accounts are whole by key and by page number alike.
func TestEveryEra(t *testing.T) {
	for _, version := range []string{"14.1.0-ee", "14.10.5-ee", "15.1.6-ee", "15.4.6-ee", "15.11.13-ee", "16.4.5-ee", "16.5.0-ee", "16.11.10-ee", "17.3.7-ee", "17.11.7-ee", "18.8.0-ee", "18.9.0-ee", "19.5.1-ee"} {
		t.Run(version, func(t *testing.T) {
			c, s := dialSandbox(t, sandbox.Config{Users: 230, Set: map[string]string{"gitlab_version": version}}, sandbox.TokenAdmin)
			m, err := c.Metadata(t.Context())
			if err != nil || m.Version.String() != version || !m.EE() {
				t.Fatalf("%+v, %v", m, err)
			}
			var missing []string
			for name, ask := range parts(c) {
				switch err := ask(t.Context()); classOf(err) {
				case "":
				case model.ClassUnsupported:
					missing = append(missing, name)
				default:
					t.Errorf("%s: %v", name, err)
				}
			}
			slices.Sort(missing)
			t.Log("not available:", missing)
			for _, name := range missing {
				if slices.Contains([]string{"metadata", "operator", "license", "terms", "accounts", "settings", "statistics", "account", "members"}, name) {
					t.Errorf("%s must be readable on %s", name, version)
				}
			}
			if m.Version.AtLeast(17, 11) && len(missing) > 0 {
				t.Errorf("%s must have everything, lacks %v", version, missing)
			}
			if all, want := everybody(t, c, 100), truth(t, s); len(all) != len(want) {
				t.Errorf("%d accounts, the truth has %d", len(all), len(want))
			}
			keyed := false
			for _, r := range s.Requests() {
				keyed = keyed || strings.Contains(r.Query, "pagination=keyset")
			}
			if keyed != m.Version.AtLeast(16, 5) {
				t.Errorf("paged by key: %t", keyed)
			}
			l, err := c.License(t.Context())
			if err != nil || !l.Present() || !l.Seats.Known() || !l.OverPeak.Known() {
				t.Errorf("%+v, %v", l, err)
			}
		})
	}
}

func TestRangesFindTheEnds(t *testing.T) {
	c, s := dialSandbox(t, sandbox.Config{Users: 150}, sandbox.TokenAdmin)
	first, err1 := c.Accounts(t.Context(), model.PageRequest{Size: 1})
	last, err2 := c.Accounts(t.Context(), model.PageRequest{Size: 1, Desc: true})
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	from, to := first.Created[0], last.Created[0]
	cut := from.Add(to.Sub(from) / 2)
	seen := map[int64]bool{}
	for _, r := range []model.Range{{To: cut}, {From: cut}} {
		req := model.PageRequest{Range: r, Size: 40}
		for {
			p, err := c.Accounts(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range p.Accounts {
				seen[a.ID] = true
			}
			if req.Cursor = p.Next; req.Cursor == "" {
				break
			}
		}
	}
	if want := truth(t, s); len(seen) != len(want) {
		t.Errorf("two halves hold %d accounts, the truth has %d", len(seen), len(want))
	}
}

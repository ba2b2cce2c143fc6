package gitlab

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"seatdeck/model"
)

// restExample is the example of contract §1.2.
const restExample = `{"id":2,"plan":"premium","created_at":"2025-02-27T23:21:58.674Z","starts_at":"2025-01-27","expires_at":"2026-01-27",
 "historical_max":310,"maximum_user_count":312,"licensee":{"Name":"A","Company":"B","Email":"c@d"},
 "add_ons":{},"expired":false,"overage":12,"user_limit":300,"active_users":312}`

const graphExample = `{"data":{"currentLicense":{"id":"gid://gitlab/License/4711","type":"online_cloud","plan":"premium","name":"A","email":"c@d","company":"B",
 "startsAt":"2025-01-27","expiresAt":"2026-01-27","blockChangesAt":"2026-02-10","activatedAt":"2025-02-27","createdAt":"2025-02-27",
 "usersInLicenseCount":300,"lastSync":"2025-09-05T03:17:09Z","billableUsersCount":312,"maximumUserCount":320,"usersOverLicenseCount":20,"trial":false}}}`

func replace(s string, pairs ...string) string { return strings.NewReplacer(pairs...).Replace(s) }

func license(t *testing.T, rest, graph string) (model.License, error) {
	t.Helper()
	return dial(t, byPath(map[string]string{"GET license": rest, "graphql currentLicense": graph})).License(t.Context())
}

func TestLicenseJoinsBoth(t *testing.T) {
	l, err := license(t, restExample, graphExample)
	if err != nil {
		t.Fatal(err)
	}
	want := model.License{
		Kind: model.KindOnlineCloud, RowID: model.Some(2), Number: model.Clean("4711"), Plan: model.PlanPremium,
		Name: model.Clean("A"), Company: model.Clean("B"), Email: model.Clean("c@d"),
		Starts: model.Date(2025, 1, 27), Ends: model.Date(2026, 1, 27), Blocks: model.Date(2026, 2, 10), Activated: model.Date(2025, 2, 27), Added: model.Date(2025, 2, 27),
		Trial: model.Some(false), ExpiredFlag: model.Some(false), Seats: model.Some(300), Daily: model.Some(312), Active: model.Some(312), Maximum: model.Some(320),
		OverNow: model.Some(12), OverPeak: model.Some(20), LastSync: model.Some(time.Date(2025, 9, 5, 3, 17, 9, 0, time.UTC)),
	}
	got, _ := json.Marshal(l)
	wish, _ := json.Marshal(want)
	if string(got) != string(wish) {
		t.Errorf("got  %s\nwant %s", got, wish)
	}
}

func TestLicenseQuirks(t *testing.T) {
	const none = `{"data":{"currentLicense":null}}`
	const noRoot = `{"errors":[{"message":"Field 'currentLicense' doesn't exist on type 'Query'","path":["query","currentLicense"],"extensions":{"code":"undefinedField"}}]}`
	for name, tc := range map[string]struct {
		rest, graph string
		check       func(model.License) bool
	}{
		"none": {`null`, none, func(l model.License) bool {
			return l.Kind == model.KindNone && !l.Present() && !l.Daily.Known() && !l.Seats.Known()
		}},
		"none, no GraphQL": {`null`, noRoot, func(l model.License) bool { return l.Kind == model.KindNone }},
		"REST lags behind an added licence": {`null`, graphExample, func(l model.License) bool {
			return l.Present() && !l.RowID.Known() && !l.OverNow.Known() && l.OverPeak == model.Some(20)
		}},
		"REST lags behind an exchanged licence": {replace(restExample, "2026-01-27", "2025-06-01"), graphExample, func(l model.License) bool {
			return !l.RowID.Known() && !l.OverNow.Known() && !l.Active.Known() && l.Ends == model.Date(2026, 1, 27)
		}},
		"only REST": {restExample, noRoot, func(l model.License) bool {
			ok, why := l.SyncEligible()
			return l.Kind == model.KindUnknown && l.Present() && l.OverPeak == model.Some(12) && l.OverNow == model.Some(12) && !ok && strings.Contains(why, "could not be read")
		}},
		"no limit": {replace(restExample, `"user_limit":300`, `"user_limit":0`, `"overage":12`, `"overage":0`), replace(graphExample, `"usersInLicenseCount":300`, `"usersInLicenseCount":null`, `"usersOverLicenseCount":20`, `"usersOverLicenseCount":0`),
			func(l model.License) bool { return l.NoLimit && !l.Seats.Known() && l.OverNow == model.Some(0) }},
		"no limit, only REST": {replace(restExample, `"user_limit":300`, `"user_limit":0`), noRoot, func(l model.License) bool { return l.NoLimit && !l.Seats.Known() && !l.OverPeak.Known() }},
		"no end":              {replace(restExample, `"2026-01-27"`, `null`), replace(graphExample, `"2026-01-27"`, `null`), func(l model.License) bool { return !l.Ends.Known() && l.RowID.Known() }},
		"trial": {restExample, replace(graphExample, `"trial":false`, `"trial":true`), func(l model.License) bool {
			return l.OverNow == model.Some(0) && l.OverPeak == model.Some(0) && l.Trial.Or(false)
		}},
		"over not said":         {restExample, replace(graphExample, `"usersOverLicenseCount":20`, `"usersOverLicenseCount":null`), func(l model.License) bool { return l.OverPeak == model.Some(20) }},
		"peak below seats":      {restExample, replace(graphExample, `"usersOverLicenseCount":20`, `"usersOverLicenseCount":null`, `"maximumUserCount":320`, `"maximumUserCount":250`), func(l model.License) bool { return l.OverPeak == model.Some(0) }},
		"old names of types":    {restExample, replace(graphExample, "online_cloud", "cloud"), func(l model.License) bool { return l.Kind == model.KindOnlineCloud }},
		"licence file":          {restExample, replace(graphExample, "online_cloud", "license_file"), func(l model.License) bool { return l.Kind == model.KindLegacy }},
		"newer type":            {restExample, replace(graphExample, "online_cloud", "sparkling_cloud"), func(l model.License) bool { return l.Kind == model.KindUnknown && l.Present() }},
		"never synced":          {restExample, replace(graphExample, `"2025-09-05T03:17:09Z"`, `null`), func(l model.License) bool { return !l.LastSync.Known() }},
		"no number in id":       {restExample, replace(graphExample, "License/4711", "License/"), func(l model.License) bool { return l.Number.Empty() }},
		"licensee only in REST": {restExample, replace(graphExample, `"name":"A","email":"c@d","company":"B"`, `"name":null,"email":null,"company":null`), func(l model.License) bool { return l.Company.String() == "B" && l.Email.String() == "c@d" }},
		"odd licensee":          {replace(restExample, `{"Name":"A","Company":"B","Email":"c@d"}`, `{"Name":5,"Company":["B"],"Email":"c@d"}`), noRoot, func(l model.License) bool { return l.Name.Empty() && l.Email.String() == "c@d" }},
		"add-ons as array":      {replace(restExample, `"add_ons":{}`, `"add_ons":[]`), noRoot, func(l model.License) bool { return l.AddOnMap == nil }},
		"add-ons in key":        {replace(restExample, `"add_ons":{}`, `"add_ons":{"GitLab_Auditor_User":1,"x":"2"}`), graphExample, func(l model.License) bool { return l.AddOnMap["GitLab_Auditor_User"] == 1 && l.AddOnMap["x"] == 2 }},
		"numbers as text":       {replace(restExample, `"id":2`, `"id":"2"`, `"overage":12`, `"overage":"1,200"`), graphExample, func(l model.License) bool { return l.RowID == model.Some(2) && l.OverNow == model.Some(1200) }},
		"unset counts":          {replace(restExample, `"active_users":312`, `"active_users":null`), replace(graphExample, `"billableUsersCount":312`, `"billableUsersCount":null`), func(l model.License) bool { return !l.Daily.Known() }},
		"silver":                {replace(restExample, `"premium"`, `"Silver"`), noRoot, func(l model.License) bool { return l.Plan.Title() == "Premium" }},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := license(t, tc.rest, tc.graph)
			if err != nil {
				t.Fatal(err)
			}
			if !tc.check(l) {
				t.Errorf("%+v", l)
			}
			if l.DailyAt != (model.AsOf{}) {
				t.Error("a time of the daily count was made up")
			}
		})
	}
}

func TestLicenseErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		rest, graph string
		class       model.Class
		text        string
	}{
		"empty object":         {`{}`, graphExample, model.ClassMalformed, "lacks"},
		"array":                {`[]`, graphExample, model.ClassMalformed, "wrong kind"},
		"wrong type":           {replace(restExample, `"user_limit":300`, `"user_limit":{"a":1}`), graphExample, model.ClassMalformed, "/user_limit"},
		"GraphQL error":        {restExample, `{"data":{"currentLicense":null},"errors":[{"message":"Internal server error"}]}`, model.ClassFailed, "Internal server error"},
		"GraphQL without data": {restExample, `{}`, model.ClassMalformed, "lacks currentLicense"},
		"GraphQL half":         {restExample, `{"data":{"currentLicense":{"id":"x"}}}`, model.ClassMalformed, "plan or type"},
		"GraphQL time":         {restExample, `{"errors":[{"message":"Timeout on validation of query"}]}`, model.ClassUnreachable, "too long"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := license(t, tc.rest, tc.graph)
			wantClass(t, err, tc.class, tc.text)
		})
	}
	_, err := dial(t, byPath(nil)).License(t.Context())
	wantClass(t, err, model.ClassUnsupported, "Enterprise Edition")
}

// Members an older version does not know are left out and remembered, in the
// wording of GitLab and in that of other engines.
func TestUnknownMembers(t *testing.T) {
	for name, wording := range map[string]string{
		"GitLab": `{"message":"Field 'MEMBER' doesn't exist on type 'CurrentLicense'","extensions":{"code":"undefinedField"}}`,
		"engine": `{"message":"Cannot query field \"MEMBER\" on type \"CurrentLicense\". Did you mean \"name\"?"}`,
	} {
		t.Run(name, func(t *testing.T) {
			var docs []string
			c := dial(t, func(r *http.Request) (*http.Response, error) {
				if r.Method == "GET" {
					return reply(200, restExample), nil
				}
				b, _ := io.ReadAll(r.Body)
				docs = append(docs, string(b))
				if strings.Contains(string(b), "trial") {
					return reply(200, `{"errors":[`+replace(wording, "MEMBER", "trial")+","+replace(wording, "MEMBER", "blockChangesAt")+`]}`), nil
				}
				return reply(200, replace(graphExample, `,"trial":false`, "", `"blockChangesAt":"2026-02-10",`, "")), nil
			})
			for range 2 {
				l, err := c.License(t.Context())
				if err != nil || l.Trial.Known() || l.Blocks.Known() || l.OverPeak != model.Some(20) {
					t.Errorf("%+v, %v", l, err)
				}
			}
			if len(docs) != 3 {
				t.Errorf("%d queries, want 3: what is missing is remembered", len(docs))
			}
		})
	}
}

func TestUnknownRootAndEndlessUnknowns(t *testing.T) {
	n := 0
	c := dial(t, func(r *http.Request) (*http.Response, error) {
		n++
		return reply(200, `{"errors":[{"message":"Field 'subscriptionFutureEntries' doesn't exist on type 'Query'"}]}`), nil
	})
	for range 3 {
		_, err := c.Future(t.Context())
		wantClass(t, err, model.ClassUnsupported, "not available")
	}
	if n != 1 {
		t.Errorf("%d queries for a field that is not there, want 1", n)
	}
	n = 0
	c = dial(t, func(r *http.Request) (*http.Response, error) {
		n++
		return reply(200, `{"errors":[{"message":"Field 'neverAsked' doesn't exist on type 'Query'"}]}`), nil
	})
	_, err := c.Future(t.Context())
	wantClass(t, err, model.ClassUnsupported)
	if n > graphRounds {
		t.Errorf("%d queries", n)
	}
}

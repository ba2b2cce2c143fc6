package sandbox_test

import (
	"io"
	"strings"
	"testing"
	"time"

	gitlab "gitlab.com/gitlab-org/api/client-go/v2"

	"seatdeck/licensing/sandbox"
)

// official connects GitLab's own Go client, unchanged, to a fresh instance.
func official(t *testing.T, scenario string) (*gitlab.Client, *sandbox.Server) {
	t.Helper()
	s, err := sandbox.New(sandbox.Config{Scenario: scenario, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	base, err := s.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	c, err := gitlab.NewClient(sandbox.TokenAdmin, gitlab.WithBaseURL(base), gitlab.WithoutRetries())
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

// The official client follows keyset pages through the Link header.
func TestOfficialClientReadsAllUsers(t *testing.T) {
	c, _ := official(t, "ultimate")
	opt := &gitlab.ListUsersOptions{
		ListOptions: gitlab.ListOptions{Pagination: "keyset", PerPage: 100},
		OrderBy:     new("id"), Sort: new("asc"),
	}
	users, err := gitlab.ScanAndCollect(func(p gitlab.PaginationOptionFunc) ([]*gitlab.User, *gitlab.Response, error) {
		return c.Users.ListUsers(opt, p)
	})
	if err != nil {
		t.Fatal(err)
	}
	seats := 0
	for i, u := range users {
		if i > 0 && u.ID <= users[i-1].ID {
			t.Fatalf("user %d after %d", u.ID, users[i-1].ID)
		}
		if u.UsingLicenseSeat {
			seats++
		}
	}
	if len(users) != 1214 || seats != 962 || users[0].LastActivityOn == nil || users[0].CreatedAt.After(time.Now()) {
		t.Errorf("%d users, %d seats", len(users), seats)
	}
	page, resp, err := c.Users.ListUsers(&gitlab.ListUsersOptions{ListOptions: gitlab.ListOptions{PerPage: 50, Page: 3}})
	if err != nil || len(page) != 50 || resp.TotalItems != 1214 || resp.NextPage != 4 {
		t.Errorf("offset: %d users, %+v, %v", len(page), resp, err)
	}
}

func TestOfficialClientReadsTheRest(t *testing.T) {
	c, _ := official(t, "ultimate")
	lic, _, err := c.License.GetLicense()
	if err != nil || lic.Plan != "ultimate" || lic.UserLimit != 1000 || lic.ActiveUsers != 962 || lic.HistoricalMax != 987 {
		t.Errorf("licence %+v, %v", lic, err)
	}
	meta, _, err := c.Metadata.GetMetadata()
	if err != nil || meta.Version != "19.5.1-ee" || !meta.Enterprise {
		t.Errorf("metadata %+v, %v", meta, err)
	}
	self, _, err := c.PersonalAccessTokens.GetSinglePersonalAccessToken()
	if err != nil || !self.Active || self.ExpiresAt == nil || len(self.Scopes) != 3 {
		t.Errorf("token %+v, %v", self, err)
	}
	me, _, err := c.Users.CurrentUser()
	if err != nil || !me.IsAdmin || me.Username != "root" {
		t.Errorf("me %+v, %v", me, err)
	}
	rows, _, err := c.Users.GetUserMemberships(me.ID, &gitlab.GetUserMembershipOptions{})
	if err != nil || len(rows) == 0 || rows[0].AccessLevel == 0 {
		t.Errorf("memberships %v, %v", rows, err)
	}
	if _, _, err := c.Users.GetUserActivities(&gitlab.GetUserActivitiesOptions{}); err != nil {
		t.Error(err)
	}
	if n, _, err := c.Users.GetUserAssociationsCount(me.ID); err != nil || n.ProjectsCount+n.GroupsCount == 0 {
		t.Errorf("associations %+v, %v", n, err)
	}
	yaml, _, err := c.UsageData.GetMetricDefinitionsAsYAML()
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(yaml); err != nil || !strings.Contains(string(b), "key_path:") {
		t.Errorf("%v", err)
	}
}

func TestOfficialClientChangesThings(t *testing.T) {
	c, s := official(t, "free")
	set, _, err := c.Settings.UpdateSettings(&gitlab.UpdateSettingsOptions{UsagePingFeaturesEnabled: new(true)})
	if err != nil || !set.UsagePingFeaturesEnabled {
		t.Errorf("settings %v, %v", set, err)
	}
	users, _, err := c.Users.ListUsers(&gitlab.ListUsersOptions{Active: new(true), Humans: new(true)})
	if err != nil || len(users) == 0 {
		t.Fatal(err)
	}
	id := users[0].ID
	if _, err := c.Users.BlockUser(id); err != nil {
		t.Errorf("block: %v", err)
	}
	if u, _, err := c.Users.GetUser(id, &gitlab.GetUserOptions{}); err != nil || u.State != "blocked" {
		t.Errorf("user %+v, %v", u, err)
	}
	if _, err := c.Users.UnblockUser(id); err != nil {
		t.Errorf("unblock: %v", err)
	}
	if lic, _, err := c.License.GetLicense(); lic != nil || err != nil {
		t.Errorf("an instance without a licence answers null: %+v, %v", lic, err)
	}
	writes := 0
	for _, r := range s.Requests() {
		if r.Writes {
			writes++
		}
	}
	if writes != 3 {
		t.Errorf("%d writes in the log", writes)
	}
}

// What the official client cannot read of a real instance it must not be able
// to read here: counts that are text, and a payload of mixed types.
func TestOfficialClientFailsWhereItFailsOnARealInstance(t *testing.T) {
	c, _ := official(t, "ultimate")
	if st, _, err := c.ApplicationStatistics.GetApplicationStatistics(); err == nil {
		t.Errorf("statistics were read: %+v", st)
	}
	if _, _, err := c.UsageData.GetServicePing(); err == nil {
		t.Error("the Service Ping payload was read")
	}
}

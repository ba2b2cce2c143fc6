package sandbox

import (
	"strconv"
	"time"
)

// licenseResolver answers the fields of CurrentLicense and of
// LicenseHistoryEntry; each method is a field (contract §2.2, §2.3).
type licenseResolver struct {
	c *call
	l *license
}

func (r *licenseResolver) ID() string              { return globalIDOf("License", r.l.number) }
func (r *licenseResolver) Type() string            { return r.c.s.licenseType(r.l.kind) }
func (r *licenseResolver) Plan() string            { return r.l.plan }
func (r *licenseResolver) Name() *string           { return textOrNull(r.l.name) }
func (r *licenseResolver) Email() *string          { return textOrNull(r.l.email) }
func (r *licenseResolver) Company() *string        { return textOrNull(r.l.company) }
func (r *licenseResolver) StartsAt() *string       { return gqlDay(r.l.starts) }
func (r *licenseResolver) ExpiresAt() *string      { return gqlDay(r.l.expires) }
func (r *licenseResolver) BlockChangesAt() *string { return gqlDay(r.l.blocks) }
func (r *licenseResolver) CreatedAt() *string      { return gqlDay(r.l.created) }
func (r *licenseResolver) Trial() *bool            { return &r.l.trial }

// ActivatedAt falls back to the day the row was added.
func (r *licenseResolver) ActivatedAt() *string {
	if r.l.activated.IsZero() {
		return gqlDay(r.l.created)
	}
	return gqlDay(r.l.activated)
}

// LastSync is null for what never syncs or never did.
func (r *licenseResolver) LastSync() *string {
	if r.l.lastSync.IsZero() {
		return nil
	}
	t := r.l.lastSync.UTC().Format(time.RFC3339)
	return &t
}

// UsersInLicenseCount is null where no limit is recorded.
func (r *licenseResolver) UsersInLicenseCount() *int { return seatCount(r.l.seats) }

// BillableUsersCount is the newest daily count, D.
func (r *licenseResolver) BillableUsersCount() *int {
	d := r.c.s.subscription.measured
	return &d
}

// MaximumUserCount is the peak of the term, M.
func (r *licenseResolver) MaximumUserCount() *int {
	m := r.c.s.subscription.maximum(r.l, r.c.now)
	return &m
}

// UsersOverLicenseCount compares the peak with the seats, expired or not: REST
// compares the newest count (contract §1.3). Early versions spared trials.
func (r *licenseResolver) UsersOverLicenseCount() *int {
	over := 0
	if r.l.seats >= 0 && (!r.l.trial || r.c.s.knobs.version.hasOnlineCloudWord()) {
		over = max(*r.MaximumUserCount()-r.l.seats, 0)
	}
	return &over
}

// licenseType words a kind of licence as the version does.
func (s *Server) licenseType(kind string) string {
	switch {
	case s.knobs.version.hasOnlineCloudWord():
		return kind
	case kind == "legacy_license":
		return "license_file"
	}
	return "cloud"
}

func seatCount(seats int) *int {
	if seats < 0 {
		return nil
	}
	return &seats
}

// futureResolver answers the fields of SubscriptionFutureEntry.
type futureResolver struct {
	c *call
	f futureTerm
}

func (r *futureResolver) Type() string              { return r.c.s.licenseType(r.f.kind) }
func (r *futureResolver) Plan() string              { return r.f.plan }
func (r *futureResolver) Name() *string             { return textOrNull(r.f.name) }
func (r *futureResolver) Email() *string            { return textOrNull(r.f.email) }
func (r *futureResolver) Company() *string          { return textOrNull(r.f.company) }
func (r *futureResolver) StartsAt() *string         { return gqlDay(r.f.starts) }
func (r *futureResolver) ExpiresAt() *string        { return gqlDay(r.f.expires) }
func (r *futureResolver) UsersInLicenseCount() *int { return seatCount(r.f.seats) }

// addOnResolver answers the fields of AddOnPurchase (contract §2.6).
type addOnResolver struct{ a addOn }

func (r *addOnResolver) ID() string {
	return globalIDOf("GitlabSubscriptions::AddOnPurchase", r.a.id)
}
func (r *addOnResolver) Name() string           { return r.a.name }
func (r *addOnResolver) PurchasedQuantity() int { return r.a.purchased }
func (r *addOnResolver) AssignedQuantity() int  { return r.a.assigned }

// userResolver answers the fields of UserCore.
type userResolver struct {
	c *call
	a *account
}

func (r *userResolver) ID() string       { return globalIDOf("User", int(r.a.id)) }
func (r *userResolver) Username() string { return r.c.s.world.names.username(r.a) }
func (r *userResolver) Name() string     { return string(r.c.s.world.names.appendName(nil, r.a)) }
func (r *userResolver) State() string    { return r.a.state.String() }
func (r *userResolver) WebURL() string   { return r.c.base + "/" + r.Username() }
func (r *userResolver) Bot() bool        { return r.a.kind.isBot() }

func (r *userResolver) LastActivityOn() *string {
	day, _ := r.a.activeOn()
	return gqlDay(day)
}

// metadataResolver answers the fields of Metadata.
type metadataResolver struct{ s *Server }

func (r *metadataResolver) Version() string  { return r.s.versionText() }
func (r *metadataResolver) Revision() string { return r.s.revision() }
func (r *metadataResolver) Enterprise() bool { return r.s.knobs.edition == "ee" }

// promotionResolver answers the fields of UsersQueuedForRolePromotion.
type promotionResolver struct {
	c     *call
	a     *account
	level uint8
}

func (r *promotionResolver) User() *userResolver { return &userResolver{r.c, r.a} }
func (r *promotionResolver) NewAccessLevel() *accessLevelResolver {
	return &accessLevelResolver{r.level}
}

// accessLevelResolver answers the fields of AccessLevel.
type accessLevelResolver struct{ level uint8 }

func (r *accessLevelResolver) IntegerValue() *int {
	n := int(r.level)
	return &n
}

var accessLevelNames = map[uint8]string{
	0: "NO_ACCESS", minimalAccess: "MINIMAL_ACCESS", guest: "GUEST", planner: "PLANNER",
	reporter: "REPORTER", developer: "DEVELOPER", maintainer: "MAINTAINER", owner: "OWNER",
}

func (r *accessLevelResolver) StringValue() *string {
	name, ok := accessLevelNames[r.level]
	if !ok {
		name = strconv.Itoa(int(r.level))
	}
	return &name
}

package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// licenseBody is the licence object of the API (contract §1.2).
type licenseBody struct {
	ID               int               `json:"id"`
	Plan             string            `json:"plan"`
	CreatedAt        string            `json:"created_at"`
	StartsAt         string            `json:"starts_at"`
	ExpiresAt        *string           `json:"expires_at"`
	HistoricalMax    int               `json:"historical_max"`
	MaximumUserCount int               `json:"maximum_user_count"`
	Licensee         map[string]string `json:"licensee"`
	AddOns           map[string]int    `json:"add_ons"`
	Expired          bool              `json:"expired"`
	Overage          int               `json:"overage"`
	UserLimit        int               `json:"user_limit"`
	ActiveUsers      *int              `json:"active_users,omitempty"` // single objects only
}

// licenseObject works out the counters of a row (contract §1.3).
func (s *Server) licenseObject(l *license, now time.Time, single bool) licenseBody {
	sub := s.subscription
	body := licenseBody{
		ID: l.id, Plan: l.plan, CreatedAt: timestamp(l.created), StartsAt: date(l.starts), ExpiresAt: optional(l.expires, date),
		HistoricalMax: sub.historicalMax(l, now), MaximumUserCount: sub.maximum(l, now),
		Licensee: map[string]string{"Name": l.name, "Email": l.email, "Company": l.company}, AddOns: map[string]int{},
		Expired: l.expired(now), UserLimit: max(l.seats, 0),
	}
	switch {
	case l.seats < 0:
	case body.Expired:
		body.Overage = max(body.MaximumUserCount-l.seats, 0)
	default:
		body.Overage = max(sub.measured-l.seats, 0)
	}
	if single {
		d := sub.measured
		body.ActiveUsers = &d
	}
	return body
}

// getLicense is GET /license: the current licence, or JSON null.
func getLicense(c *call) {
	l := c.s.subscription.current(c.now)
	if l == nil {
		c.json(http.StatusOK, nil)
		return
	}
	c.json(http.StatusOK, c.s.licenseObject(l, c.now, true))
}

// getLicenses is GET /licenses: all rows, newest first, never paged.
func getLicenses(c *call) {
	rows := c.s.subscription.licenses
	out := make([]licenseBody, len(rows))
	for i, l := range rows {
		out[len(rows)-1-i] = c.s.licenseObject(l, c.now, false)
	}
	c.json(http.StatusOK, out)
}

// licenseFromPath finds the row a request names, or answers 404.
func (c *call) licenseFromPath() *license {
	l := c.s.subscription.byID(c.id())
	if l == nil {
		c.notFound("")
	}
	return l
}

// getLicenseByID is GET /license/:id.
func getLicenseByID(c *call) {
	if l := c.licenseFromPath(); l != nil {
		c.json(http.StatusOK, c.s.licenseObject(l, c.now, true))
	}
}

// putRefreshBillable is PUT /license/:id/refresh_billable_users: it queues one
// count and says so.
func putRefreshBillable(c *call) {
	if c.licenseFromPath() == nil {
		return
	}
	c.s.later(c.now.Add(recountTakes), (*Server).recount)
	c.json(http.StatusAccepted, struct {
		Success bool `json:"success"`
	}{true})
}

// deleteLicense is DELETE /license/:id. Removing the current row also forgets
// the future terms (contract §1.8).
func deleteLicense(c *call) {
	sub := c.s.subscription
	l := sub.byID(c.id())
	if l == nil {
		c.fail(http.StatusNotFound, "404 Not found") // this one spells it so
		return
	}
	if sub.current(c.now) == l {
		sub.future = nil
	}
	sub.licenses = slices.DeleteFunc(sub.licenses, func(row *license) bool { return row == l })
	c.status = http.StatusNoContent
}

// Messages of a refused key (contract §1.7).
const (
	keyInvalid = "The license key is invalid. Make sure it is exactly as you received it from GitLab Inc."
	keyExpired = "This license has already expired."
)

// postLicense is POST /license. The only keys this instance can decode are
// its own (SampleKey).
func postLicense(c *call) {
	if !c.readFields() {
		return
	}
	key, ok := c.fields["license"].(string)
	if !ok {
		c.badParameter("license", "is missing")
		return
	}
	for _, sample := range c.s.subscription.samples {
		if sameKey(sample.key, key) {
			c.addLicense(sample)
			return
		}
	}
	c.fail(http.StatusBadRequest, keyInvalid)
}

// addLicense checks a decoded key as the instance does and stores it.
func (c *call) addLicense(l license) {
	d := c.s.billableTruth()
	switch {
	case l.expired(c.now):
		c.fail(http.StatusBadRequest, keyExpired)
		return
	case !l.cloud() && d > l.seats*110/100: // the tolerance of file licences
		c.fail(http.StatusBadRequest, fmt.Sprintf(
			"This GitLab installation currently has %d active users, exceeding this license's limit of %d by %d users. Please add a license for at least %d users or contact sales at https://about.gitlab.com/sales/",
			d, l.seats, d-l.seats, d))
		return
	}
	l.created = c.now
	stored := c.s.subscription.add(l)
	c.json(http.StatusCreated, c.s.licenseObject(stored, c.now, true))
}

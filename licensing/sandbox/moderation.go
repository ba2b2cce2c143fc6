package sandbox

import (
	"fmt"
	"net/http"
)

// done answers a moderation verb: 201 and true.
func (c *call) done() { c.raw(http.StatusCreated, "application/json", []byte("true")) }

// nothingToDo answers a verb that changes nothing: 201 and null.
func (c *call) nothingToDo() { c.raw(http.StatusCreated, "application/json", []byte("null")) }

// blockUser is POST /users/:id/block (contract §5.4).
func blockUser(c *call) {
	a := c.userFromPath()
	switch {
	case a == nil:
	case a.state == ldapBlocked:
		c.forbidden("LDAP blocked users cannot be modified by the API")
	case a.id == c.user.id:
		c.forbidden("The API initiating user cannot be blocked by the API")
	case a.state.isBlocked():
		c.nothingToDo()
	case a.kind.isInternal():
		c.fail(http.StatusForbidden, "An internal user cannot be blocked")
	default:
		c.s.world.setState(a, blocked)
		c.done()
	}
}

// unblockUser is POST /users/:id/unblock. The handler returns the success of
// the change, so an account that cannot be unblocked is a 201 with false. One
// that waits for approval becomes active: unblocking and activating are the
// same change of state.
func unblockUser(c *call) {
	a := c.userFromPath()
	switch {
	case a == nil:
	case a.state == ldapBlocked:
		c.forbidden("LDAP blocked users cannot be unblocked by the API")
	case a.state == deactivated:
		c.forbidden("Deactivated users cannot be unblocked by the API")
	case a.state != blocked && a.state != pendingApproval:
		c.raw(http.StatusCreated, "application/json", []byte("false"))
	default:
		c.s.world.setState(a, active)
		c.done()
	}
}

// banUser is POST /users/:id/ban: active accounts only.
func banUser(c *call) {
	a := c.userFromPath()
	switch {
	case a == nil:
	case a.state != active:
		c.fail(http.StatusForbidden, "You cannot ban "+a.state.String()+" users.")
	default:
		c.s.world.setState(a, banned)
		c.done()
	}
}

// unbanUser is POST /users/:id/unban: banned accounts only.
func unbanUser(c *call) {
	a := c.userFromPath()
	switch {
	case a == nil:
	case a.state != banned:
		c.fail(http.StatusForbidden, "You cannot unban "+a.state.String()+" users.")
	default:
		c.s.world.setState(a, active)
		c.done()
	}
}

// deactivateUser is POST /users/:id/deactivate: active, no bot of the
// instance's own, and without activity for the period.
func deactivateUser(c *call) {
	a := c.userFromPath()
	switch {
	case a == nil:
	case a.state == deactivated:
		c.nothingToDo()
	case a.state.isBlocked():
		c.fail(http.StatusForbidden, "Error occurred. A blocked user cannot be deactivated")
	case a.kind.isInternal():
		c.fail(http.StatusForbidden, "Internal users cannot be deactivated")
	case c.recentlyActive(a):
		c.fail(http.StatusForbidden, fmt.Sprintf(
			"The user you are trying to deactivate has been active in the past %d days and cannot be deactivated", c.s.settings.dormantPeriod))
	default:
		c.s.world.setState(a, deactivated)
		c.done()
	}
}

// recentlyActive: activity within the period bars deactivation; an account
// that never was active may always be deactivated.
func (c *call) recentlyActive(a *account) bool {
	day, ok := a.activeOn()
	return ok && day.After(c.now.AddDate(0, 0, -c.s.settings.dormantPeriod))
}

// activateUser is POST /users/:id/activate.
func activateUser(c *call) {
	a := c.userFromPath()
	switch {
	case a == nil:
	case a.state.isBlocked():
		message := "Error occurred. A blocked user must be unblocked to be activated"
		if !c.s.knobs.version.atLeast(16, 0) {
			message = "403 Forbidden - A blocked user must be unblocked to be activated"
		}
		c.fail(http.StatusForbidden, message)
	default:
		c.s.world.setState(a, active)
		c.done()
	}
}

// approveUser is POST /users/:id/approve.
func approveUser(c *call) {
	a := c.userFromPath()
	switch {
	case a == nil:
	case a.state == pendingApproval:
		c.s.world.setState(a, active)
		c.fail(http.StatusCreated, "Success")
	case a.state == blocked || a.state == ldapBlocked || a.state == banned:
		c.fail(http.StatusForbidden, "The user you are trying to approve is not pending approval")
	default:
		c.fail(http.StatusConflict, "The user you are trying to approve is not pending approval")
	}
}

// rejectUser is POST /users/:id/reject. It deletes the account.
func rejectUser(c *call) {
	a := c.userFromPath()
	switch {
	case a == nil:
	case a.state != pendingApproval:
		c.fail(http.StatusConflict, "User does not have a pending request")
	default:
		c.s.world.remove(a)
		c.fail(http.StatusCreated, "Success")
	}
}

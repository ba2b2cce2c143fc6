// Package users is an example.
package users

import (
	_ "seatdeck/ui/registration"
)

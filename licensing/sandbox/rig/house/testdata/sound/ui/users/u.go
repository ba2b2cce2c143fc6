// Package users is an example.
package users

import (
	_ "charm.land/bubbletea/v2"
	_ "seatdeck/licensing"
)

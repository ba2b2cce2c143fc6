// Package cache is an example.
package cache

import (
	_ "seatdeck/licensing"
)

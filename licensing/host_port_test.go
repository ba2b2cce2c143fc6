package licensing_test

import (
	"seatdeck/licensing"
	"seatdeck/licensing/host"
)

var _ licensing.Host = (*host.Runner)(nil)

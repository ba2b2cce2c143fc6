// Package host is an example.
package host

import (
	_ "seatdeck/licensing/gitlab"
)

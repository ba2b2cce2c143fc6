// Package sandbox is an example.
package sandbox

import (
	_ "seatdeck/model"
)

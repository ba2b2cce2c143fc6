// Package cli is an example.
package cli

import (
	_ "seatdeck/ui/kit"
)

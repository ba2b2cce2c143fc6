// Package licensing is an example.
package licensing

import (
	_ "seatdeck/model"
)

// Seatdeck is an example.
package main

import (
	_ "seatdeck/ui/users"
	_ "time"
)

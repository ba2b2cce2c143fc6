//go:build lab

package calendar

import (
	"testing"
	"time"
)

// TestLabSixtyDays looks every hour, so that the hour counts at which a sync
// becomes overdue and at which it is no more.
func TestLabSixtyDays(t *testing.T) { sixtyDays(t, time.Hour, time.Hour) }

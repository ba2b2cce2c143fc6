package storage

import (
	"time"

	"golang.org/x/sys/unix"
)

// SinceBoot is the time since this machine started, sleep included. It cannot
// be set, so it orders what happened when somebody moves the clock.
func SinceBoot() time.Duration {
	var ts unix.Timespec
	if unix.ClockGettime(unix.CLOCK_BOOTTIME, &ts) != nil {
		return 0
	}
	return time.Duration(ts.Nano())
}

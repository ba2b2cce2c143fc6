//go:build !linux

package storage

import "time"

// SinceBoot cannot be told on this system and is 0.
func SinceBoot() time.Duration { return 0 }

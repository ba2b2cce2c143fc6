// Package model is an example.
package model

import (
	"time"
)

var now = time.Now

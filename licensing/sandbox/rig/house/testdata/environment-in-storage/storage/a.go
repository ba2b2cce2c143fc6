// Package storage is an example.
package storage

import (
	"os"
)

var e = os.Getenv

// Package cache is an example.
package cache

import (
	_ "github.com/dgraph-io/badger/v4"
	_ "seatdeck/model"
)

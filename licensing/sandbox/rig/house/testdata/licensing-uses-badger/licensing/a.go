// Package licensing is an example.
package licensing

import (
	_ "github.com/dgraph-io/badger/v4"
)

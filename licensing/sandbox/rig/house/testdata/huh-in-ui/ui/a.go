// Package ui is an example.
package ui

import (
	_ "charm.land/huh/v2"
)

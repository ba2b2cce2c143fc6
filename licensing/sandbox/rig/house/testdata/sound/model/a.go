// Package model is an example.
package model

import (
	_ "time"
)

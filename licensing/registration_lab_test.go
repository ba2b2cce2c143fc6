//go:build lab

package licensing_test

import "testing"

func TestSwitchLiarForLong(t *testing.T) { believeNothing(t, 500) }

func TestNothingBelievedForLong(t *testing.T) { nothingBelieved(t, 500) }

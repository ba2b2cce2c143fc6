//go:build lab

package survive

import "testing"

func TestLabKills(t *testing.T) { killRounds(t, 200, 6) }

//go:build lab

package survive

import (
	"fmt"
	"testing"
)

// The kills are done at several desks at once: that they get in each other's
// way spreads the moments.
func TestLabKills(t *testing.T) {
	t.Parallel()
	for desk := range 4 {
		t.Run(fmt.Sprint(desk), func(t *testing.T) {
			t.Parallel()
			killRounds(t, 50, 6, uint64(desk))
		})
	}
}

//go:build lab

package survive

import (
	"fmt"
	"sync/atomic"
	"testing"
)

// Every kind of damage to everything in the cache (faults F8, R-05).
func TestLabDamage(t *testing.T) {
	t.Parallel()
	l := newDamageLab(t)
	if len(l.list) < 22 {
		t.Fatalf("only %d kinds of damage", len(l.list))
	}
	var kept atomic.Int32
	inTheWay := 0
	t.Run("all", func(t *testing.T) {
		for i, v := range l.list {
			if v.inTheWay() {
				inTheWay++
			}
			t.Run(fmt.Sprint(v), func(t *testing.T) {
				t.Parallel()
				if l.verbs(t, v) {
					kept.Add(1)
				}
				// Each kind of damage and each file has its turn on a screen.
				if i%3 == 0 || v.inTheWay() {
					l.screens(t, v)
				}
			})
		}
	})
	t.Logf("%d kinds of damage: %d times the reading was kept, otherwise refused in words; 0 wrong numbers; all repaired but %d, where something is in the way",
		len(l.list), kept.Load(), inTheWay)
}

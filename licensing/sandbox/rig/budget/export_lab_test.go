//go:build lab

package budget

import "testing"

// exportMax is how much memory an export may have, whatever the number of
// accounts, in bytes.
const exportMax = 120_000_000

// A million accounts are never in memory all at once while they are written,
// neither offline nor where what is kept is young enough.
func TestLabExportOfAMillion(t *testing.T) {
	k := fill(t, 1_000_000)
	for _, form := range exportForms {
		for _, road := range []string{"--offline", "--max-age=24h"} {
			took, peak := k.export(t, form, road)
			t.Logf("%s %s: %.1f s, at most %.1f MB", form, road, took.Seconds(), float64(peak)/1e6)
			if peak > exportMax {
				t.Errorf("%s %s: %d bytes of memory, more than %d", form, road, peak, int64(exportMax))
			}
		}
	}
}

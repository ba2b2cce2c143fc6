package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// TestJournalForget: whole files of old records go, once somebody agreed, and
// nothing else does.
func TestJournalForget(t *testing.T) {
	b := newBench(t, rig.Options{})
	long, err := json.Marshal(strings.Repeat("x", 60<<10))
	if err != nil {
		t.Fatal(err)
	}
	year := func(y int) (out []model.Entry) { // more than a file holds
		for n := range 72 {
			out = append(out, model.Entry{Kind: "note", At: time.Date(y, 3, 1+n/3, 0, 0, 0, 0, time.UTC), Body: long})
		}
		return out
	}
	for _, y := range []int{2018, 2019, 2020} {
		if _, err := b.Journal.Append(t.Context(), year(y)...); err != nil {
			t.Fatal(err)
		}
	}
	left := func() int {
		t.Helper()
		all, err := b.Journal.Own(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	out, _ := b.must(0, "journal", "forget", "--before", "2019-01-01", "--dry-run")
	wants(t, out, "would go", "72 records from 2018-03-01 to 2018-03-24", "1 file")
	_, errOut := b.must(3, "journal", "forget", "--before", "2019-01-01")
	wants(t, errOut, "nothing was done")
	if n := left(); n != 216 {
		t.Fatalf("%d records are left of 216", n)
	}
	out, _ = b.must(0, "journal", "forget", "--before", "2019-01-01", "--yes", "-o", "json")
	wants(t, out, `"records": 72`, `"last_seq": 72`, `"forgotten": true`)
	if n := left(); n != 216-72+1 { // and the record of it
		t.Errorf("%d records are left", n)
	}
	out, _ = b.must(0, "journal", "forget", "--before", "2019-03-10", "--yes", "-o", "json")
	wants(t, out, `"old": null`, `"forgotten": false`)
}

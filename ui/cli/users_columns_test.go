package cli

import (
	"encoding/json"
	"testing"
	"time"

	"seatdeck/model"
)

// A cell is written as encoding/json writes it, however it is written.
func TestCellsAsEncoded(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 5, 0, time.FixedZone("", 3600))
	for _, cell := range []any{
		nil, int64(0), int64(-7), 42, 1.5, true, "", "plain", `"quoted"`, `back\slash`, "<tag> & more", "é", "\x00", "\u2028", "\x7f", "\xff",
		model.Clean("Ada Lovelace"), model.Clean("Zoë <z@example.org>"), model.Some(true), model.Some(false), model.None[bool](),
		model.None[int](), model.Some("guest"), model.Some("<"), model.Some(""), model.None[string](), model.Day(-719_530), model.Day(3_000_000), model.DayOf(at), model.Day(0), at,
	} {
		want, err := json.Marshal(cell)
		if t, ok := cell.(time.Time); ok {
			want, err = json.Marshal(t.UTC())
		}
		if err != nil {
			t.Fatal(err)
		}
		if got, err := appendCell([]byte("x"), cell); err != nil || string(got) != "x"+string(want) {
			t.Errorf("%#v: %s, %v; want %s", cell, got, err, want)
		}
	}
}

// Columns are named once for files, screens and saved views.
func TestColumnsAsNamed(t *testing.T) {
	for i, name := range model.AccountColumns() {
		if userColumns[i].key != name {
			t.Errorf("column %d is %s, want %s", i, userColumns[i].key, name)
		}
	}
	if got, want := len(userColumns), len(model.AccountColumns()); got != want {
		t.Errorf("%d columns, want %d", got, want)
	}
}

package model_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seatdeck/model"
)

// A count is a number in JSON, and null where there is none; what is read back
// is what was written. A licence number and a row id are names, not counts.
func TestReadingCountsAreNumbers(t *testing.T) {
	for _, tt := range []struct {
		reading model.Reading
		json    string
	}{
		{nil, `null`},
		{model.Reading{}, `{}`},
		{model.Reading{"seats": "1,000", "plan": "Ultimate", "licence": "41264"}, `{"licence":"41264","plan":"Ultimate","seats":1000}`},
		{model.Reading{"billable users": "1,234,567", "licence row": "7"}, `{"billable users":1234567,"licence row":"7"}`},
		{model.Reading{"seats": "–"}, `{"seats":null}`},
		{model.Reading{"seats": "many"}, `{"seats":"many"}`},
	} {
		b, err := json.Marshal(tt.reading)
		if err != nil || string(b) != tt.json {
			t.Errorf("%v is %s, want %s (%v)", tt.reading, b, tt.json, err)
		}
		var back model.Reading
		if err := json.Unmarshal(b, &back); err != nil || !cmp.Equal(back, tt.reading) {
			t.Errorf("%s comes back as %v (%v)", b, back, err)
		}
	}
	var old model.Reading
	if err := json.Unmarshal([]byte(`{"billable users":"1234","seats":"1,000","licence row":"1234"}`), &old); err != nil ||
		!cmp.Equal(old, model.Reading{"billable users": "1,234", "seats": "1,000", "licence row": "1234"}) {
		t.Errorf("a record of before comes back as %v (%v)", old, err)
	}
	for _, bad := range []string{`{"plan":7}`, `{"seats":true}`, `{"plan":null}`, `[]`} {
		var r model.Reading
		if err := json.Unmarshal([]byte(bad), &r); err == nil {
			t.Errorf("%s was read as %v", bad, r)
		}
	}
}

func TestChangeCountsAreNumbers(t *testing.T) {
	for c, want := range map[model.Change]string{
		{Field: "seats", Before: "164", After: "1,000"}:    `{"field":"seats","before":164,"after":1000}`,
		{Field: "seats", Before: "950", After: "–"}:        `{"field":"seats","before":950,"after":null}`,
		{Field: "ends", Before: "2027", After: "–"}:        `{"field":"ends","before":"2027","after":"–"}`,
		{Field: "usage_ping_enabled", After: "on"}:         `{"field":"usage_ping_enabled","before":"","after":"on"}`,
		{Field: "billable users", Before: "0", After: "1"}: `{"field":"billable users","before":0,"after":1}`,
	} {
		b, err := json.Marshal(c)
		if err != nil || string(b) != want {
			t.Errorf("%v is %s, want %s (%v)", c, b, want, err)
		}
		var back model.Change
		if err := json.Unmarshal(b, &back); err != nil || back != c {
			t.Errorf("%s comes back as %v (%v)", b, back, err)
		}
	}
}

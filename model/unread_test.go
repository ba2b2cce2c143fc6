package model_test

import (
	"encoding/json"
	"strings"
	"testing"

	"seatdeck/model"
)

// TestNotAskedIsNotFailed: what nobody asked for so far did not fail, and what
// failed is not said to be still to come.
func TestNotAskedIsNotFailed(t *testing.T) {
	now := at(t, "2026-11-21 09:52")
	meta := model.Read(model.Metadata{Version: model.Version{Major: 18, Minor: 5, Suffix: "ee"}}, model.Live(now))
	said := func(f *model.Facts) string {
		cat := model.Catalogue{Features: []model.Feature{{}}}
		b, err := json.Marshal([]any{
			model.RegistrationOf(f, cat), model.OutflowsOf(f, now), model.HistoryOf(nil, f.License, 1, now).Why,
		})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for name, f := range map[string]model.Facts{"nothing": {}, "the version": {Metadata: meta}} {
		if got := said(&f); !strings.Contains(got, "not read yet") || strings.Contains(got, "could not be read") {
			t.Errorf("with %s read: %s", name, got)
		}
	}
	no := model.Fail(model.ClassUnreachable, "read", "no answer", "")
	f := model.Facts{Metadata: meta}
	f.License, f.Settings = f.License.Failed(no), f.Settings.Failed(no)
	got := said(&f)
	if strings.Contains(got, "not read yet") || !strings.Contains(got, "the settings could not be read") || !strings.Contains(got, "the licence could not be read") {
		t.Errorf("after a failure: %s", got)
	}
}

package model_test

import (
	"testing"

	"seatdeck/model"
)

func TestNearest(t *testing.T) {
	names := []string{"username", "name", "created", "Prod", "state"}
	for s, want := range map[string]string{
		"usrname": "username", "nmae": "name", "NAME": "name", "prdo": "Prod", "creatd": "created", "cre": "created",
		"sttae": "state", "x": "", "": "", "billing": "", "stxxe": "state", "sxxxe": "",
	} {
		if got := model.Nearest(s, names); got != want {
			t.Errorf("%q is near %q, want %q", s, got, want)
		}
	}
}

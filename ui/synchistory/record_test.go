package synchistory

import "testing"

func TestAddOns(t *testing.T) {
	for list, want := range map[string]string{
		"DUO_ENTERPRISE 60":             "Duo Enterprise 60",
		"DUO_CORE 5; DUO_ENTERPRISE 60": "Duo Core 5 and Duo Enterprise 60",
		"":                              "",
	} {
		if got := addOns(list); got != want {
			t.Errorf("%q: %q, want %q", list, got, want)
		}
	}
}

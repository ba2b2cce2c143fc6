package model

import "testing"

func TestWhyNoSync(t *testing.T) {
	ready := func() Eligibility {
		return Eligibility{
			Enterprise: Some(true), License: Some(HostLicense{}), Eligible: Some(true), SilentMode: Some(false), Maintenance: Some(false),
			ReadOnly: Some(false), Secondary: Some(false), Way: WayButton,
		}
	}
	for _, c := range []struct {
		name string
		turn func(*Eligibility)
		want HostRefusal
	}{
		{"all well", func(*Eligibility) {}, RefusalNone},
		{"community", func(e *Eligibility) { e.Enterprise = Some(false) }, RefusalEdition},
		{"no licence", func(e *Eligibility) { e.NoLicense, e.License = true, None[HostLicense]() }, RefusalLicense},
		{"secondary", func(e *Eligibility) { e.Secondary, e.ReadOnly = Some(true), Some(true) }, RefusalSecondary},
		{"read-only", func(e *Eligibility) { e.ReadOnly = Some(true) }, RefusalReadOnly},
		{"maintenance looks read-only", func(e *Eligibility) { e.ReadOnly, e.Maintenance = Some(true), Some(true) }, RefusalNone},
		{"silent", func(e *Eligibility) { e.SilentMode = Some(true) }, RefusalSilentMode},
		{"silent and maintenance", func(e *Eligibility) { e.SilentMode, e.Maintenance = Some(true), Some(true) }, RefusalSilentMode},
		{"not eligible", func(e *Eligibility) { e.Eligible = Some(false) }, RefusalNotEligible},
		{"no way", func(e *Eligibility) { e.Way = WayNone }, RefusalUnsupported},
		{"nobody said", func(e *Eligibility) { e.Eligible = None[bool]() }, RefusalUnclear},
		{"old: no silent mode", func(e *Eligibility) { e.SilentMode = None[bool]() }, RefusalNone},
		{"nothing known", func(e *Eligibility) { *e = Eligibility{} }, RefusalUnsupported},
	} {
		e := ready()
		c.turn(&e)
		got := e.Refusal()
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if words, _ := got.Words(); (words == "") != (got == RefusalNone) {
			t.Errorf("%s: words %q", c.name, words)
		}
	}
}

func TestProxiesLoseTheirPasswords(t *testing.T) {
	for in, want := range map[string]string{
		"http://proxy.example:3128":          "http://proxy.example:3128",
		"http://alice:s3cret@proxy.example/": "http://***@proxy.example",
		"alice:s3cret@proxy.example:3128":    "***@proxy.example:3128",
		"http://a:b@c:d@proxy.example/x@y":   "http://***@proxy.example/x@y",
		"localhost,.example.com":             "localhost,.example.com",
		"":                                   "",
	} {
		if got := MaskProxy(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
}

func TestTheLastPinLineCounts(t *testing.T) {
	p := Pins{Lines: []PinLine{
		{File: Clean("a"), Line: 3, Key: Clean("usage_ping_enabled"), Set: Clean("true")},
		{File: Clean("a"), Line: 9, Key: Clean("usage_ping_enabled"), Set: Clean("false")},
		{File: Clean("a"), Line: 11, Key: Clean("other"), Set: Clean("nil")},
	}}
	if line, ok := p.PinnedBy("usage_ping_enabled"); !ok || line.Line != 9 {
		t.Errorf("line %+v, %t", line, ok)
	}
	if _, ok := p.PinnedBy("nothing"); ok {
		t.Error("a line for nothing")
	}
}

package journal

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"seatdeck/model"
)

// scanned are lines that the scanner must read, and lines near them.
func scanned(t testing.TB) (ours, others []string) {
	t.Helper()
	for _, e := range []model.Entry{
		{Kind: model.EntryCount, Key: "count:2026-03-01", Body: json.RawMessage(`{"at":"2026-03-01T12:00:05Z","billable_users":72589}`)},
		{Kind: model.EntryWatched, Body: json.RawMessage(`{"seen":"2026-03-01T12:00:05Z","last_sync":null}`)},
		{Kind: model.EntryIntent, Key: "k", Body: json.RawMessage(`{"a":{"b":[1,{"c":"}}"}]}}`)},
		{Kind: "odd", Body: json.RawMessage(`{}`), Mono: time.Hour},
		{Kind: model.EntryObserved, Body: json.RawMessage(`{"after":{"future":"Ultimate, 864 seats, 2027-03-27 → 2028-03-27"}}`)},
	} {
		e.Seq, e.Prev, e.At = 7, strings.Repeat("0f", 32), time.Date(2026, 3, 1, 12, 0, 5, 123456789, time.UTC)
		e.Who = model.Who{UID: 1000, User: "alice", SudoUID: 1001, SSHPeer: "192.0.2.1", PID: 4711, Tool: "1.0"}
		line, err := encodeLine(e)
		if err != nil {
			t.Fatal(err)
		}
		ours = append(ours, string(line))
		e.Who = model.Who{}
		if line, err = encodeLine(e); err != nil {
			t.Fatal(err)
		}
		ours = append(ours, string(line))
	}
	for _, change := range [][2]string{
		{`"seq":7`, `"seq":0`}, {`"seq":7`, `"seq":07`}, {`"seq":7`, `"seq":-7`}, {`"seq":7`, `"seq":18446744073709551615`},
		{`"seq":7`, `"seq":1234567890123456789012`}, {`"seq":7`, `"seq":`}, {`{"seq"`, ` {"seq"`}, {`"prev"`, `"Prev"`},
		{`T12:00:05.123456789Z`, `T12:00:05.123456789+02:00`}, {`T12:00:05.123456789Z`, ` 12:00:05Z`}, {`"mono":0`, `"mono":-5`},
		{`"mono":0`, `"mono":1.5`}, {`"uid":1000`, `"uid":"x"`}, {`alice`, `al}ice`}, {`alice`, `al\u0069ce`}, {`alice`, "al\u202eice"},
		{`"kind":"count"`, `"kind":""`}, {`"kind":"count"`, `"kind":null`}, {`"key":"count:2026-03-01"`, `"key":""`}, {`72589}}`, `72589} }`}, {`72589}}`, `72589}}}`},
		{`72589}}`, `72589}`}, {`72589}}`, `72589},"seq":9}`}, {`{"at":"2026-03-01T12:00:05Z"`, `{"at":"2026-03-01T12:00:05Z`}, {`"body":{`, `"body": {`}, {`"body":`, `"more":1,"body":`},
	} {
		others = append(others, strings.Replace(ours[0], change[0], change[1], 1))
	}
	return ours, others
}

func TestScan(t *testing.T) {
	ours, others := scanned(t)
	var s scanner
	for _, line := range ours {
		if _, ok := s.entry([]byte(line)); !ok {
			t.Errorf("is one of ours and not scanned: %s", line)
		}
	}
	for _, line := range append(ours, others...) {
		wantAsDecoded(t, &s, []byte(line))
	}
}

// wantAsDecoded wants a line that is scanned to be what it is when decoded.
func wantAsDecoded(t *testing.T, s *scanner, line []byte) {
	t.Helper()
	got, ok := s.entry(line)
	if !ok {
		return
	}
	want, err := decodeEntry(line)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%s\nis scanned as %+v\nand decoded as %+v, %v", line, got, want, err)
	}
}

// Every byte, at every place of a word and behind the last one, beside others
// from which it might be carried or borrowed.
func TestHarmless(t *testing.T) {
	for c := range 256 {
		want := c >= ' ' && c <= '~' && c != '\\'
		for _, beside := range []byte{' ', '~', '[', ']', 'a'} {
			for _, size := range []int{1, 7, 8, 9, 19} {
				for at := range size {
					text := bytes.Repeat([]byte{beside}, size)
					text[at] = byte(c)
					if got := harmless(text); got != want {
						t.Fatalf("byte %#02x at %d of %q: %t, want %t", c, at, text, got, want)
					}
				}
			}
		}
	}
	for text, want := range map[string]bool{
		`"2026 → 2027"`: true, `"naïve · 72 € – 漢字"`: true, `→`: true,
		`"→ \\u0041"`: false, "\"→ \n\"": false, "\"\u202e\"": false, "\"a\u200b\"": false, "\"e\u0301\"": false, "\"\u0080\"": false, "\"\ufffd\"": true,
		"\"\xe2\x86\"": false, "\"→\x7f\"": false, "\"\u00ad\"": false, "\"\ue000\"": false,
	} {
		if got := harmless([]byte(text)); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
		if want && clean(text) != text {
			t.Errorf("%q is not harmless: it is cleaned to %q", text, clean(text))
		}
	}
	if harmless(nil) || harmless(bytes.Repeat([]byte{'a'}, lineMax+1)) {
		t.Error("nothing, and what is too long, is not harmless")
	}
}

func FuzzScan(f *testing.F) {
	ours, others := scanned(f)
	for _, line := range append(ours, others...) {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		var s scanner
		wantAsDecoded(t, &s, line)
	})
}

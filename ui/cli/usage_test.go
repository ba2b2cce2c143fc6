package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"seatdeck/licensing/sandbox/rig"
)

// TestSlips: what was not understood is named, with what was meant, and exits
// with 2 before anything is asked of an instance.
func TestSlips(t *testing.T) {
	b := newBench(t, rig.Options{})
	tests := []struct {
		line string
		says []string
	}{
		{"stauts", []string{`seatdeck has no verb "stauts"`, "did you mean seatdeck status?"}},
		{"frobnicate", []string{`no verb "frobnicate"`, "see seatdeck --help"}},
		{"users lst", []string{`seatdeck users has no verb "lst"`, "did you mean seatdeck users list?"}},
		{"users", []string{"users needs a verb: breakdown, counts, export, list, promotions, recount, roles, show, views, what-if, why, will-fit"}},
		{"users list --fliter x", []string{`no flag "fliter"`, "did you mean --filter?"}},
		{"users list -z", []string{`no flag "z"`}},
		{"users list --limit many", []string{`"many"`}},
		{"users list --limit -1", []string{"--limit cannot be negative"}},
		{"users list --filter stat:blocked", []string{"stat:blocked", "^^^^", "did you mean state?"}},
		{"users list --filter state:bloked", []string{"state:bloked", "      ^^^^^^", "did you mean blocked?"}},
		{"users list --sort nmae", []string{"no sort key nmae", "did you mean name?"}},
		{"users list --columns id,usrname", []string{`no column "usrname"`, "did you mean username?"}},
		{"users list --search a\"b", []string{"no quotation marks"}},
		{"users list extra", []string{`does not take the argument "extra"`}},
		{"users show", []string{"needs a username or an id", "such as seatdeck users show ida.lindqvist"}},
		{"users show 2 --memberships --offline", []string{"--offline forbids that"}},
		{"users why", []string{"needs a username or an id"}},
		{"users what-if", []string{"needs a question"}},
		{"users what-if ida", []string{`"ida" is not USER=CHANGE`}},
		{"users what-if ida=gest", []string{`there is no change "gest"`, "did you mean guest?"}},
		{"users what-if --do block", []string{"--filter and --do belong together"}},
		{"users what-if --filter stat:x --do block", []string{"^^^^", "did you mean state?"}},
		{"users what-if --plan ultimat", []string{"did you mean ultimate?"}},
		{"users what-if --new -3", []string{"no number of new accounts"}},
		{"users what-if 2=block --role guest", []string{"--role is that of new accounts"}},
		{"users what-if --role guest", []string{"--new does not say how many", "such as --new 25 --role guest"}},
		{"users list --max-age -5m", []string{"--max-age cannot be negative"}},
		{"status --max-age -1s", []string{"--max-age cannot be negative"}},
		{"status --max-age soon", []string{`--max-age cannot be "soon"`, "such as --max-age 15m"}},
		{"users list --limit few", []string{`--limit cannot be "few"`, "such as --limit 20"}},
		{"users list --columns=", []string{"--columns names no column"}},
		{"users export --file x.csv --columns=", []string{"--columns names no column"}},
		{"users will-fit", []string{"needs a number of accounts"}},
		{"users will-fit none", []string{`"none" is no number of accounts`}},
		{"users will-fit 0", []string{`"0" is no number of accounts`}},
		{"users will-fit 3 --role developr", []string{"did you mean developer?"}},
		{"users export", []string{"needs a file"}},
		{"users export --file -", []string{"seatdeck users list -o csv"}},
		{"status -o csv", []string{`does not print "csv"`, "it prints table, plain, json"}},
		{"status -o jsno", []string{`does not print "jsno"`}},
		{"users counts -o xml", []string{`does not print "xml"`, "it prints table, plain, json, jsonl, csv"}},
		{"completion bash -o json", nil},
		{"sandbox dump", []string{"--truth"}},
		{"sandbox serve --scenario ultimat", []string{"did you mean ultimate?"}},
		{"sandbox serve --set portl=down", []string{"did you mean portal?"}},
		{"sandbox serve --set portal", []string{"KEY=VALUE"}},
		{"sandbox serve --users -5", []string{"--users cannot be negative"}},
		{"sync show first", []string{`"first" is no number of a row`}},
		{"sync show 0", []string{`"0" is no number of a row`}},
		{"status -i prd", []string{`no instance is called "prd"`, "did you mean prod?"}},
		{"help statsu", []string{"did you mean status?"}},
		{"help exit-code", []string{"did you mean exit-codes?"}},
		{"instances test --offline", []string{"--offline forbids that"}},
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			code, out, errOut := b.run(strings.Fields(tt.line)...)
			if tt.says == nil {
				tt.says = []string{"one form of output only"}
			}
			if code != 2 || out != "" {
				t.Errorf("exit %d with %q on stdout, want 2 and nothing", code, out)
			}
			wants(t, errOut, tt.says...)
		})
	}
	if n := len(b.Sandbox.Requests()); n != 0 {
		t.Errorf("%d requests were sent for command lines nobody understood", n)
	}
}

// TestErrorsAsDocuments: who asked for JSON gets errors as JSON, also where the
// rest of the command line makes no sense.
func TestErrorsAsDocuments(t *testing.T) {
	b := newBench(t, rig.Options{})
	for _, line := range []string{
		"stauts -o json", "users list -o json --fliter x", "users list --output=jsonl --filter stat:blocked", "status -ojson -i prd", "status -o csv -o json --nope",
	} {
		code, out, errOut := b.run(strings.Fields(line)...)
		var doc struct {
			Schema, Class, Message, Next string
			Version, Exit                int
		}
		if err := json.Unmarshal([]byte(errOut), &doc); err != nil {
			t.Errorf("%s: %v in %q", line, err, errOut)
			continue
		}
		if code != 2 || doc.Exit != 2 || doc.Schema != "seatdeck.error" || doc.Version != 1 || doc.Class != "usage" || doc.Message == "" || doc.Next == "" || out != "" {
			t.Errorf("%s: exit %d, document %+v, stdout %q", line, code, doc, out)
		}
	}
	if _, errOut := b.must(2, "stauts", "--", "-o", "json"); strings.HasPrefix(errOut, "{") {
		t.Errorf("what follows -- is no flag, yet the error is a document: %s", errOut)
	}
}

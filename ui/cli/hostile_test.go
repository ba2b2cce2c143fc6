package cli

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model/hostile"
)

// harmless checks every line of a stream. Plain output has its own tabs, and a
// progress line its own returns; nothing else may hold any.
func harmless(t *testing.T, line, stream string, tabs bool) {
	t.Helper()
	for _, l := range strings.Split(stream, "\n") {
		if tabs {
			l = strings.ReplaceAll(l, "\t", "")
		}
		if err := hostile.Check(l); err != nil {
			t.Errorf("seatdeck %s prints %v: %.200q", line, err, l)
			return
		}
	}
}

// poisoned is a bench whose instance answers with one hostile text after the
// other, and how many it used so far.
func poisoned(t *testing.T, o rig.Options, p *rig.Poison) (b *bench, used *int) {
	t.Helper()
	used = new(int)
	all := hostile.Strings()
	if len(all) < 1200 {
		t.Fatalf("only %d hostile strings", len(all))
	}
	p.Text = func(string) string { *used++; return all[*used%len(all)] }
	o.Transport = p.Wrap
	return newBench(t, o), used
}

func TestHostileText(t *testing.T) {
	b, used := poisoned(t, rig.Options{Users: 500}, &rig.Poison{})
	b.must(0, "users", "list", "-o", "jsonl")
	if *used < 1200 {
		t.Fatalf("only %d hostile strings were answered", *used)
	}
	for line := range everyVerb {
		for _, form := range []string{"table", "plain", "json", "jsonl", "csv"} {
			args := append(strings.Fields(line), "-o", form)
			if form != "json" {
				args = append(args, "--offline")
			}
			_, out, errOut := b.run(args...)
			harmless(t, strings.Join(args, " "), out, form == "plain")
			harmless(t, strings.Join(args, " "), errOut, false)
		}
	}
	b.must(0, "users", "show", "3", "--memberships")
	harmless(t, "users show", b.out.String()+b.err.String(), false)
	b.deps.InTTY, b.deps.OutTTY, b.in = true, true, "2\nstate:active\n3\n4\nq\n"
	b.must(0, "--accessible")
	harmless(t, "--accessible", b.out.String()+b.err.String(), false)
}

// TestHostileErrors: bodies of refusals, and what somebody typed, come out
// harmless too.
func TestHostileErrors(t *testing.T) {
	all, n, status := hostile.Strings(), 0, 0
	b, _ := poisoned(t, rig.Options{}, &rig.Poison{Refuse: func(*http.Request) *rig.Refusal {
		if status == 0 {
			return nil
		}
		n++
		text := all[n%len(all)]
		return &rig.Refusal{Status: status, Header: http.Header{"Content-Type": {"application/json"}},
			Body: fmt.Sprintf(`{"message":%s,"error":%[1]s,"error_description":%[1]s}`, rig.Quote(text))}
	}})
	for _, status = range []int{400, 401, 403, 404, 422, 429, 500, 503} {
		for _, args := range [][]string{{"status"}, {"users", "list", "-o", "json"}, {"license", "show"}} {
			_, out, errOut := b.run(args...)
			harmless(t, strings.Join(args, " "), out+errOut, false)
			if errOut == "" {
				t.Errorf("%v says nothing about status %d", args, status)
			}
		}
	}
	for i, s := range all {
		if i%7 != 0 || strings.HasPrefix(s, "-") {
			continue // every seventh will do: each costs a command line
		}
		for _, args := range [][]string{{s}, {"users", s}, {"users", "list", "--sort", s}, {"users", "list", "--filter", "state:" + s}, {"status", "-i", s}, {"status", "-o", s}, {"status", "--" + s}, {"help", s}} {
			code, out, errOut := b.run(args...)
			if code == 70 {
				t.Fatalf("%q is an internal error: %s", args, errOut)
			}
			harmless(t, args[0], out+errOut, false)
		}
	}
}

package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model/hostile"
)

// poison is a way to an instance that puts hostile text into every text of its
// answers that a person or an administrator could have written, bodies of
// errors among them.
type poison struct {
	next http.RoundTripper
	all  []string

	mu     sync.Mutex
	used   int
	status int // when set, every answer has it
}

// written are the members of answers that hold free text.
var written = map[string]bool{
	"name": true, "username": true, "email": true, "public_email": true, "note": true, "provider": true, "extern_uid": true, "Name": true,
	"Email": true, "Company": true, "company": true, "source_name": true, "revision": true, "hostname": true, "message": true, "error": true,
	"error_description": true, "gitlab_product_usage_data_source": true,
}

func (p *poison) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := p.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.status != 0 {
		res.StatusCode = p.status
		body = []byte(`{"message":"x","error":"y","error_description":"z"}`)
		res.Header.Set("Content-Type", "application/json")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if d.Decode(&v) == nil {
		if body, err = json.Marshal(p.spoil("", v)); err != nil {
			return nil, err
		}
	}
	res.Header.Del("Content-Length")
	res.ContentLength = int64(len(body))
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

func (p *poison) spoil(key string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, m := range v {
			v[k] = p.spoil(k, m)
		}
	case []any:
		for i, m := range v {
			v[i] = p.spoil(key, m)
		}
	case string:
		if written[key] {
			p.used++
			s := p.all[p.used%len(p.all)]
			if key == "username" {
				s += "u" // an account whose username is nothing but marks is refused as a whole
			}
			return s
		}
	}
	return v
}

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

func TestHostileText(t *testing.T) {
	p := &poison{all: hostile.Strings()}
	if len(p.all) < 1200 {
		t.Fatalf("only %d hostile strings", len(p.all))
	}
	b := newBench(t, rig.Options{Users: 500, Transport: func(next http.RoundTripper) http.RoundTripper {
		p.next = next
		return p
	}})
	b.must(0, "users", "list", "-o", "jsonl")
	if p.used < len(p.all) {
		t.Fatalf("%d of %d hostile strings were answered", p.used, len(p.all))
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
	p := &poison{all: hostile.Strings()}
	b := newBench(t, rig.Options{Transport: func(next http.RoundTripper) http.RoundTripper {
		p.next = next
		return p
	}})
	for _, p.status = range []int{400, 401, 403, 404, 422, 429, 500, 503} {
		for _, args := range [][]string{{"status"}, {"users", "list", "-o", "json"}, {"license", "show"}} {
			_, out, errOut := b.run(args...)
			harmless(t, strings.Join(args, " "), out+errOut, false)
			if errOut == "" {
				t.Errorf("%v says nothing about status %d", args, p.status)
			}
		}
	}
	for i, s := range p.all {
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

package cli

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
	"seatdeck/ui/theme"
)

// bench is one instance to run verbs against, and what they printed.
type bench struct {
	*rig.Rig
	t    *testing.T
	deps Deps
	in   string
	out  bytes.Buffer
	err  bytes.Buffer
}

// newBench puts the real desk and the real adapter on a made-up instance.
func newBench(t *testing.T, o rig.Options) *bench {
	t.Helper()
	o.Memory = true
	if o.Seed == 0 {
		o.Seed = 7
	}
	if o.Users == 0 {
		o.Users = 60
	}
	b := &bench{t: t, Rig: rig.New(t, o)}
	b.deps = Deps{
		Lookup:  func(key string) (string, bool) { return "en_GB.UTF-8", key == "LANG" },
		Version: "1.2.3", Clock: b.Clock, Zone: time.UTC,
		Instances: func(context.Context) (licensing.Instances, error) { return b, nil },
		Console:   func(context.Context, ConsoleOptions) error { return nil },
		Settings: func() ([]model.Setting, string, error) {
			return []model.Setting{{Key: "default", Value: "prod", Origin: "config.toml:1"}}, "config.toml", nil
		},
		InitConfig:  func() (string, error) { return "config.toml", nil },
		TokenSource: func(context.Context, string) (string, error) { return "file prod.token", nil },
		Probe: func(_ context.Context, _ string, w io.Writer) ([]model.Check, error) {
			if w != nil {
				_, _ = io.WriteString(w, "{\"path\":\"version\"}\n")
			}
			return []model.Check{{Name: "reach", OK: true, Detail: model.Clean("answers")}}, nil
		},
		VerifyJournal: func(context.Context, string) (model.JournalReport, error) {
			return model.JournalReport{Dir: "journal", Verdict: "ok", Harmless: true, Records: 3, First: 1, Last: 3, Head: "abc"}, nil
		},
		CacheReport: func(context.Context, string) (model.CacheReport, error) {
			return model.CacheReport{}, model.ErrNoCache
		},
		Serve: func(ctx context.Context, _ SandboxOptions, ready func(url, token, scenario string)) error {
			ready("http://127.0.0.1:1", "made-up", "ultimate")
			return nil
		},
		Dump: func(_ context.Context, _ SandboxOptions, w io.Writer) error {
			_, err := io.WriteString(w, "{\"id\":1}\n")
			return err
		},
		Themes: theme.Names(),
		Scenarios: func() (scenarios, knobs [][2]string) {
			return [][2]string{{"ultimate", "the usual"}, {"premium", "the other"}}, [][2]string{{"portal", "how it answers"}}
		},
	}
	return b
}

// List returns the instance under its own name, and another that is never opened.
func (b *bench) List() []licensing.InstanceInfo {
	return []licensing.InstanceInfo{b.Info, {Name: "lab", Host: "lab.example.com", URL: "https://lab.example.com", Mode: model.ModeWrite}}
}

// Open returns a desk as a new process would have it.
func (b *bench) Open(context.Context, string) (*licensing.Desk, error) { return b.Reopen(), nil }

// run runs one command line and returns its exit code and streams.
func (b *bench) run(args ...string) (code int, out, errOut string) {
	return b.runIn(context.Background(), args...)
}

func (b *bench) runIn(ctx context.Context, args ...string) (code int, out, errOut string) {
	b.out.Reset()
	b.err.Reset()
	d := b.deps
	d.Err = &b.err
	if d.In == nil {
		d.In = strings.NewReader(b.in)
	}
	if d.Out == nil {
		d.Out = &b.out
	}
	code = Run(ctx, args, d)
	if strings.Contains(b.out.String()+b.err.String(), sandbox.TokenAdmin) {
		b.t.Errorf("seatdeck %s shows the token", strings.Join(args, " "))
	}
	return code, b.out.String(), b.err.String()
}

// must runs a command line that has to end with the code.
func (b *bench) must(want int, args ...string) (out, errOut string) {
	b.t.Helper()
	code, out, errOut := b.run(args...)
	if code != want {
		b.t.Fatalf("seatdeck %s: exit %d, want %d\n%.2000s\n%.2000s", strings.Join(args, " "), code, want, out, errOut)
	}
	return out, errOut
}

// wants checks that a text holds all of the pieces.
func wants(t *testing.T, text string, pieces ...string) {
	t.Helper()
	for _, p := range pieces {
		if !strings.Contains(text, p) {
			t.Errorf("%q is not in\n%s", p, text)
		}
	}
}

// roundTrip answers requests by a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

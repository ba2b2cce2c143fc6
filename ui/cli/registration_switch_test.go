package cli

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"

	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// watched is a bench that may change its instance; it notes what is put into
// the settings. before and after, when set, are asked around each of those.
type watched struct {
	*bench
	puts          []string
	before, after func() error
}

func newWatched(t *testing.T, set map[string]string, mode model.Mode) *watched {
	t.Helper()
	w := &watched{}
	w.bench = newBench(t, rig.Options{Mode: mode, Set: set, Transport: func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodGet || strings.HasSuffix(r.URL.Path, "/graphql") {
				return next.RoundTrip(r)
			}
			b, _ := io.ReadAll(r.Body)
			w.puts = append(w.puts, r.Method+" "+r.URL.Path+" "+string(b))
			if w.before != nil {
				if err := w.before(); err != nil {
					return nil, err
				}
			}
			r.Body = io.NopCloser(strings.NewReader(string(b)))
			resp, err := next.RoundTrip(r)
			if err == nil && w.after != nil {
				if err := w.after(); err != nil {
					_ = resp.Body.Close()
					return nil, err
				}
			}
			return resp, err
		})
	}})
	return w
}

// terminal lets somebody sit there and type.
func (w *watched) terminal(typed string) {
	w.deps.InTTY, w.deps.ErrTTY, w.in = true, true, typed
}

var free = map[string]string{"plan": "free", "optional_metrics": "off"}

const (
	putBoth     = `PUT /api/v4/application/settings {"include_optional_metrics_in_service_ping":true,"usage_ping_features_enabled":true}`
	putFeatures = `PUT /api/v4/application/settings {"usage_ping_features_enabled":true}`
)

// TestSwitchAsks: the plan with the instance, before and after, and what goes
// out stands before the question, and only a plain yes sends anything.
func TestSwitchAsks(t *testing.T) {
	for typed, want := range map[string]int{"y\n": 0, "yes\n": 0, "Y\n": 0, "n\n": 3, "\n": 3, "": 3, "yy\n": 3, "prod\n": 3, "y y\n": 3} {
		w := newWatched(t, free, model.ModeWrite)
		w.terminal(typed)
		out, errOut := w.must(want, "registration", "enable")
		wants(t, errOut, "prod ("+w.Info.Host+")", "off → on", "Pull mirroring", "not anonymous", "Service Ping payload", "names this server", "[y/N]")
		switch sent := len(w.puts); {
		case want == 0 && (!slices.Equal(w.puts, []string{putBoth}) || !strings.Contains(out, "✓ confirmed")):
			t.Errorf("%q: sent %q\n%s", typed, w.puts, out)
		case want != 0 && (sent != 0 || out != ""):
			t.Errorf("%q: sent %q, printed %q", typed, w.puts, out)
		}
	}
}

func TestSwitchEnds(t *testing.T) {
	gone := func() error { return &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET} }
	tests := []struct {
		name    string
		set     map[string]string
		mode    model.Mode
		line    string
		prepare func(*watched)
		exit    int
		says    []string // on stdout and stderr
		puts    []string
	}{
		{"confirmed", free, model.ModeWrite, "enable --yes", nil, 0, []string{"✓ confirmed", "Features that begin to work  (25)", "Group webhooks", "read back"}, []string{putBoth}},
		{"nothing changed", map[string]string{"registration": "on"}, model.ModeWrite, "enable --yes", nil, 0, []string{"nothing changed", "opted in already"}, nil},
		{"nothing changed, unasked", map[string]string{"registration": "on"}, model.ModeReadOnly, "enable", nil, 0, []string{"nothing changed"}, nil},
		{"nothing to gain", nil, model.ModeWrite, "enable --yes", nil, 0, []string{"nothing to gain now: Ultimate has all 25", "✓ confirmed"}, []string{putFeatures}},
		{"maintenance", map[string]string{"maintenance": "true"}, model.ModeWrite, "enable --yes", nil, 0, []string{"maintenance mode", "✓ confirmed"}, []string{putFeatures}},
		{"out", map[string]string{"plan": "free", "registration": "on"}, model.ModeWrite, "disable --yes", nil, 0, []string{"Features that stop  (25)", "✓ confirmed"}, []string{`PUT /api/v4/application/settings {"usage_ping_features_enabled":false}`}},
		{"optional off", map[string]string{"plan": "free", "registration": "on"}, model.ModeWrite, "optional off -y", nil, 0, []string{"opted out by this", "✓ confirmed"}, []string{`PUT /api/v4/application/settings {"include_optional_metrics_in_service_ping":false}`}},
		{"optional on", free, model.ModeWrite, "optional on -y", nil, 0, []string{"✓ confirmed"}, []string{`PUT /api/v4/application/settings {"include_optional_metrics_in_service_ping":true}`}},
		{"pinned", map[string]string{"plan": "free", "pinned": "true"}, model.ModeWrite, "enable --yes", nil, 3, []string{"! accepted but not effective — pinned by gitlab_rails['usage_ping_enabled'] = false in gitlab.rb", "nothing changed"},
			[]string{`PUT /api/v4/application/settings {"include_optional_metrics_in_service_ping":true,"usage_ping_enabled":true,"usage_ping_features_enabled":true}`}},
		{"dry run", free, model.ModeReadOnly, "enable --dry-run", nil, 0, []string{"– off  ✓ on", "sends PUT /application/settings once, with 2 values and nothing else", "Service Ping payload"}, nil},
		{"read-only", free, model.ModeReadOnly, "enable --yes", nil, 4, []string{"read-only", `mode = "write"`}, nil},
		{"nobody to ask", free, model.ModeWrite, "enable", nil, 3, []string{"nobody is here", "--yes"}, nil},
		{"offline", free, model.ModeWrite, "enable --yes --offline", nil, 2, []string{"--offline forbids that"}, nil},
		{"unreachable", free, model.ModeWrite, "enable --yes", func(w *watched) { w.Cut(true) }, 1, []string{"refuses the connection"}, nil},
		{"CE", map[string]string{"edition": "ce"}, model.ModeWrite, "enable --yes", nil, 4, []string{"Community Edition", "gitlab-ee"}, nil},
		{"too old for optional", map[string]string{"gitlab_version": "16.8.0-ee"}, model.ModeWrite, "optional on --yes", nil, 4, []string{"16.10"}, nil},
		{"changed since", free, model.ModeWrite, "enable", func(w *watched) {
			w.terminal("")
			w.deps.In = &thoughtful{line: "y\n", meanwhile: func() { w.Turn("service_ping", "off") }}
		}, 5, []string{"has changed since the plan", "nothing was sent"}, nil},
		{"refused", free, model.ModeWrite, "enable --yes", func(w *watched) {
			w.before = func() error { w.Turn("admin_mode", "true"); w.Turn("fault", "403:/application/settings:1"); return nil }
		}, 4, []string{"administrator"}, []string{putBoth}},
		{"lost, done", free, model.ModeWrite, "enable --yes", func(w *watched) { w.after = gone }, 0, []string{"✓ confirmed"}, []string{putBoth}},
		{"lost, not done", free, model.ModeWrite, "enable --yes", func(w *watched) { w.before = gone }, 5, []string{"unknown"}, []string{putBoth}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWatched(t, tt.set, tt.mode)
			if tt.prepare != nil {
				tt.prepare(w)
			}
			out, errOut := w.must(tt.exit, append([]string{"registration"}, strings.Fields(tt.line)...)...)
			wants(t, out+errOut, tt.says...)
			if !slices.Equal(w.puts, tt.puts) {
				t.Errorf("sent %q, want %q", w.puts, tt.puts)
			}
		})
	}
}

// thoughtful types a line after a thought, in which something happens.
type thoughtful struct {
	line      string
	meanwhile func()
}

func (r *thoughtful) Read(p []byte) (int, error) {
	if r.line == "" {
		return 0, io.EOF
	}
	r.meanwhile()
	n := copy(p, r.line)
	r.line = r.line[n:]
	return n, nil
}

// TestSwitchDocument: the document says what was planned, shown, sent and read
// back, and the receipts are those of what it shows.
func TestSwitchDocument(t *testing.T) {
	w := newWatched(t, free, model.ModeWrite)
	out, _ := w.must(0, "registration", "enable", "--yes", "-o", "json", "-q")
	var doc struct {
		Schema  string
		Outcome model.Outcome
		Sent    bool
		Exit    int
		Wish    string
		Plan    struct {
			Hash     string
			Sends    []model.SettingSend
			Gains    []string
			Receipts []model.Receipt
			Shown    []model.Disclosure `json:"what_goes_out"`
		}
		ReadBack []model.Change `json:"read_back"`
	}
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Schema != "seatdeck.registration-switch" || doc.Outcome != model.OutcomeConfirmed || !doc.Sent || doc.Exit != 0 || doc.Wish != "enable" {
		t.Errorf("%+v", doc)
	}
	if len(doc.Plan.Hash) != 64 || len(doc.Plan.Sends) != 2 || len(doc.Plan.Gains) != 25 || len(doc.ReadBack) != 2 || len(doc.Plan.Shown) != 2 {
		t.Errorf("%+v", doc)
	}
	for i, d := range doc.Plan.Shown {
		if d.Receipt() != doc.Plan.Receipts[i] {
			t.Errorf("the receipt of %s is %+v, want %+v", d.Title, doc.Plan.Receipts[i], d.Receipt())
		}
	}
	again, _ := w.must(0, "registration", "enable", "--yes", "-o", "json", "-q")
	wants(t, again, `"outcome": "nothing changed"`, `"sent": false`, `"recorded": false`)
	dry, _ := w.must(0, "registration", "disable", "--dry-run", "-o", "json")
	wants(t, dry, `"outcome": null`, `"dry_run": true`)
	if len(w.puts) != 1 {
		t.Errorf("sent %q", w.puts)
	}
	shown, _ := w.must(0, "registration", "show", "--offline")
	wants(t, shown, "opted in")
}

// TestPreviewSendsNothing: it works in read-only mode and offline, and asks for
// nothing that is not read anyway.
func TestPreviewSendsNothing(t *testing.T) {
	w := newWatched(t, nil, model.ModeReadOnly)
	live, _ := w.must(0, "registration", "preview")
	wants(t, live, "Sync packet", "billable_users_count", "license_key", model.MarkSecret, "Service Ping payload", "licensee.Email", model.MarkLicensee, "sha256")
	w.Cut(true)
	wants(t, live, "optional")
	kept, _ := w.must(0, "registration", "preview", "--offline", "-o", "json")
	wants(t, kept, `"seatdeck.registration-preview"`, `"receipts"`)
	if len(w.puts) != 0 {
		t.Errorf("sent %q", w.puts)
	}
}

// TestPreviewTellsPins: where the profile syncs by way of the server, the preview
// says what gitlab.rb pins and what each change would send; it asks the server
// once, and not at all offline or by another driver.
func TestPreviewTellsPins(t *testing.T) {
	b := newBench(t, rig.Options{Scenario: "free", Set: map[string]string{"service_ping": "off", "pinned": "true"}})
	runs := func() (n int) {
		for _, q := range b.Sandbox.Requests() {
			if q.Operation == model.OpHostPins.Name {
				n++
			}
		}
		return n
	}
	before, _ := b.must(0, "registration", "preview")
	if wants(t, before, "What a change would send", "enable"); strings.Contains(before, "read on the server") || runs() != 0 {
		t.Errorf("by another driver the server was asked %d times", runs())
	}
	b.Info.Driver = string(model.DriverHost)
	for range 2 {
		out, _ := b.must(0, "registration", "preview")
		wants(t, out, "pinned in gitlab.rb: yes, read on the server today 09:52")
	}
	kept, _ := b.must(0, "registration", "preview", "--offline", "-o", "json")
	wants(t, kept, `"pinned_by_file": true`, `"source": "host"`, `"wish": "enable"`, "pinned in gitlab.rb (/etc/gitlab/gitlab.rb, line 1187")
	shown, _ := b.must(0, "registration", "show", "--offline")
	wants(t, shown, "pinned in gitlab.rb  yes")
	if runs() != 1 {
		t.Errorf("the server was asked %d times", runs())
	}
}

package host

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"seatdeck/model"
)

// Whatever a command prints, there is an answer or an error with words, and only
// lines with the right nonce count.
func FuzzOutput(f *testing.F) {
	for _, seed := range []string{
		answered(`"eligible":true`), strings.ReplaceAll(answered(`"license":{"id":1}`), "\n", "\r\n"), "@seatdeck-", "@seatdeck-NONCE", "@seatdeck-NONCE {}",
		"@seatdeck-NONCE {\"line\":\"answer\",\"schema\":1,\"program\":\"check\",\"facts\":null}", "\x00\n\n\xff@seatdeck-NONCE [1]\n",
		answered(`"license":17,"queue":"x","retrying":[{}],"proxies":{"a":"http://u:p@h/x"},"last_sync":"never","way":{}`),
		answered("") + answered(""), strings.Repeat("@seatdeck-NONCE {\"line\":\"stage\",\"schema\":1}\n", 5),
		"@seatdeck-NONCE {\"line\":\"rows\",\"schema\":1,\"rows\":[[1]]}\n",
	} {
		f.Add(seed, 0)
		f.Add(seed, 1)
	}
	f.Fuzz(func(t *testing.T, out string, exit int) {
		r := New(Options{Command: []string{"x"}, Mode: model.ModeWrite, Now: func() time.Time { return time.Unix(0, 0) }, Launch: printing(out, exit)})
		ours := strings.Contains(out, "@seatdeck-NONCE {")
		e, err := r.Check(t.Context())
		if err == nil && !ours {
			t.Errorf("an answer out of nothing: %+v", e)
		}
		if err != nil && (model.AsError("", err).Msg.Empty() || model.AsError("", err).Class == "") {
			t.Errorf("no words: %#v", err)
		}
		s, err := r.Sync(t.Context(), model.HostSyncOrder{}, nil)
		if err == nil && (!ours || s.Sent == "") {
			t.Errorf("a sync out of nothing: %+v", s)
		}
		for name, address := range e.Proxies {
			if at := strings.LastIndexByte(address, '@'); at >= 0 && !strings.Contains(address[:at], "***") {
				t.Errorf("%s is shown as %s", name, address)
			}
		}
	})
}

// A fact that cannot be read is a trouble of its own; the others stand.
func TestOneBadFactDoesNotSpoilTheRest(t *testing.T) {
	out := `@seatdeck-NONCE {"line":"answer","schema":1,"program":"check","facts":{"eligible":"perhaps","ee":true,"queue":[],"silent_mode":null},` +
		`"missing":["maintenance"],"failed":{"license":"PG::UndefinedColumn: no \u001b[31m column"},"fenced":false,"error":null}` + "\n"
	r := New(Options{Command: []string{"x"}, Now: time.Now, Launch: printing(out, 0)})
	e, err := r.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range e.Failed {
		names = append(names, f.Fact)
		if strings.ContainsRune(f.Why.String(), 0x1b) {
			t.Errorf("a control character in %q", f.Why)
		}
	}
	if got := strings.Join(names, " "); got != "eligible license queue" || !e.Enterprise.Or(false) || e.Eligible.Known() || !e.Lacks("maintenance") || e.Fenced {
		t.Errorf("failed %q, %+v", got, e)
	}
	if e.Refusal() != model.RefusalUnsupported {
		t.Errorf("refusal %q", e.Refusal())
	}
}

// Hostile text from the server reaches nobody as it is.
func TestTextIsCleaned(t *testing.T) {
	hostile := `\u001b]52;c;x\u0007\u202e\u009b31m`
	out := `@seatdeck-NONCE {"line":"stage","schema":1,"stage":"job","state":"retry","jid":"a` + hostile + `","error_text":"t` + hostile + `"}` + "\n" +
		`@seatdeck-NONCE {"line":"answer","schema":1,"program":"sync","facts":{"verdict":"retry","job":{"jid":"a` + hostile + `","error_text":"` + hostile + `","state":"retry` + hostile + `"},` +
		`"version":"` + hostile + `","proxies":{"` + hostile + `":"` + hostile + `"}},"missing":["` + hostile + `"],"failed":{"` + hostile + `":"` + hostile + `"},"error":null}` + "\n"
	r := New(Options{Command: []string{"x"}, Mode: model.ModeWrite, Now: time.Now, Launch: printing(out, 0)})
	var told model.HostStage
	s, err := r.Sync(t.Context(), model.HostSyncOrder{}, func(st model.HostStage) { told = st })
	if err != nil {
		t.Fatal(err)
	}
	job, _ := s.Job.Get()
	texts := []string{job.ID.String(), job.ErrorText.String(), string(job.Phase), told.Detail.String(), told.State, s.Eligibility.Version.String(), s.Eligibility.Missing[0], s.Eligibility.Failed[0].Fact, s.Eligibility.Failed[0].Why.String()}
	for name, address := range s.Eligibility.Proxies {
		texts = append(texts, name, address)
	}
	for _, text := range texts {
		if strings.ContainsAny(text, "\x1b\x07\u202e\u009b") || text == "" {
			t.Errorf("%q", text)
		}
	}
}

// Half an answer that comes before a cancellation is not one.
func TestWhatComesAfterTheEndIsDropped(t *testing.T) {
	late := make(chan io.Writer, 1)
	r := New(Options{Command: []string{"x"}, Now: time.Now, Launch: func(_ context.Context, argv []string, _ io.Reader, stdout, _ io.Writer) (int, error) {
		late <- stdout
		_, _ = io.WriteString(stdout, strings.ReplaceAll(answered(`"eligible":true`), "NONCE", argv[len(argv)-2]))
		return 0, nil
	}})
	e, err := r.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n, err := (<-late).Write([]byte("more\n")); n != 5 || err != nil {
		t.Errorf("a late write: %d, %v", n, err)
	}
	if !e.Eligible.Or(false) {
		t.Errorf("%+v", e)
	}
}

package gitlab

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"seatdeck/model"
)

const settingsAnswer = `{"id":1,"usage_ping_enabled":true,"usage_ping_features_enabled":true,"runners_registration_token":"SECRET"}`

// wire notes what arrives, and answers always alike.
type wire struct {
	answer answerer
	got    []string // METHOD path content-type body
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		b, _ := io.ReadAll(r.Body)
		body = string(b)
	}
	w.got = append(w.got, fmt.Sprintf("%s %s %s %s", r.Method, r.URL.RequestURI(), r.Header.Get("Content-Type"), body))
	return w.answer(r)
}

// writer is a client that may write, with the wire it writes on.
func writer(t testing.TB, answer answerer) (*Client, *wire) {
	t.Helper()
	w := &wire{answer: answer}
	return dial(t, w.RoundTrip, func(o *Options) { o.Mode = model.ModeWrite }), w
}

func answers(status int, body string, header ...string) answerer {
	return func(*http.Request) (*http.Response, error) { return reply(status, body, header...), nil }
}

func TestPutSettingsSendsThePayload(t *testing.T) {
	const payload = `{"usage_ping_enabled":true,"usage_ping_features_enabled":true}`
	c, w := writer(t, answers(200, settingsAnswer))
	s, err := c.PutSettings(t.Context(), json.RawMessage(payload))
	if err != nil || s.Features != model.Some(true) || s.ServicePing != model.Some(true) || s.OptionalMetrics.Known() {
		t.Errorf("%+v, %v", s, err)
	}
	if want := "PUT /api/v4/application/settings application/json " + payload; len(w.got) != 1 || w.got[0] != want {
		t.Errorf("on the wire: %q, want %q once", w.got, want)
	}
}

// What is no switch never leaves, whoever made the payload.
func TestPutSettingsSendsSwitchesOnly(t *testing.T) {
	c, w := writer(t, answers(200, settingsAnswer))
	for _, payload := range []string{
		``, `null`, `{}`, `[]`, `true`, `{"admin_mode":false}`, `{"usage_ping_enabled":true,"signup_enabled":true}`,
		`{"usage_ping_enabled":null}`, `{"usage_ping_enabled":"true"}`, `{"usage_ping_enabled":1}`, `{"usage_ping_enabled":{"a":true}}`, `{"usage_ping_enabled":true`,
	} {
		_, err := c.PutSettings(t.Context(), json.RawMessage(payload))
		wantClass(t, err, model.ClassInternal, "stopped")
	}
	if len(w.got) != 0 {
		t.Errorf("on the wire: %q", w.got)
	}
}

// Each answer of contract §11 has its class, its words and its next step, and
// none is asked for a second time.
func TestPutSettingsRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		answer answerer
		class  model.Class
		texts  []string
	}{
		"value":           {answers(400, `{"message":{"usage_ping_enabled":["is invalid"]}}`), model.ClassRefused, []string{"usage_ping_enabled is invalid", "nothing was changed"}},
		"parameter":       {answers(400, `{"error":"usage_ping_enabled is invalid"}`), model.ClassRefused, []string{"is invalid"}},
		"unprocessable":   {answers(422, `{"message":"422 Unprocessable"}`), model.ClassRefused, []string{"422"}},
		"token":           {answers(401, `{"message":"401 Unauthorized"}`), model.ClassDenied, []string{"does not know this token"}},
		"expired":         {answers(401, `{"error":"invalid_token","error_description":"Token is expired."}`), model.ClassDenied, []string{"expired", "make a new one"}},
		"scope":           {answers(403, `{"error":"insufficient_scope","error_description":"…","scope":"api"}`), model.ClassDenied, []string{"this needs api", "scopes api,"}},
		"not admin":       {answers(403, `{"message":"403 Forbidden"}`), model.ClassDenied, []string{"administrator"}},
		"blocked":         {answers(403, `{"message":"403 Forbidden - Your account has been blocked."}`), model.ClassDenied, []string{"blocked"}},
		"read-only":       {answers(403, `{"message":"You cannot perform write operations on a read-only instance"}`), model.ClassRefused, []string{"maintenance"}},
		"maintenance":     {answers(503, `{"message":"GitLab Maintenance: system is in maintenance mode"}`, "Retry-After", "300"), model.ClassRefused, []string{"maintenance"}},
		"no route":        {answers(404, `{"error":"404 Not Found"}`), model.ClassUnsupported, nil},
		"method":          {answers(405, `{"error":"405 Not Allowed"}`), model.ClassUnsupported, nil},
		"limit":           {answers(429, "Retry later\n", "Content-Type", "text/plain", "Retry-After", "30"), model.ClassLocked, []string{"30 s"}},
		"error":           {answers(500, `{"message":"500 Internal Server Error"}`), model.ClassFailed, []string{"500"}},
		"bad gateway":     {answers(502, "<html>", "Content-Type", "text/html"), model.ClassChanged, []string{"may have arrived"}},
		"unavailable":     {answers(503, "<html>", "Content-Type", "text/html"), model.ClassChanged, []string{"may have arrived"}},
		"gateway timeout": {answers(504, "<html>", "Content-Type", "text/html"), model.ClassChanged, []string{"may have arrived"}},
		"redirect":        {answers(301, "", "Location", "https://gitlab.example.com/"), model.ClassNotGitLab, []string{"never sent twice"}},
		"kept method":     {answers(308, "", "Location", "https://gitlab.example.com/api/v4/application/settings"), model.ClassNotGitLab, []string{"never sent twice"}},
		"elsewhere":       {answers(307, "", "Location", "https://other.example.com/"), model.ClassNotGitLab, []string{"not sent there"}},
		"page":            {answers(200, "<html>", "Content-Type", "text/html"), model.ClassNotGitLab, nil},
		"empty yes":       {answers(200, ``), model.ClassChanged, []string{"cannot be read", "may have arrived"}},
		"null yes":        {answers(200, `null`), model.ClassChanged, []string{"cannot be read"}},
		"broken yes":      {answers(200, settingsAnswer[:40]), model.ClassChanged, []string{"cannot be read"}},
		"cut yes":         {func(*http.Request) (*http.Response, error) { return body(failing{io.ErrUnexpectedEOF}), nil }, model.ClassChanged, []string{"cut", "may have arrived"}},
		"reset":           {breaks(&net.OpError{Op: "read", Err: syscall.ECONNRESET}), model.ClassChanged, []string{"may have arrived"}},
		"write error":     {breaks(&net.OpError{Op: "write", Err: syscall.EPIPE}), model.ClassChanged, []string{"may have arrived"}},
		"nobody there":    {breaks(&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}), model.ClassUnreachable, []string{"refuses the connection"}},
		"no name":         {breaks(&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "gitlab.example.com"}}), model.ClassUnreachable, []string{"cannot be resolved"}},
		"certificate":     {breaks(&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}), model.ClassUnreachable, []string{"authority"}},
	} {
		t.Run(name, func(t *testing.T) {
			c, w := writer(t, tc.answer)
			_, err := c.PutSettings(t.Context(), json.RawMessage(`{"usage_ping_enabled":true}`))
			wantClass(t, err, tc.class, tc.texts...)
			if strings.Contains(err.Error(), "SECRET") {
				t.Errorf("a secret of the settings is in %q", err)
			}
			if len(w.got) != 1 {
				t.Errorf("%d requests, want 1", len(w.got))
			}
		})
	}
}

func breaks(err error) answerer {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// After a 401 nothing that changes anything leaves any more.
func TestWritesStopWithTheToken(t *testing.T) {
	c, w := writer(t, answers(401, `{"message":"401 Unauthorized"}`))
	for range 3 {
		_, err := c.PutSettings(t.Context(), json.RawMessage(`{"usage_ping_enabled":true}`))
		wantClass(t, err, model.ClassDenied)
	}
	wantClass(t, c.Recount(t.Context(), 7), model.ClassDenied, "no longer accepts the token")
	if len(w.got) != 1 {
		t.Errorf("%d requests, want 1", len(w.got))
	}
}

func TestReadOnlySendsNoChange(t *testing.T) {
	w := &wire{answer: answers(200, settingsAnswer)}
	c := dial(t, w.RoundTrip)
	_, err := c.PutSettings(t.Context(), json.RawMessage(`{"usage_ping_enabled":true}`))
	wantClass(t, err, model.ClassRefused, "read-only", `mode = "write"`)
	wantClass(t, c.Recount(t.Context(), 1), model.ClassRefused, "read-only")
	_, err = c.Activate(t.Context(), code)
	wantClass(t, err, model.ClassRefused, "read-only")
	if len(w.got) != 0 {
		t.Errorf("on the wire: %q", w.got)
	}
}

func TestRecount(t *testing.T) {
	for status, body := range map[int]string{200: `{"success":true}`, 202: `{"success":true}`, 204: ``} {
		c, w := writer(t, answers(status, body))
		if err := c.Recount(t.Context(), 7); err != nil {
			t.Errorf("%d: %v", status, err)
		}
		if want := "PUT /api/v4/license/7/refresh_billable_users application/json {}"; len(w.got) != 1 || w.got[0] != want {
			t.Errorf("on the wire: %q, want %q once", w.got, want)
		}
	}
	for body, class := range map[string]model.Class{
		`{"message":"404 Not found"}`: model.ClassRefused, `{"error":"404 Not Found"}`: model.ClassUnsupported,
	} {
		c, _ := writer(t, answers(404, body))
		wantClass(t, c.Recount(t.Context(), 7), class)
	}
}

const code = "AbCdEfGhIjKlMnOpQrStUv12"

func activationAnswer(payload string) string {
	return `{"data":{"gitlabSubscriptionActivate":` + payload + `}}`
}

func TestActivate(t *testing.T) {
	c, w := writer(t, answers(200, activationAnswer(`{"errors":[],"license":{"id":"gid://gitlab/License/3"}}`)))
	a, err := c.Activate(t.Context(), " "+code+"\n")
	if err != nil || a.Licensed != model.Some(true) || a.Future != nil {
		t.Errorf("%+v, %v", a, err)
	}
	want := `POST /api/graphql application/json {"query":"` + activation + `","variables":{"code":"` + code + `"}}`
	if len(w.got) != 1 || w.got[0] != want {
		t.Errorf("on the wire: %q, want %q once", w.got, want)
	}
}

// A licence that begins later leaves nothing now: the answer names it among the
// terms to come.
func TestActivateForLater(t *testing.T) {
	c, w := writer(t, func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/metadata") {
			return reply(200, `{"version":"19.5.1-ee"}`), nil
		}
		return reply(200, activationAnswer(`{"errors":[],"license":null,"futureSubscriptions":[
			{"type":"online_cloud","plan":"ultimate","startsAt":"2028-03-01","expiresAt":"2029-03-01","usersInLicenseCount":120},
			{"type":"online_cloud","plan":"premium","startsAt":"2027-03-01","expiresAt":"2028-03-01","usersInLicenseCount":null}]}`)), nil
	})
	if _, err := c.Metadata(t.Context()); err != nil {
		t.Fatal(err)
	}
	a, err := c.Activate(t.Context(), code)
	if err != nil || a.Licensed != model.Some(false) || len(a.Future) != 2 {
		t.Fatalf("%+v, %v", a, err)
	}
	if f := a.Future[0]; f.Plan != model.PlanPremium || f.Starts.String() != "2027-03-01" || a.Future[1].Seats != model.Some(120) {
		t.Errorf("%+v", a.Future)
	}
	if !strings.Contains(w.got[1], "futureSubscriptions") {
		t.Errorf("terms to come were not asked for: %q", w.got[1])
	}
}

// Every refusal has its words and its remedy, and none the code, whatever the
// instance repeats of it.
func TestActivateRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		answer answerer
		class  model.Class
		texts  []string
	}{
		"portal away":  {answers(200, activationAnswer(`{"errors":["CONNECTIVITY_ERROR"],"license":null}`)), model.ClassFailed, []string{"customers.gitlab.com"}},
		"wrong code":   {answers(200, activationAnswer(`{"errors":["Invalid activation code `+code+`"],"license":null}`)), model.ClassRefused, []string{"Invalid activation code [code]"}},
		"silent mode":  {answers(200, activationAnswer(`{"errors":["only get, head, options, and trace methods are allowed in silent mode"]}`)), model.ClassRefused, []string{"silent mode"}},
		"SaaS":         {answers(200, activationAnswer(`{"errors":["Not self-managed instance"]}`)), model.ClassRefused, []string{"not a self-managed instance"}},
		"permission":   {answers(200, `{"data":{"gitlabSubscriptionActivate":null},"errors":[{"message":"The resource that you are attempting to access does not exist or you don't have permission to perform this action"}]}`), model.ClassDenied, []string{"administrator"}},
		"maintenance":  {answers(200, `{"errors":[{"message":"You cannot perform write operations on a read-only instance"}]}`), model.ClassRefused, []string{"maintenance"}},
		"no mutation":  {answers(200, `{"errors":[{"message":"Field 'gitlabSubscriptionActivate' doesn't exist on type 'Mutation'"}]}`), model.ClassUnsupported, nil},
		"variables":    {answers(200, `{"errors":[{"message":"Variable $code of type String! was provided invalid value `+code+`"}]}`), model.ClassFailed, []string{"[code]"}},
		"too slow":     {answers(200, `{"errors":[{"message":"Request timed out. Please try a less complex query."}]}`), model.ClassChanged, []string{"may have arrived"}},
		"echo in 400":  {answers(400, `{"message":"bad `+code+`"}`), model.ClassRefused, []string{"bad [code]"}},
		"echo in 500":  {answers(500, `{"message":"oops `+code+`"}`), model.ClassFailed, []string{"[code]"}},
		"token":        {answers(401, `{"errors":[{"message":"Invalid token"}]}`), model.ClassDenied, nil},
		"gateway":      {answers(504, "<html>"+code, "Content-Type", "text/html"), model.ClassChanged, []string{"may have arrived"}},
		"empty answer": {answers(200, `{}`), model.ClassChanged, []string{"cannot be read"}},
		"null answer":  {answers(200, activationAnswer(`null`)), model.ClassChanged, []string{"cannot be read"}},
		"broken":       {answers(200, `{"data":`), model.ClassChanged, []string{"cannot be read"}},
		"reset":        {breaks(&net.OpError{Op: "read", Err: syscall.ECONNRESET}), model.ClassChanged, []string{"may have arrived"}},
		"redirect":     {answers(302, "", "Location", "https://gitlab.example.com/users/sign_in"), model.ClassNotGitLab, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c, w := writer(t, tc.answer)
			_, err := c.Activate(t.Context(), code)
			wantClass(t, err, tc.class, tc.texts...)
			if strings.Contains(fmt.Sprintf("%+v", err), code) {
				t.Errorf("the code is in %q", err)
			}
			n := 0
			for _, line := range w.got {
				if strings.Contains(line, "mutation") {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%d mutations, want 1: %q", n, w.got)
			}
		})
	}
}

func TestActivateTakesCodesOnly(t *testing.T) {
	c, w := writer(t, answers(200, `{}`))
	for _, text := range []string{"", "short", code + "x", code[1:], code[1:] + "-", code[1:] + "é", strings.Repeat(" ", 24), "mutation { a } mutation {"} {
		_, err := c.Activate(t.Context(), text)
		wantClass(t, err, model.ClassConfig, "24 letters and digits")
		if text != "" && strings.TrimSpace(text) != "" && strings.Contains(err.Error(), text) {
			t.Errorf("%q is in %q", text, err)
		}
	}
	if len(w.got) != 0 {
		t.Errorf("on the wire: %q", w.got)
	}
}

// The instance asks the portal while we wait: an answer that begins after 50 s
// still counts, where that of another write is given up and is in doubt.
func TestActivationMayTakeLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := writer(t, func(r *http.Request) (*http.Response, error) {
			select {
			case <-time.After(50 * time.Second):
				return reply(200, activationAnswer(`{"errors":[],"license":null}`)), nil
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
		})
		if _, err := c.Activate(t.Context(), code); err != nil {
			t.Error(err)
		}
		_, err := c.PutSettings(t.Context(), json.RawMessage(`{"usage_ping_enabled":true}`))
		wantClass(t, err, model.ClassChanged, "no answer came within 25 s")
	})
}

func TestGateHoldsMutations(t *testing.T) {
	for _, doc := range []string{`mutation { gitlabSubscriptionActivate(input: {activationCode: "x"}) { errors } }`, `{ currentLicense { id } }`, activation + " ", `mutation { echoCreate(input: {}) { errors } }`} {
		c, w := writer(t, answers(200, `{}`))
		err := c.send(t.Context(), &call{op: model.OpActivate}, http.MethodPost, c.site.graphql(), graphPayload{Query: doc})
		wantClass(t, err, model.ClassInternal, "stopped")
		err = c.send(t.Context(), &call{op: model.OpLicense}, http.MethodPost, c.site.graphql(), graphPayload{Query: activation})
		wantClass(t, err, model.ClassInternal, "stopped")
		if len(w.got) != 0 {
			t.Errorf("%s: on the wire", doc)
		}
	}
}

func TestLastSync(t *testing.T) {
	at := time.Date(2026, 11, 21, 3, 41, 7, 0, time.UTC)
	for body, want := range map[string]model.Opt[time.Time]{
		`{"data":{"currentLicense":{"lastSync":"2026-11-21T03:41:07Z"}}}`: model.Some(at),
		`{"data":{"currentLicense":{"lastSync":null}}}`:                   {},
		`{"data":{"currentLicense":null}}`:                                {},
	} {
		w := &wire{answer: answers(200, body)}
		got, err := dial(t, w.RoundTrip).LastSync(context.Background())
		if err != nil || got != want {
			t.Errorf("%s: %v, %v", body, got, err)
		}
		if len(w.got) != 1 || len(w.got[0]) > 120 {
			t.Errorf("not one small request: %q", w.got)
		}
	}
	c := dial(t, answers(200, `{"errors":[{"message":"Field 'lastSync' doesn't exist on type 'CurrentLicense'"}]}`))
	_, err := c.LastSync(t.Context())
	wantClass(t, err, model.ClassUnsupported)
}

package secret

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"seatdeck/model"
)

const canary = "glpat-CANARY-0123456789"

// The test binary is its own helper: this variable says what it does.
const envHelper = "SECRET_TEST_HELPER"

func TestMain(m *testing.M) {
	if how := os.Getenv(envHelper); how != "" {
		helper(how)
		return
	}
	os.Exit(m.Run())
}

func helper(how string) {
	fmt.Fprintln(os.Stderr, "leaked "+canary)
	switch how {
	case "good":
		fmt.Println(canary)
	case "crlf":
		fmt.Print(canary + "\r\n")
	case "environment":
		fmt.Println("saw:" + os.Getenv(EnvToken) + ":" + os.Getenv("KEPT"))
	case "stdin":
		n, _ := os.Stdin.Read(make([]byte, 1))
		fmt.Printf("read:%d\n", n)
	case "multi-line":
		fmt.Print(canary + "\nsecond\n")
	case "empty":
	case "binary":
		os.Stdout.Write([]byte{0x7f, 'E', 'L', 'F', 0, 1, 2})
	case "huge":
		for {
			if _, err := os.Stdout.Write(bytes.Repeat([]byte("x"), 1<<16)); err != nil {
				os.Exit(1)
			}
		}
	case "failing":
		fmt.Println(canary)
		os.Exit(3)
	case "hanging":
		select {}
	}
}

// world is a Request with an environment and a record of what happened.
func world(env map[string]string) (*Request, *[]string) {
	var log []string
	return &Request{
		Instance: "prod", UID: os.Geteuid(), UseEnv: true,
		Lookup:  func(k string) (string, bool) { v, ok := env[k]; return v, ok },
		Environ: []string{"KEPT=yes", EnvToken + "=" + canary},
		Unset:   func(k string) error { log = append(log, "unset "+k); return nil },
	}, &log
}

func asHelper(r *Request, how string) {
	r.Command = []string{os.Args[0]}
	r.Environ = append(r.Environ, envHelper+"="+how)
}

func tokenFile(t *testing.T, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "prod.token")
	if err := os.WriteFile(path, []byte(canary+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOrderOfSources(t *testing.T) {
	creds := t.TempDir()
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(creds, name), []byte(text), 0o400); err != nil {
			t.Fatal(err)
		}
	}
	put("seatdeck-prod-token", "own\n")
	put("seatdeck-token", "general\n")
	prompt := func(context.Context, string) (string, error) { return "typed", nil }
	for _, c := range []struct {
		name     string
		env      map[string]string
		change   func(*Request)
		token    string
		kind     Kind
		describe string
	}{
		{"credential of the instance", map[string]string{"CREDENTIALS_DIRECTORY": creds, EnvToken: "env"},
			func(r *Request) { asHelper(r, "good") }, "own", KindCredential, "systemd credential seatdeck-prod-token"},
		{"general credential", map[string]string{"CREDENTIALS_DIRECTORY": creds},
			func(r *Request) { r.Instance = "lab" }, "general", KindCredential, "systemd credential seatdeck-token"},
		{"no credential for us", map[string]string{"CREDENTIALS_DIRECTORY": t.TempDir()},
			func(r *Request) { asHelper(r, "good") }, canary, KindCommand, "command " + filepath.Base(os.Args[0])},
		{"command", map[string]string{EnvToken: "env"}, func(r *Request) { asHelper(r, "crlf") }, canary, KindCommand, "command " + filepath.Base(os.Args[0])},
		{"environment", map[string]string{EnvToken: "env"}, func(r *Request) { r.Prompt = prompt }, "env", KindEnv, "environment SEATDECK_TOKEN"},
		{"environment of another instance", map[string]string{EnvToken: "env"}, func(r *Request) { r.Prompt, r.UseEnv = prompt, false }, "typed", KindPrompt, "typed in"},
		{"prompt", nil, func(r *Request) { r.Prompt = prompt }, "typed", KindPrompt, "typed in"},
	} {
		r, log := world(c.env)
		c.change(r)
		token, source, err := Find(t.Context(), *r)
		if err != nil || token.Reveal() != c.token || source.Kind != c.kind || source.String() != c.describe {
			t.Errorf("%s: %q from %q, %v", c.name, token.Reveal(), source, err)
		}
		unset := strings.Contains(strings.Join(*log, "\n"), "unset "+EnvToken)
		if _, had := c.env[EnvToken]; unset != had {
			t.Errorf("%s: taken out of the environment: %v", c.name, unset)
		}
	}
}

func TestFileSource(t *testing.T) {
	r, _ := world(map[string]string{EnvToken: "env"})
	r.File = tokenFile(t, 0o600)
	token, source, err := Find(t.Context(), *r)
	if err != nil || token.Reveal() != canary || source.String() != "plain file "+r.File {
		t.Errorf("%q from %q, %v", token.Reveal(), source, err)
	}
}

// TestFailingSourceIsTheEnd: with SEATDECK_TOKEN and a prompt at hand, a
// configured source that fails is an error, and no error holds a secret.
func TestFailingSourceIsTheEnd(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*testing.T, *Request)
		want   string
	}{
		{"failing", func(_ *testing.T, r *Request) { asHelper(r, "failing") }, "failed (exit status 3)"},
		{"multi-line", func(_ *testing.T, r *Request) { asHelper(r, "multi-line") }, "more than one line"},
		{"empty", func(_ *testing.T, r *Request) { asHelper(r, "empty") }, "it is empty"},
		{"binary", func(_ *testing.T, r *Request) { asHelper(r, "binary") }, "unprintable"},
		{"huge", func(_ *testing.T, r *Request) { asHelper(r, "huge") }, "more than 4096 bytes"},
		{"not there", func(_ *testing.T, r *Request) { r.Command = []string{"/nowhere/helper", canary} }, "helper cannot be started"},
		{"no file", func(t *testing.T, r *Request) { r.File = filepath.Join(t.TempDir(), "none") }, "does not exist"},
		{"loose file", func(t *testing.T, r *Request) { r.File = tokenFile(t, 0o640) }, "can be read by others (mode 0640) — chmod 600"},
		{"file of another", func(t *testing.T, r *Request) { r.File = tokenFile(t, 0o600); r.UID++ }, "belongs to uid"},
		{"folder", func(t *testing.T, r *Request) { r.File = t.TempDir() }, "is not a plain file"},
		{"pipe", func(t *testing.T, r *Request) {
			r.File = filepath.Join(t.TempDir(), "pipe")
			if err := unix.Mkfifo(r.File, 0o600); err != nil {
				t.Fatal(err)
			}
		}, "is not a plain file"},
		{"link elsewhere", func(t *testing.T, r *Request) {
			r.File = filepath.Join(t.TempDir(), "link")
			if err := os.Symlink(tokenFile(t, 0o600), r.File); err != nil {
				t.Fatal(err)
			}
		}, "is a link to another folder"},
		{"huge file", func(t *testing.T, r *Request) {
			r.File = tokenFile(t, 0o600)
			if err := os.WriteFile(r.File, bytes.Repeat([]byte("x"), tokenMax+1), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "more than 4096 bytes"},
		{"unreadable credential", func(t *testing.T, r *Request) {
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, "seatdeck-token"), 0o700); err != nil {
				t.Fatal(err)
			}
			lookup := r.Lookup
			r.Lookup = func(k string) (string, bool) {
				if k == "CREDENTIALS_DIRECTORY" {
					return dir, true
				}
				return lookup(k)
			}
		}, "systemd credential seatdeck-token: cannot be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, _ := world(map[string]string{EnvToken: "env"})
			r.Prompt = func(context.Context, string) (string, error) { return "typed", nil }
			c.change(t, r)
			token, _, err := Find(t.Context(), *r)
			if err == nil || !token.IsZero() || model.ExitCode(err) != 4 || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("token %v, %v (exit %d), want %q", !token.IsZero(), err, model.ExitCode(err), c.want)
			}
			for e := err; e != nil; e = unwrap(e) {
				if strings.Contains(fmt.Sprintf("%v %+v %#v", e, e, e), "CANARY") {
					t.Errorf("the secret is in %v", e)
				}
			}
		})
	}
}

func unwrap(err error) error {
	if u, ok := err.(interface{ Unwrap() error }); ok {
		return u.Unwrap()
	}
	return nil
}

func TestLinkWithinTheFolder(t *testing.T) {
	real := tokenFile(t, 0o600)
	link := filepath.Join(filepath.Dir(real), "current")
	if err := os.Symlink(filepath.Base(real), link); err != nil {
		t.Fatal(err)
	}
	r, _ := world(nil)
	r.File = link
	if token, _, err := Find(t.Context(), *r); err != nil || token.Reveal() != canary {
		t.Errorf("%v", err)
	}
}

func TestFileModes(t *testing.T) {
	for perm := os.FileMode(0); perm <= 0o777; perm++ {
		if perm&0o400 == 0 {
			continue // not even ours to read, unless root
		}
		path := tokenFile(t, perm)
		b, err := readFile(path, os.Geteuid())
		if good := perm&0o077 == 0; (err == nil) != good || good && string(b) != canary+"\n" {
			t.Fatalf("mode %04o: %v", perm, err)
		}
	}
}

func TestHelperSeesOnlyWhatItMay(t *testing.T) {
	for how, want := range map[string]string{"environment": "saw::yes", "stdin": "read:0"} {
		r, _ := world(nil)
		asHelper(r, how)
		if token, _, err := Find(t.Context(), *r); err != nil || token.Reveal() != want {
			t.Errorf("%s: %q, %v", how, token.Reveal(), err)
		}
	}
}

func TestLooseHelperIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "helper")
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho "+canary+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	r, _ := world(nil)
	r.Command = []string{path}
	if token, _, err := Find(t.Context(), *r); err != nil || token.Reveal() != canary {
		t.Fatalf("a helper of ours: %v", err)
	}
	if err := os.Chmod(path, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Find(t.Context(), *r); err == nil || !strings.Contains(err.Error(), "chmod o-w "+path) {
		t.Errorf("a helper that everybody can change: %v", err)
	}
}

// TestHangingHelperIsEnded: also one whose child holds the output open. The
// limit itself is shortened by the caller's deadline.
func TestHangingHelperIsEnded(t *testing.T) {
	r, _ := world(nil)
	pids := filepath.Join(t.TempDir(), "pid")
	r.Command = []string{"/bin/sh", "-c", "echo $$ > " + pids + "; sleep 1000 & sleep 1000"}
	r.Environ = append(r.Environ, "PATH=/usr/bin:/bin")
	began := time.Now()
	_, err := r.runWithin(t.Context(), 300*time.Millisecond)
	if err == nil || model.ExitCode(err) != 4 || !strings.Contains(err.Error(), "did not answer within") {
		t.Fatalf("%v", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
	var group int
	if _, err := fmt.Sscan(string(must(os.ReadFile(pids))), &group); err != nil {
		t.Fatal(err)
	}
	// Killed processes are gone as soon as somebody reaps them.
	for end := time.Now().Add(5 * time.Second); alive(group); {
		if time.Now().After(end) {
			t.Fatalf("process group %d still runs", group)
		}
	}
}

// alive reports whether a process of the group still runs; a zombie does not.
func alive(group int) bool {
	if unix.Kill(-group, 0) != nil {
		return false
	}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		b, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		var state string
		var parent, pgrp int
		rest := string(b[bytes.LastIndexByte(b, ')')+1:])
		if _, err := fmt.Sscan(rest, &state, &parent, &pgrp); err == nil && pgrp == group && state != "Z" {
			return true
		}
	}
	return false
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestCancelledIsNotAFailure(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, _ := world(nil)
	asHelper(r, "hanging")
	if _, _, err := Find(ctx, *r); model.ExitCode(err) != 130 {
		t.Errorf("%v", err)
	}
}

func TestNoSourceSaysWhatToDo(t *testing.T) {
	r, _ := world(nil)
	_, _, err := Find(t.Context(), *r)
	if model.ExitCode(err) != 78 || !strings.Contains(err.Error(), "token_file or token_command under [instances.prod]") {
		t.Errorf("%v", err)
	}
}

func TestTokenNeverShows(t *testing.T) {
	token := NewToken(canary)
	type holder struct {
		Public  Token
		private Token
		Pointer *Token
	}
	h := holder{token, token, &token}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p"} {
		fmt.Fprintf(&out, verb, token)
		fmt.Fprintf(&out, verb, &token)
		fmt.Fprintf(&out, verb, h)
		fmt.Fprintf(&out, verb, []Token{token})
		fmt.Fprintf(&out, verb, map[string]any{"t": token})
	}
	out.Write(must(json.Marshal(h)))
	out.Write(must(json.Marshal(map[string]any{"t": token, "p": &token})))
	text := must(token.MarshalText())
	out.Write(text)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "token", token, "holder", h)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "token", token, "holder", h)
	fmt.Fprint(&out, fmt.Errorf("wrapped %w %v", os.ErrInvalid, token))
	for _, form := range []string{canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary)} {
		if strings.Contains(out.String(), form) {
			t.Errorf("the token shows as %q", form)
		}
	}
	if token.Reveal() != canary || token.IsZero() || !(Token{}).IsZero() || (Token{}).Reveal() != "" {
		t.Error("Reveal and IsZero")
	}
	if strings.Count(out.String(), redacted) < 20 {
		t.Errorf("only %d redactions", strings.Count(out.String(), redacted))
	}
}

package host

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"seatdeck/licensing/sandbox"
	"seatdeck/model"
)

// TestMain lets this binary be the command too: "fake WORD... - NONCE PARAMS".
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "fake" {
		os.Exit(fake(os.Args[2:]))
	}
	if len(os.Args) > 1 && os.Args[1] == sandbox.RunnerVerb {
		os.Exit(sandbox.Runner(context.Background(), os.Args[2:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// fake does what its words say, in their order. In texts NONCE stands for the
// nonce of the run.
func fake(args []string) int {
	nonce := ""
	for i, a := range args {
		if a == "-" && i+1 < len(args) {
			nonce = args[i+1]
		}
	}
	for _, a := range args {
		key, packed, _ := strings.Cut(a, "=")
		text, _ := base64.RawURLEncoding.DecodeString(packed)
		said := strings.ReplaceAll(string(text), "NONCE", nonce)
		switch key {
		case "out":
			_, _ = os.Stdout.WriteString(said)
		case "err":
			_, _ = os.Stderr.WriteString(said)
		case "file":
			_ = os.WriteFile(said, fmt.Appendf(nil, "%d\n%s\n%s", os.Getpid(), strings.Join(os.Environ(), "\n"), strings.Join(os.Args, "\n")), 0o600)
		case "read":
			b, _ := io.ReadAll(os.Stdin)
			_ = os.WriteFile(said, b, 0o600)
		case "tty":
			_, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
			_, _ = fmt.Fprintf(os.Stderr, "tty: %v pgid %d sid-leader %t\n", err, syscall.Getpgrp(), syscall.Getpgrp() == os.Getpid())
		case "through":
			l := launcher{env: os.Environ(), termWait: time.Second}
			_, _ = l.run(context.Background(), []string{os.Args[0], "fake", "tty"}, strings.NewReader(""), os.Stdout, os.Stderr)
		case "stubborn":
			signal.Ignore(syscall.SIGTERM)
		case "flood":
			for range 300 {
				if _, err := os.Stdout.Write(make([]byte, 1<<20)); err != nil {
					return 1
				}
			}
		case "nice":
			raw, _ := syscall.Getpriority(syscall.PRIO_PROCESS, 0)
			_ = os.WriteFile(said, fmt.Append(nil, 20-raw), 0o600) // the kernel counts from 20 down
		case "hang":
			time.Sleep(time.Minute)
		case "exit":
			code := 0
			_, _ = fmt.Sscan(said, &code)
			return code
		}
	}
	return 0
}

// word packs one instruction for fake.
func word(key, text string) string {
	return key + "=" + base64.RawURLEncoding.EncodeToString([]byte(text))
}

// answered is a whole answer of a check.
func answered(facts string) string {
	return `@seatdeck-NONCE {"line":"ready","schema":1,"program":"check"}` + "\n" +
		`@seatdeck-NONCE {"line":"answer","schema":1,"program":"check","facts":{` + facts + `},"missing":[],"failed":{},"fenced":true,"error":null}` + "\n"
}

// command is a host_command that runs fake.
func command(t *testing.T, words ...string) []string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return append(append([]string{self, "fake"}, words...), "-")
}

// runner is a runner in front of fake, with a short boot time.
func runner(t *testing.T, words ...string) *Runner {
	t.Helper()
	return New(Options{Command: command(t, words...), Mode: model.ModeWrite, Environ: os.Environ(), Now: time.Now})
}

// failed returns the error as what a person sees.
func failed(t *testing.T, err error) *model.Error {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	return model.AsError("", err)
}

// inTime fails a test that would wait for minutes.
func inTime(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

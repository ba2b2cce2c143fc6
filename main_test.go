package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"seatdeck/licensing/sandbox/rig/stage"
	"seatdeck/storage"
	"seatdeck/storage/profile"
)

// scripts is where the end-to-end scripts lie: beside the verbs they speak of.
const scripts = "ui/cli/testdata/script"

// truth counts from roles and memberships by the published rules.
const truth = "licensing/sandbox/testdata/truth/counts.py"

const readme = "README.md"

// TestMain lets this test binary be the program too.
func TestMain(m *testing.M) { stage.Main(m, os.Environ(), main) }

func TestScripts(t *testing.T) { stage.Scripts(t, scripts) }

func TestCountsAgreeWithAnIndependentScript(t *testing.T) { stage.CountsAgree(t, truth) }

func TestCountsShowWhereFlagAndRuleDisagree(t *testing.T) { stage.CountsDisagree(t, truth) }

func TestServe(t *testing.T) { stage.Serve(t) }

func TestConsoleOnATerminal(t *testing.T) { stage.Console(t) }

func TestConsoleOnTinyTerminals(t *testing.T) { stage.TinyConsoles(t) }

func TestReadmeCommandsWork(t *testing.T) { stage.ReadmeWorks(t, readme) }

func TestReadmeNamesEveryVerb(t *testing.T) { stage.ReadmeNamesVerbs(t, readme) }

// A signal ends the context as soon as somebody who begins something asked for
// it, and after a while by itself.
func TestSignalsEndTheContext(t *testing.T) {
	asked, hear := listen()
	hear()
	hear() // each who begins something asks
	alone, _ := listen()
	for name, ctx := range map[string]context.Context{"asked": asked, "alone": alone} {
		for ctx.Err() == nil {
			// Again and again: the second one takes them up in its own time.
			if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
				t.Fatal(err)
			}
			select {
			case <-ctx.Done():
			case <-t.Context().Done():
				t.Fatal("the test ended before the context")
			case <-time.After(deafFor / 4):
			}
		}
		if cause := context.Cause(ctx); errors.Is(cause, context.Canceled) && cause.Error() == context.Canceled.Error() {
			t.Errorf("%s: the cause %q does not name the signal", name, cause)
		}
	}
}

// Signals are taken up before a helper is asked for the token, whoever wants it:
// it has a process group of its own, so nobody else would end it.
func TestSignalsAreTakenUpBeforeAHelperRuns(t *testing.T) {
	dir := t.TempDir()
	asked, helper := filepath.Join(dir, "asked"), filepath.Join(dir, "helper")
	if err := os.WriteFile(helper, []byte("#!/bin/sh\n: >'"+asked+"'\necho glpat-12345678901234567890\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	heard := false
	h := &house{caller: storage.Self(func(string) (string, bool) { return "", false }), hear: func() {
		heard = true
		if _, err := os.Stat(asked); err == nil {
			t.Error("the helper ran before")
		}
	}}
	if _, _, err := h.token(t.Context(), profile.Instance{Name: "prod", TokenCommand: []string{helper}}); err != nil {
		t.Fatal(err)
	}
	if !heard {
		t.Error("nobody took up signals")
	}
}

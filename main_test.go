package main

import (
	"context"
	"errors"
	"os"
	"syscall"
	"testing"
	"time"

	"seatdeck/licensing/sandbox/rig/stage"
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

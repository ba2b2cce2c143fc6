package main

import (
	"os"
	"testing"

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

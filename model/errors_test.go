package model_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"seatdeck/model"
	"seatdeck/model/hostile"
)

func TestExitCodes(t *testing.T) {
	// The documented codes (help exit-codes).
	tests := map[model.Class]int{
		model.ClassFailed: 1, model.ClassUsage: 2, model.ClassPartial: 3, model.ClassDenied: 4, model.ClassRefused: 4,
		model.ClassUnsupported: 4, model.ClassChanged: 5, model.ClassOffline: 7, model.ClassInternal: 70, model.ClassLocked: 75,
		model.ClassConfig: 78, model.ClassCancelled: 130, model.ClassNotGitLab: 1, model.ClassMalformed: 1,
		model.ClassUnreachable: 1, model.ClassStorage: 1, "new": 1,
	}
	for c, want := range tests {
		if got := c.ExitCode(); got != want {
			t.Errorf("%s exits with %d, want %d", c, got, want)
		}
	}
}

func TestExitCodeOfErrors(t *testing.T) {
	var none *model.Error
	tests := []struct {
		name string
		err  error
		want int
	}{
		{"nothing", nil, 0},
		{"a nil Error", none, 0},
		{"wrapped", fmt.Errorf("status: %w", model.Fail(model.ClassLocked, "", "busy", "")), 75},
		{"cancelled", fmt.Errorf("x: %w", context.Canceled), 130},
		{"deadline", context.DeadlineExceeded, 1},
		{"anything", errors.New("x"), 1},
	}
	for _, tt := range tests {
		if got := model.ExitCode(tt.err); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestErrorLine(t *testing.T) {
	e := model.Fail(model.ClassDenied, "read the licence", "the token lacks \x1b[31mread_api", "make a new token")
	if got, want := e.Error(), "read the licence: the token lacks ¿[31mread_api — make a new token"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	cause := errors.New("cause")
	with := e.Because(cause)
	if !errors.Is(with, cause) || errors.Is(e, cause) {
		t.Error("the cause is lost, or the first error was changed")
	}
	if got := model.Fail(model.ClassFailed, "", "broken", "").Error(); got != "broken" {
		t.Errorf("%q", got)
	}
}

func TestErrorJSON(t *testing.T) {
	e := model.Fail(model.ClassDenied, "read", "no rights", "ask")
	b, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var back model.Error
	if err := json.Unmarshal(b, &back); err != nil || back.Error() != e.Error() || back.Class != e.Class {
		t.Errorf("%s reads back as %v, %v", b, back, err)
	}
	edited := `{"class":"de\u001bnied","op":"a\u001b[31m","message":"b\u009b","next":"\u202e"}`
	if err := json.Unmarshal([]byte(edited), &back); err != nil {
		t.Fatal(err)
	}
	if err := hostile.Check(back.Error() + string(back.Class)); err != nil {
		t.Errorf("an edited cache: %v", err)
	}
}

func TestAsErrorKeepsWhatIsKnown(t *testing.T) {
	first := model.Fail(model.ClassDenied, "read", "no", "").Because(context.Canceled)
	if got := model.AsError("other", fmt.Errorf("more: %w", first)); got != first {
		t.Errorf("an Error becomes %v", got)
	}
	if got := model.AsError("read", errors.New("a\x1bb")); got.Class != model.ClassFailed || hostile.Check(got.Error()) != nil {
		t.Errorf("%+v", got)
	}
	if model.AsError("x", nil) != nil {
		t.Error("nothing becomes an error")
	}
}

func TestAllow(t *testing.T) {
	tests := []struct {
		mode model.Mode
		op   model.Operation
		want bool
	}{
		{model.ModeReadOnly, model.OpLicense, true},
		{model.ModeReadOnly, model.OpUsageExport, true},
		{model.ModeReadOnly, model.OpUsageExportOffline, false},
		{model.ModeWrite, model.OpUsageExportOffline, true},
		{"", model.OpUsageExportOffline, false},
		{"WRITE", model.OpUsageExportOffline, false},
		{model.ModeReadOnly, model.Operation{Name: "users.delete"}, false}, // escaped the list
		{model.ModeWrite, model.Operation{Name: "users.delete", Writes: true}, false},
	}
	for _, tt := range tests {
		if err := tt.mode.Allow(tt.op); (err == nil) != tt.want {
			t.Errorf("mode %q, %s: %v", tt.mode, tt.op.Name, err)
		}
	}
}

func TestOperationsAreOneEach(t *testing.T) {
	seen := map[string]bool{}
	for _, op := range model.Operations {
		if op.Name == "" || op.What == "" || seen[op.Name] {
			t.Errorf("%+v is empty or there twice", op)
		}
		seen[op.Name] = true
		if op.Writes && model.ModeReadOnly.Allow(op) == nil {
			t.Errorf("%s writes and is allowed in read-only mode", op.Name)
		}
	}
}

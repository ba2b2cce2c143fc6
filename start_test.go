package main

import (
	"context"
	"errors"
	"os"
	"syscall"
	"testing"
	"time"
)

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

package rig

import (
	"context"
	"os"
	"sync/atomic"
	"testing"

	"seatdeck/storage/cache"
)

// childVerb is the argument by which the test binary knows that it is the
// writer of a cache.
const childVerb = "seatdeck-cache-writer"

// ready is set by Main. Without it the child would run all tests again.
var ready atomic.Bool

// Main is what TestMain returns to os.Exit: it runs the tests or, in the child
// process that the real cache starts, writes the cache.
//
//	func TestMain(m *testing.M) { os.Exit(rig.Main(m)) }
func Main(m *testing.M) int {
	if len(os.Args) > 1 && os.Args[1] == childVerb {
		return cache.Child(context.Background(), os.Stdin, os.Stdout, os.Args[2:])
	}
	ready.Store(true)
	return m.Run()
}

func childArgv(t testing.TB) []string {
	t.Helper()
	if !ready.Load() {
		t.Fatal("rig: the real cache needs func TestMain(m *testing.M) { os.Exit(rig.Main(m)) }, or set Options.Memory")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{self, childVerb}
}

package main

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"golang.org/x/term"

	"seatdeck/storage/secret"
)

// start makes the process what every part of the program relies on; see [listen]
// for what it returns.
func start() (ctx context.Context, hear func()) {
	stretch(false)
	syscall.Umask(0o077)
	secret.Harden()
	signal.Ignore(syscall.SIGPIPE) // a closed pipe is an error of the write: what was opened still gets closed
	return listen()
}

func tty(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// self is this program's file; without it the start of a child fails and says so.
func self() string { path, _ := os.Executable(); return path }

// deafFor is how long a start may go on without taking up signals.
const deafFor = 20 * time.Millisecond

// listen returns a context that a signal ends once signals are taken up: when
// hear is called, which comes back when they are, or at the latest when the
// process is no longer young. Taking them up needs three threads, more than all
// else that a verb does which shows what is kept. Until then a signal ends the
// process by itself, as it does before main: so whoever begins what must be
// ended in good order calls hear before.
func listen() (_ context.Context, hear func()) {
	ctx, end := context.WithCancelCause(context.Background())
	var once sync.Once
	hear = func() {
		once.Do(func() {
			told, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
			context.AfterFunc(told, func() { end(context.Cause(told)) })
		})
	}
	time.AfterFunc(deafFor, hear)
	return ctx, hear
}

// stackRoom is how much stack a verb needs, in bytes.
const stackRoom = 32 << 10

// stretch makes the stack as large as a verb needs it, at its beginning, where
// there is next to nothing on it. Otherwise it is doubled again and again where it
// is deepest, and each time everything on it is moved, by tables of the program
// that nothing else needs. Only the frame matters, so use is false.
//
//go:noinline
func stretch(use bool) {
	if use {
		var room [stackRoom]byte
		fill(&room)
	}
}

//go:noinline
func fill(room *[stackRoom]byte) { room[0]++ }

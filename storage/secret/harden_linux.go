package secret

import "golang.org/x/sys/unix"

// Harden keeps this process's memory to itself: no core file, and nobody else
// under the same account may read it while the token is in it. What the kernel
// refuses is left as it is; nothing relies on it.
func Harden() {
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
}

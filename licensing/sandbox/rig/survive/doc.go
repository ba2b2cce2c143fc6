// Package survive proves that what goes wrong on the own machine costs a reading
// at most: a full disk, damaged files, a lock that somebody else holds, files of
// a newer program, a process that is killed, a record that cannot be written.
//
// It runs the real program, built anew, on real pseudo-terminals, files and
// kernel locks, against a made-up instance on loopback. It knows nothing of how
// the cache works: what to damage it finds by listing folders, what is true it
// asks the instance. It has tests only. Those that mount disks need root and the
// lab; where mounting is impossible they skip, or fail when CI is true.
//
// What always holds: no death of the process that owns the terminal, no wrong
// number, one notice for one trouble, and no cleaning up by hand.
package survive

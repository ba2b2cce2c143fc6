// Package cache keeps what was fetched from one instance in a Badger database,
// so that the next start draws its first frame before any network.
//
// It is disposable: nothing in it is a record, the next refresh rebuilds it,
// and each of its errors leaves the caller able to go on without it.
//
// The console opens the database read-only, and only for the moment of a read.
// Every write and every repair runs in a short process of the same binary
// ([Child]), because Badger writes through memory maps: on a full disk the
// kernel answers with SIGBUS, which no Go program survives. Only that process
// dies then, and the snapshot before it stays.
//
// Layout of the folder of one instance:
//
//	lock         kernel lock: shared by readers, exclusive for a writer
//	seal         names, sizes and checksums of the database files after a clean close
//	db/          the database
//	damaged/     the last database that was found damaged, set aside
//
// and of the database:
//
//	a/current    the one key that is flipped: which generations hold, their
//	             sizes, checksums and times
//	a/f/<gen>/   facts, as JSON
//	a/h/<gen>/   head of a roster: sizes and checksums of its chunks
//	b/draft      which pieces an unfinished pull has
//	c/<gen>/<n>/ chunks of a roster
//	d/<digest>/  accounts of one piece of a draft, named by their content
//
// Small things sort before large ones, so that compacting the small never
// rewrites the large.
//
// Invariants: a reader sees facts and roster of one flip or an error, never a
// mix and never a value that fails its checksum; the console's process reads
// only database files that match the seal, because Badger answers some kinds
// of damage by ending the process; a database of a newer schema is never
// changed; no lock is held while nothing happens.
package cache

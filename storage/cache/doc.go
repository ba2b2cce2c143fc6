// Package cache keeps what was fetched from one instance in a Badger database,
// so that the next start draws its first frame before any network.
//
// It is disposable: nothing in it is a record, the next refresh rebuilds it,
// and each of its errors leaves the caller able to go on without it.
//
// The console opens databases read-only, and only for the moment of a read.
// Every write and every repair runs in a short process of the same binary
// ([Child]), because Badger writes through memory maps: on a full disk the
// kernel answers with SIGBUS, which no Go program survives. Only that process
// dies then, and the snapshot before it stays.
//
// Layout of the folder of one instance:
//
//	facts.lock      kernel lock: shared by readers, exclusive for a writer
//	facts.seal      names the database of facts that counts; names, sizes and
//	                checksums of its files after a clean close
//	facts-<gen>-*/  small database: facts, and the record that counts
//	roster.lock     the same lock for the accounts; taken first by who needs both
//	roster.seal     the same seal for the accounts; absent while they are written
//	roster/         large database: accounts, and the draft of a pull
//	*.damaged/      the last database that was found damaged, set aside
//
// of the database of facts, which is built anew by each save and never changed:
//
//	current         the record: sizes, checksums and times of the facts, and
//	                which generation of accounts belongs to them
//	facts/          facts, as JSON
//
// and of the database of accounts, which is changed in place:
//
//	a/<gen>/        head of a roster: sizes and checksums of its chunks
//	b/draft         which pieces an unfinished pull has
//	c/<gen>/<n>/    chunks of a roster
//	d/<digest>/     accounts of one piece of a draft, named by their content
//
// Saving writes accounts first, under a generation nobody refers to, then
// builds the facts that name it, and then replaces facts.seal: that rename is
// the flip, and the only step of a small save that keeps others out. Facts are
// read without looking at accounts, so they come as fast beside a million.
//
// Invariants: a reader sees facts and roster of one flip, or facts without rows
// where the rows were lost since, never a mix and never a value that fails its
// checksum; the console's process reads only database files that match the
// seal, because Badger answers some kinds of damage by ending the process; a
// database of a newer schema is never changed; no lock is held while nothing
// happens.
package cache

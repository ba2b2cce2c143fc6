// Package cache keeps what was fetched from one instance in a Badger database,
// so that the next start draws its first frame before any network.
//
// It is disposable: nothing in it is a record, the next refresh rebuilds it,
// and each of its errors leaves the caller able to go on without it.
//
// The console opens databases read-only, and only for the moment of a read.
// Every write and every repair of them runs in a short process of the same
// binary ([Child]), because Badger writes through memory maps: on a full disk
// the kernel answers with SIGBUS, which no Go program survives. Only that
// process dies then, and the snapshot before it stays.
//
// Layout of the folder of one instance:
//
//	facts.lock      kernel lock: shared by readers, exclusive for a writer
//	facts           the facts, and the record that counts, in one plain file
//	facts-*         such files that are being written
//	roles           everybody's highest role, in one plain file of its own
//	roles-*         such files that are being written
//	roster.lock     the same lock for the accounts; taken first by who needs both
//	roster.seal     sizes and checksums of the database's files after a clean
//	                close; absent while they are written
//	roster/         database: accounts, and the draft of a pull
//	*.damaged       the last half that was found damaged, set aside
//
// of the file of facts, which each save replaces and nothing changes:
//
//	head, record    sizes, checksums and times of the facts, and which generation
//	                of accounts belongs to them
//	facts           as JSON
//
// and of the database of accounts, which is changed in place:
//
//	a/<gen>/        head of a roster: sizes and checksums of its chunks
//	b/draft         which pieces an unfinished pull has
//	c/<gen>/<n>/    chunks of a roster
//	d/<digest>/     accounts of one piece of a draft, named by their content
//
// Saving writes accounts first, under a generation nobody refers to, then writes
// the facts that name it and the checksum of its head, and then renames them over
// the facts before: that is the flip, and the only step of a small save that
// keeps others out. Facts are read without looking at accounts and without a
// database, so they come as fast beside a million.
//
// Invariants: a reader sees facts and roster of one flip, or facts without rows
// where the rows were lost since, never a mix and never a value that fails its
// checksum; the console's process reads only database files that match the
// seal, because Badger answers some kinds of damage by ending the process; a
// database of a newer schema is never changed; no lock is held while nothing
// happens.
package cache

package storage

import "golang.org/x/sys/unix"

// The operating system's error numbers that get a sentence of their own.
const (
	errNoSpace  = unix.ENOSPC
	errQuota    = unix.EDQUOT
	errReadOnly = unix.EROFS
	errIsDir    = unix.EISDIR
	errLoop     = unix.ELOOP // what O_NOFOLLOW answers for a symbolic link
)

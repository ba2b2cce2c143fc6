package storage

import (
	"io/fs"
	"syscall"
	"time"
)

// made is the FileInfo of a file that does not exist.
type made struct {
	mode fs.FileMode
	st   syscall.Stat_t
}

func stat(uid, gid int, perm fs.FileMode) fs.FileInfo {
	return made{perm, syscall.Stat_t{Uid: uint32(uid), Gid: uint32(gid)}}
}

func (m made) Name() string       { return "made" }
func (m made) Size() int64        { return 0 }
func (m made) Mode() fs.FileMode  { return m.mode }
func (m made) ModTime() time.Time { return time.Time{} }
func (m made) IsDir() bool        { return m.mode.IsDir() }
func (m made) Sys() any           { return &m.st }

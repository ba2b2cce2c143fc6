package profile

import (
	"io/fs"
	"syscall"
)

// owned is a file as if another account owned it.
type owned struct {
	fs.FileInfo
	uid int
}

func (o owned) Sys() any {
	st := *o.FileInfo.Sys().(*syscall.Stat_t)
	st.Uid = uint32(o.uid)
	return &st
}

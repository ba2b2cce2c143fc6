package storage

import "golang.org/x/sys/unix"

// networkTypes are the file systems of statfs(2) that live on another machine.
// Locks and mmap cannot be relied on there (faults R-07).
var networkTypes = map[int64]string{
	0x6969:     "NFS",
	0x517b:     "SMB",
	0xfe534d42: "SMB",
	0xff534d42: "CIFS",
	0x01021997: "9P",
	0x5346414f: "AFS",
	0x6b414653: "AFS",
	0x73757245: "Coda",
	0x00c36400: "Ceph",
	0x0bd00bd0: "Lustre",
	0x01161970: "GFS2",
	0x7461636f: "OCFS2",
	0x47504653: "GPFS",
	0x564c:     "NCP",
}

// NetworkFS returns the name of the network file system that path is on, "" for
// a local one or when it cannot be told. FUSE counts as local: what is behind
// it is unknown, and its locks say so themselves when they do not work.
func NetworkFS(path string) string {
	var st unix.Statfs_t
	if statfs(path, &st) != nil {
		return ""
	}
	return networkTypes[int64(uint32(st.Type))]
}

package journal

import (
	"net/netip"
	"os"
	"os/user"
	"strconv"
	"strings"

	"seatdeck/model"
)

// Myself says who runs this process, as far as the machine can tell: the
// account, the account behind sudo, and the peer of the SSH session. The last
// two come from the environment through lookup, so they are hints and no proof.
// tool is this program's version.
func Myself(uid int, lookup func(key string) (string, bool), tool string) model.Who {
	w := model.Who{UID: uid, PID: os.Getpid(), Tool: tool}
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		w.User = u.Username
	}
	if by, ok := lookup("SUDO_UID"); ok {
		if id, err := strconv.Atoi(by); err == nil && id > 0 {
			w.SudoUID = id
		}
	}
	for _, key := range []string{"SSH_CONNECTION", "SSH_CLIENT"} {
		v, _ := lookup(key)
		peer, _, _ := strings.Cut(v, " ")
		if ip, err := netip.ParseAddr(peer); err == nil {
			w.SSHPeer = ip.String()
			break
		}
	}
	return w
}

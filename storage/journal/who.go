package journal

import (
	"net/netip"
	"os"
	"os/user"
	"strconv"
	"strings"

	"seatdeck/model"
	"seatdeck/storage"
)

// Me says who runs this process, as far as the machine can tell: the account,
// the account behind sudo, and the peer of the SSH session. The last two come
// from the environment, so they are hints and no proof. tool is this program's
// version.
func Me(c storage.Caller, tool string) model.Who {
	w := model.Who{UID: c.UID, PID: os.Getpid(), Tool: tool}
	if u, err := user.LookupId(strconv.Itoa(c.UID)); err == nil {
		w.User = u.Username
	}
	if by, ok := c.Lookup("SUDO_UID"); ok {
		if uid, err := strconv.Atoi(by); err == nil && uid > 0 {
			w.SudoUID = uid
		}
	}
	for _, key := range []string{"SSH_CONNECTION", "SSH_CLIENT"} {
		v, _ := c.Lookup(key)
		peer, _, _ := strings.Cut(v, " ")
		if ip, err := netip.ParseAddr(peer); err == nil {
			w.SSHPeer = ip.String()
			break
		}
	}
	return w
}

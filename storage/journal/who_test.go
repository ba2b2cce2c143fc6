package journal

import (
	"os"
	"testing"

	"seatdeck/model"
)

func TestMyself(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want model.Who
	}{
		{nil, model.Who{}},
		{map[string]string{"SUDO_UID": "1000", "SSH_CONNECTION": "192.0.2.7 50000 10.0.0.1 22"}, model.Who{SudoUID: 1000, SSHPeer: "192.0.2.7"}},
		{map[string]string{"SSH_CLIENT": "2001:db8::1 50000 22"}, model.Who{SSHPeer: "2001:db8::1"}},
		{map[string]string{"SUDO_UID": "root", "SSH_CONNECTION": "alice@example.com\x1b[2J 1 2 3"}, model.Who{}},
	} {
		// An account that no database knows has no name.
		const nobody = 1<<31 - 7
		c.want.UID, c.want.PID, c.want.Tool = nobody, os.Getpid(), "1.2"
		lookup := func(k string) (string, bool) { v, ok := c.env[k]; return v, ok }
		if got := Myself(nobody, lookup, "1.2"); got != c.want {
			t.Errorf("%v: %+v, want %+v", c.env, got, c.want)
		}
	}
}

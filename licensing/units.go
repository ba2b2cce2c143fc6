package licensing

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"strings"

	"seatdeck/assets"
	"seatdeck/model"
)

// Unit is one file, or one line, by which a machine looks after the sync.
type Unit struct {
	Path string `json:"path"` // where it belongs
	Text string `json:"text"`
}

// Units returns the systemd service and timer and the line for cron that run a
// sync of an instance when the daily one has not come, the line last. program is
// the absolute path of this program. The driver host gets a drop-in as well: it
// becomes another account, which a hardened service may not.
func Units(program string, info InstanceInfo) ([]Unit, error) {
	if !strings.HasPrefix(program, "/") || strings.ContainsAny(program, " \t\n%\\\"'$;") {
		return nil, model.Fail(model.ClassFailed, "print the units", "the path of this program cannot stand in a unit: "+program, "install it, such as in /usr/local/bin")
	}
	out := []Unit{}
	for _, u := range []struct {
		name, path string
		of         bool
	}{
		{"seatdeck-sync.service", "/etc/systemd/system/seatdeck-sync@.service", true},
		{"seatdeck-sync-host.conf", "/etc/systemd/system/seatdeck-sync@" + info.Name + ".service.d/host.conf", info.Driver == string(model.DriverHost)},
		{"seatdeck-sync.timer", "/etc/systemd/system/seatdeck-sync@.timer", true},
	} {
		if !u.of {
			continue
		}
		text, err := fs.ReadFile(assets.FS, "units/"+u.name)
		if err != nil {
			return nil, model.Fail(model.ClassInternal, "print the units", err.Error(), "please report it").Because(err)
		}
		out = append(out, Unit{u.path, strings.NewReplacer("@PROGRAM@", program, "@INSTANCE@", info.Name).Replace(string(text))})
	}
	return append(out, Unit{"/etc/cron.d/seatdeck-sync", cronLine(program, info.Name)}), nil
}

// cronLine is the line for cron. It has no random delay, so that each instance
// gets a minute of its own; what is printed is dropped, or it would be mailed
// every day, and failures are not.
func cronLine(program, instance string) string {
	spread := fnv.New32a()
	_, _ = spread.Write([]byte(instance))
	return fmt.Sprintf("CRON_TZ=UTC\n%d 6 * * * seatdeck %s sync run --instance %s --timer --if-older-than 20h --yes --quiet >/dev/null\n",
		spread.Sum32()%60, program, instance)
}

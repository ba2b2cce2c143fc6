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
// sync of an instance when the daily one has not come. program is the absolute
// path of this program.
func Units(program, instance string) ([]Unit, error) {
	if !strings.HasPrefix(program, "/") || strings.ContainsAny(program, " \t\n%\\\"'$;") {
		return nil, model.Fail(model.ClassFailed, "print the units", "the path of this program cannot stand in a unit: "+program, "install it, such as in /usr/local/bin")
	}
	out := []Unit{}
	for _, u := range []struct{ name, path string }{
		{"seatdeck-sync.service", "/etc/systemd/system/seatdeck-sync@.service"},
		{"seatdeck-sync.timer", "/etc/systemd/system/seatdeck-sync@.timer"},
	} {
		text, err := fs.ReadFile(assets.FS, "units/"+u.name)
		if err != nil {
			return nil, model.Fail(model.ClassInternal, "print the units", err.Error(), "").Because(err)
		}
		out = append(out, Unit{u.path, strings.ReplaceAll(string(text), "@PROGRAM@", program)})
	}
	// Cron has no random delay: each instance has a minute of its own.
	spread := fnv.New32a()
	_, _ = spread.Write([]byte(instance))
	line := fmt.Sprintf("CRON_TZ=UTC\n%d 6 * * * seatdeck %s sync run --instance %s --timer --if-older-than 20h --yes --quiet\n", spread.Sum32()%60, program, instance)
	return append(out, Unit{"/etc/cron.d/seatdeck-sync", line}), nil
}

package licensing

import (
	"strings"
	"testing"

	"seatdeck/model"
)

// unitOf is the text of the unit whose path ends so.
func unitOf(t *testing.T, driver model.Driver, end string) (string, bool) {
	t.Helper()
	units, err := Units("/usr/local/bin/seatdeck", InstanceInfo{Name: "prod", Driver: string(driver)})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range units {
		if strings.HasSuffix(u.Path, end) {
			return u.Text, true
		}
	}
	return "", false
}

// limits are the settings by which a service is kept from what the system allows.
func limits(text string) []string {
	var keys []string
	for line := range strings.Lines(text) {
		key, _, ok := strings.Cut(line, "=")
		for _, prefix := range []string{"Protect", "Private", "Restrict", "Lock", "SystemCallF", "SystemCallA", "NoNew", "Capability"} {
			if ok && strings.HasPrefix(key, prefix) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// TestUnitsOfHostDriver: systemd.exec(5) says of most limits that they imply
// NoNewPrivileges for an ordinary account, so the drop-in has to lift each.
func TestUnitsOfHostDriver(t *testing.T) {
	const dropIn = "seatdeck-sync@prod.service.d/host.conf"
	service, _ := unitOf(t, model.DriverHost, "seatdeck-sync@.service")
	lifted, ok := unitOf(t, model.DriverHost, dropIn)
	if keys := limits(service); !ok || len(keys) < 10 {
		t.Fatalf("drop-in %v, %d limits in the service", ok, len(keys))
	}
	for _, key := range limits(service) {
		if !strings.Contains(lifted, "\n"+key+"=") {
			t.Errorf("%s is not lifted, and sudo would fail", key)
		}
	}
	for _, d := range []model.Driver{model.DriverActivation, model.DriverBrowser, model.DriverNone} {
		if _, ok := unitOf(t, d, dropIn); ok {
			t.Errorf("%s: a drop-in that nobody needs", d)
		}
	}
}

// TestUnitsLetTheRecordBeShared: systemd.exec(5): RestrictSUIDSGID refuses the
// change of mode by which a new folder is handed to the group.
func TestUnitsLetTheRecordBeShared(t *testing.T) {
	service, _ := unitOf(t, model.DriverNone, "seatdeck-sync@.service")
	for _, line := range []string{"\nStateDirectoryMode=2770\n", "\nNoNewPrivileges=true\n"} {
		if !strings.Contains(service, line) {
			t.Errorf("%q is missing", line)
		}
	}
	if strings.Contains(service, "\nRestrictSUIDSGID=") {
		t.Error("the folders of the record could not be shared")
	}
}

// TestCronLineIsSilent: cron mails whatever is printed on stdout.
func TestCronLineIsSilent(t *testing.T) {
	line, _ := unitOf(t, model.DriverNone, "/etc/cron.d/seatdeck-sync")
	if !strings.HasSuffix(line, "--quiet >/dev/null\n") {
		t.Errorf("%q", line)
	}
}

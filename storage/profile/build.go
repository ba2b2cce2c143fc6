package profile

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"seatdeck/model"
	"seatdeck/storage"
)

// nameRule keeps instance names fit for file names, prompts and credentials.
// It is compiled when a profile is read: nothing is worked out before main.
var nameRule = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$`) })

// builder turns a document into a profile, or into the first error in it.
type builder struct {
	s     Source
	where positions
}

// fault words an error at a key of the file.
func (b builder) fault(path []string, msg, next string) *model.Error {
	return config(b.place(path)+": "+msg, next)
}

// place is where a key stands, or the nearest table around it.
func (b builder) place(path []string) string {
	for p := path; len(p) > 0; p = p[:len(p)-1] {
		if pos, ok := b.where.at[join(p)]; ok {
			return fmt.Sprintf("%s:%d:%d", b.s.Path, pos.row, pos.col)
		}
	}
	return b.s.Path
}

func (b builder) profile(doc document) (Profile, error) {
	if len(doc.Instances) == 0 {
		return Profile{}, b.fault(nil, "there is no instance in it", `add [instances.prod] with url = "https://gitlab.example.com"`)
	}
	p := Profile{Path: b.s.Path, Default: doc.Default, origins: make(map[string]string)}
	for path, at := range b.where.at {
		p.origins[path] = fmt.Sprintf("%s:%d", b.s.Path, at.row)
	}
	for _, name := range b.where.order {
		in, err := b.instance(name, doc.Instances[name])
		if err != nil {
			return Profile{}, err
		}
		p.Instances = append(p.Instances, in)
	}
	return p, b.chooseDefault(&p)
}

// chooseDefault checks the default; a single instance needs none.
func (b builder) chooseDefault(p *Profile) error {
	if p.Default == "" && len(p.Instances) == 1 {
		p.Default = p.Instances[0].Name
		return nil
	}
	names := b.where.order
	example := fmt.Sprintf("default = %q", names[0])
	if p.Default == "" {
		return b.fault(nil, "there are several instances and no default", "add "+example+" at the top")
	}
	if slices.Contains(names, p.Default) {
		return nil
	}
	if near := model.Nearest(p.Default, names); near != "" {
		example = fmt.Sprintf("default = %q", near)
	}
	return b.fault([]string{"default"}, "default names "+quote(p.Default)+", and there is no such instance", "write "+example)
}

func (b builder) instance(name string, t table) (Instance, error) {
	at := func(key ...string) []string { return append([]string{"instances", name}, key...) }
	in := Instance{Name: name, Mode: model.ModeReadOnly, Colour: t.Colour, AllowHTTP: t.AllowHTTP, Workers: DefaultWorkers,
		TokenCommand: t.TokenCommand, ActivationCodeCommand: t.ActivationCodeCommand}
	var err error
	switch {
	case name == EnvName:
		return in, b.fault(at(), `the name "env" is kept for `+EnvURL, "give the instance another name")
	case !nameRule().MatchString(name):
		return in, b.fault(at(), quote(name)+" cannot be the name of an instance", "use up to 32 letters, digits, dots, dashes and underscores")
	case t.TokenFile != "" && t.TokenCommand != nil:
		return in, b.fault(at("token_command"), "token_file and token_command are both set", "keep one of the two")
	case t.ActivationCodeFile != "" && t.ActivationCodeCommand != nil:
		return in, b.fault(at("activation_code_command"), "activation_code_file and activation_code_command are both set", "keep one of the two")
	case t.Colour != "" && !slices.Contains(colours, t.Colour):
		return in, b.fault(at("colour"), badColour(t.Colour), "use one of "+strings.Join(colours, ", "))
	}
	if in.URL, err = b.address(at("url"), t.URL, t.AllowHTTP); err != nil {
		return in, err
	}
	switch model.Mode(t.Mode) {
	case "":
	case model.ModeReadOnly, model.ModeWrite:
		in.Mode = model.Mode(t.Mode)
	default:
		return in, b.fault(at("mode"), "mode "+quote(t.Mode)+" does not exist", `write mode = "read-only" or mode = "write"`)
	}
	if t.Workers != nil {
		if in.Workers = *t.Workers; in.Workers < 1 || in.Workers > MaxWorkers {
			return in, b.fault(at("workers"), fmt.Sprintf("workers = %d is out of range", in.Workers), fmt.Sprintf("use 1 to %d", MaxWorkers))
		}
	}
	if err := b.files(&in, t, at); err != nil {
		return in, err
	}
	if err := b.commands(t, at); err != nil {
		return in, err
	}
	if in.Sync, err = b.sync(t, at); err != nil {
		return in, err
	}
	in.SeatYear, err = b.price(t.Price, at)
	return in, err
}

func badColour(c string) string {
	if c == "magenta" {
		return "magenta is reserved for the sandbox"
	}
	return "colour " + quote(c) + " does not exist"
}

// address checks the base address. It is never shown when it may hold a
// password.
func (b builder) address(at []string, raw string, allowHTTP bool) (string, error) {
	if fact, next := badAddress(raw, allowHTTP); fact != "" {
		return "", b.fault(at, fact, next)
	}
	return storage.NormalURL(raw), nil
}

func badAddress(raw string, allowHTTP bool) (fact, next string) {
	const example = `write it like url = "https://gitlab.example.com"`
	if strings.TrimSpace(raw) == "" {
		return "there is no url", example
	}
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case err != nil:
		return "url is not an address", example
	case u.User != nil:
		return "url holds a user or a password", "take it out; the token comes from token_file or token_command"
	case u.Scheme == "" || !strings.Contains(raw, "://"):
		return "url " + quote(raw) + " does not begin with https://", "write url = " + quote("https://"+strings.TrimLeft(raw, "/"))
	case u.Scheme != "https" && u.Scheme != "http":
		return "url " + quote(u.Scheme+"://…") + " is neither https nor http", example
	case u.Hostname() == "":
		return "url " + quote(raw) + " names no host", example
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return "url has something behind the address (? or #)", "write only the address under which GitLab opens"
	case strings.Contains(u.Path, "/api/v4"):
		return "url " + quote(raw) + " names the API", "write only the address under which GitLab opens, without /api/v4"
	case u.Scheme == "http" && !allowHTTP && !loopback(u.Hostname()):
		return "url is plain http: everybody on the way could read the token", "use https, or set allow_http = true for a network you trust wholly"
	}
	return "", ""
}

// loopback reports whether the host is this machine.
func loopback(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.Unmap().IsLoopback()
	}
	return strings.EqualFold(strings.TrimSuffix(host, "."), "localhost")
}

// files makes the paths absolute.
func (b builder) files(in *Instance, t table, at func(...string) []string) error {
	for _, f := range []struct {
		key, value string
		to         *string
	}{
		{"token_file", t.TokenFile, &in.TokenFile},
		{"activation_code_file", t.ActivationCodeFile, &in.ActivationCodeFile},
		{"ca_file", t.CAFile, &in.CAFile},
	} {
		if f.value == "" {
			continue
		}
		path, ok := b.s.absolute(f.value)
		if !ok {
			return b.fault(at(f.key), quote(f.value)+" cannot be resolved: no such home folder is known", "write the whole path, beginning with /")
		}
		*f.to = path
	}
	return nil
}

// commands refuses an empty argv.
func (b builder) commands(t table, at func(...string) []string) error {
	for _, c := range []struct {
		key  []string
		argv []string
	}{
		{[]string{"token_command"}, t.TokenCommand},
		{[]string{"activation_code_command"}, t.ActivationCodeCommand},
		{[]string{"sync", "host_command"}, t.Sync.HostCommand},
	} {
		if c.argv != nil && (len(c.argv) == 0 || c.argv[0] == "") {
			path := at(c.key...)
			return b.fault(path, path[len(path)-1]+" names no program", "write it like "+like(path))
		}
	}
	return nil
}

func (b builder) sync(t table, at func(...string) []string) (Sync, error) {
	s := Sync{Driver: DefaultDriver, HostCommand: t.Sync.HostCommand, Deadline: DefaultDeadline}
	if t.Sync.Driver != "" {
		s.Driver = t.Sync.Driver
	}
	driver := at("sync", "driver")
	switch {
	case !slices.Contains(drivers, s.Driver):
		return s, b.fault(driver, "sync driver "+quote(s.Driver)+" does not exist", "use one of "+strings.Join(drivers, ", "))
	case s.Driver == DriverHost && s.HostCommand == nil:
		return s, b.fault(driver, "the sync driver host needs host_command", "add "+like(at("sync", "host_command")))
	case s.Driver == DriverActivation && t.ActivationCodeFile == "" && t.ActivationCodeCommand == nil:
		return s, b.fault(driver, "the sync driver activation needs a code", "add activation_code_file or activation_code_command to the instance")
	}
	if t.Sync.Deadline == "" {
		return s, nil
	}
	d, err := time.ParseDuration(t.Sync.Deadline)
	if err != nil || d < time.Second || d > MaxDeadline {
		return s, b.fault(at("sync", "deadline"), "deadline "+quote(t.Sync.Deadline)+" is not a time from 1s to 4m", "write it like "+like(at("sync", "deadline")))
	}
	s.Deadline = d
	return s, nil
}

func (b builder) price(t priceTable, at func(...string) []string) (model.Opt[model.Money], error) {
	none := model.None[model.Money]()
	switch {
	case t.SeatYear == "" && t.Currency == "":
		return none, nil
	case t.SeatYear == "":
		return none, b.fault(at("price", "currency"), "there is a currency and no seat_year", "add "+like(at("price", "seat_year")))
	case t.Currency == "":
		return none, b.fault(at("price", "seat_year"), "there is a seat_year and no currency", "add "+like(at("price", "currency")))
	}
	m, err := model.ParseMoney(t.SeatYear, t.Currency)
	if err != nil {
		return none, b.fault(at("price"), err.Error(), "write "+like(at("price", "seat_year"))+" and "+like(at("price", "currency")))
	}
	return model.Some(m), nil
}

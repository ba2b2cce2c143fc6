package profile

import (
	"fmt"
	"strconv"
	"strings"

	"seatdeck/model"
)

// Setting is one value and where it was set.
type Setting = model.Setting

const (
	unset      = "–"
	fromItself = "default"
)

// Show lists every value of the configuration with its origin. Of commands that
// give secrets only the program is shown: arguments have been seen to hold
// them.
func (p Profile) Show() []Setting {
	if p.Empty() {
		return nil
	}
	list := []Setting{p.setting(p.Default, "default")}
	for _, in := range p.Instances {
		list = append(list, p.showInstance(in)...)
	}
	return list
}

func (p Profile) showInstance(in Instance) []Setting {
	at := func(value string, key ...string) Setting {
		return p.setting(value, append([]string{"instances", in.Name}, key...)...)
	}
	seatYear, currency := unset, unset
	if m, ok := in.SeatYear.Get(); ok {
		seatYear, currency = fmt.Sprintf("%d.%02d", m.Cents/100, m.Cents%100), m.Currency
	}
	return []Setting{
		at(in.URL, "url"),
		at(in.TokenFile, "token_file"),
		at(program(in.TokenCommand), "token_command"),
		at(string(in.Mode), "mode"),
		at(in.Colour, "colour"),
		at(strconv.FormatBool(in.AllowHTTP), "allow_http"),
		at(in.CAFile, "ca_file"),
		at(strconv.Itoa(in.Workers), "workers"),
		at(in.ActivationCodeFile, "activation_code_file"),
		at(program(in.ActivationCodeCommand), "activation_code_command"),
		at(in.Sync.Driver, "sync", "driver"),
		at(strings.Join(in.Sync.HostCommand, " "), "sync", "host_command"),
		at(in.Sync.Deadline.String(), "sync", "deadline"),
		at(seatYear, "price", "seat_year"),
		at(currency, "price", "currency"),
	}
}

// setting finds the origin of a value. Values of the instance from the
// environment that are set at all come from there.
func (p Profile) setting(value string, path ...string) Setting {
	s := Setting{Key: strings.Join(path, "."), Value: model.CleanN(value, 400).String(), Origin: fromItself}
	if value == "" {
		s.Value = unset
	}
	if origin, ok := p.origins[join(path)]; ok {
		s.Origin = origin
	}
	if s.Key == "instances."+EnvName+".url" || s.Key == "default" && value == EnvName {
		s.Origin = "environment " + EnvURL
	}
	return s
}

func program(argv []string) string {
	switch len(argv) {
	case 0:
		return ""
	case 1:
		return argv[0]
	}
	return fmt.Sprintf("%s (and %d arguments)", argv[0], len(argv)-1)
}

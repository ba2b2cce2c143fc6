package profile

import (
	"seatdeck/model"
	"seatdeck/storage"
)

// withEnv adds the instance that SEATDECK_URL and SEATDECK_TOKEN make. Whoever
// sets both means this call, so it goes before what is in the file.
func (s Source) withEnv(p Profile) (Profile, error) {
	address, _ := s.Lookup(EnvURL)
	token, _ := s.Lookup(EnvToken)
	if address == "" {
		return p, nil
	}
	if token == "" {
		return Profile{}, config(EnvURL+" is set and "+EnvToken+" is not", "set both, or unset "+EnvURL+" and use config.toml")
	}
	if fact, next := badAddress(address, false); fact != "" {
		return Profile{}, config(EnvURL+": "+fact, next)
	}
	in := Instance{
		Name: EnvName, URL: storage.NormalURL(address), Mode: model.ModeReadOnly, Workers: DefaultWorkers,
		Sync: Sync{Driver: DefaultDriver, Deadline: DefaultDeadline},
	}
	p.Default = EnvName
	p.Instances = append([]Instance{in}, p.Instances...)
	return p, nil
}

// Pretended is the profile of a made-up instance: everything may be tried on it,
// a sync through the command that plays its server.
func Pretended(name, url string, hostCommand []string) Instance {
	return Instance{
		Name: name, URL: url, Mode: model.ModeWrite, SeatYear: model.Some(model.Money{Cents: 94800, Currency: "USD"}),
		Sync: Sync{Driver: DriverHost, HostCommand: hostCommand, Deadline: DefaultDeadline},
	}
}

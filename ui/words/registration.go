package words

import "seatdeck/model"

// Disclosed returns a value that goes out: as it is, hidden, or unknown.
func Disclosed(d model.Disclosed) string {
	if d.Value.Empty() {
		return Status{Unsure, "unknown"}.String()
	}
	return d.Value.String()
}

// Sends returns what a change of the registration switches takes: "registration
// on", "Service Ping on and registration on", or "nothing" and why.
func Sends(c *model.RegistrationChange) string {
	if c.Empty() {
		return "nothing: " + c.Reason
	}
	list := make([]string, len(c.Sends))
	for i, s := range c.Sends {
		list[i] = s.Title + " " + OnOff(model.Some(s.After)).Word
	}
	return List(list)
}

// Brings returns what the change does to the features, as far as that can be
// told: "25 features begin to work", "no feature more or less". It needs the
// standing that the change starts from.
func Brings(c *model.RegistrationChange, r *model.Registration) string {
	switch gains, losses := len(c.Gains), len(c.Losses); {
	case gains > 0:
		return Plural(gains, "feature begins to work", "features begin to work")
	case losses > 0:
		return Plural(losses, "feature stops working", "features stop working")
	case Untold(c, r):
		return "which features it brings or takes cannot be told"
	}
	return "no feature more or less"
}

// Untold reports whether nobody can tell beforehand what the change does to the
// features: what decides could not be read, or does not show.
func Untold(c *model.RegistrationChange, r *model.Registration) bool {
	if r.Unknown > 0 {
		return true
	}
	shows := len(c.Effects) == 0 || c.Effects[len(c.Effects)-1].After.Known()
	return !shows && r.Licensed < len(r.Features)
}

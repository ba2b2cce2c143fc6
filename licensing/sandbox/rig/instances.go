package rig

import (
	"context"
	"slices"

	"seatdeck/licensing"
	"seatdeck/model"
)

// Instances are several rigs as somebody's profile, the first one the default.
type Instances []*Rig

var _ licensing.Instances = Instances(nil)

// List returns what the profile would say of each.
func (in Instances) List() []licensing.InstanceInfo {
	out := make([]licensing.InstanceInfo, len(in))
	for i, r := range in {
		out[i] = r.Info
	}
	return out
}

// Open returns a desk as a new process would have it; see [Rig.Reopen].
func (in Instances) Open(_ context.Context, name string) (*licensing.Desk, error) {
	i := slices.IndexFunc(in, func(r *Rig) bool { return r.Info.Name == name })
	if i < 0 {
		return nil, model.Fail(model.ClassConfig, "open the instance", "there is no instance "+name, "")
	}
	return in[i].Reopen(), nil
}

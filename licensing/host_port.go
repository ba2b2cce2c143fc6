package licensing

import (
	"context"

	"seatdeck/model"
)

// Host is the way to the GitLab server itself: what no API tells, and the one
// place where a sync can be asked for as the page's button does. Each call
// starts GitLab's Ruby once, which takes from seconds to a minute.
// Implementations enforce the mode gate, clean all text, and return
// *model.Error.
type Host interface {
	// Check asks whether a sync can be asked for now.
	Check(ctx context.Context) (model.Eligibility, error)
	// Preview asks the same, and what a sync would send.
	Preview(ctx context.Context) (model.Preview, error)
	// Sync has the server sync once and follows the job. Stages are told while
	// they happen, as a rule from another goroutine. The result says what is known even
	// beside an error; only Sent "no" means that surely nothing was queued.
	Sync(ctx context.Context, o model.HostSyncOrder, progress func(model.HostStage)) (model.HostSync, error)
	// Observe looks at the jobs behind syncs, their schedule and the logs.
	Observe(ctx context.Context) (model.HostObservation, error)
	// Pins asks what decides about Service Ping and registration features.
	Pins(ctx context.Context) (model.Pins, error)
	// Roles gives everybody's highest role in batches, by ascending id beginning
	// behind after, from another goroutine. An error of each ends the reading.
	Roles(ctx context.Context, after int64, each func([]model.HighestRole) error) (model.RolesRead, error)
}

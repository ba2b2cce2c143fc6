package licensing

import (
	"context"

	"seatdeck/model"
)

// Pull is one pull of all accounts, as a refresh does it.
func Pull(ctx context.Context, parts Parts, about model.Opt[int], tell func(model.Progress)) (*model.Roster, error) {
	to := &reporter{clock: parts.Clock, tell: tell}
	return newPuller(parts, about, to.report).pull(ctx)
}

// The figures that tests hold the code against.
const (
	MaxPages    = maxPages
	DraftMaxAge = draftMaxAge
	DraftEvery  = draftEvery
)

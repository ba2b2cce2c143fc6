package cache

import (
	"errors"
	"fmt"
	"time"

	"seatdeck/model"
	"seatdeck/storage"
)

// ErrDamaged is inside every error that tells of damage. The folder has then
// been set aside, and the next save rebuilds it.
var ErrDamaged = errors.New("the cache is damaged")

// ErrNewer is inside the error that tells that a newer version of this program
// wrote the cache. It is left as it is.
var ErrNewer = errors.New("the cache was written by a newer version")

// errUnclean tells that the database was not closed, or that its files are not
// those that were closed: a child has to look at it first.
var errUnclean = errors.New("the cache was not closed")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrDamaged}, args...)...)
}

// The operations, as errors name them.
const (
	opRead  = "read the cache"
	opSave  = "save to the cache"
	opPurge = "purge the cache"
	opStat  = "look at the cache"
)

const nextRefresh = "refresh: it is rebuilt from the instance"

// failure words err for people. Errors that are worded already stay as they
// are; ErrNoCache is a state and never worded.
func failure(op string, err error) error {
	if err == nil || errors.Is(err, model.ErrNoCache) {
		return err
	}
	e := model.AsError(op, err)
	if e.Class != model.ClassFailed || error(e) == err {
		return e
	}
	switch {
	case errors.Is(err, ErrNewer):
		return model.Fail(model.ClassStorage, op, "the cache was written by a newer version of seatdeck and is left as it is",
			"update seatdeck, or remove the cache with: seatdeck cache purge").Because(err)
	case errors.Is(err, ErrDamaged):
		return model.Fail(model.ClassStorage, op, err.Error(), nextRefresh).Because(err)
	case errors.Is(err, errUnclean):
		return model.Fail(model.ClassStorage, op, "the cache was not closed and cannot be looked at now", nextRefresh).Because(err)
	}
	return model.Fail(model.ClassStorage, op, err.Error(), "").Because(err)
}

// noSpace is the refusal below the free-space floor.
func noSpace(free, need uint64, dir string) error {
	return &storage.Fault{Kind: storage.KindNoSpace, Path: dir,
		Msg:  fmt.Sprintf("the cache is paused: %d MiB free, %d MiB needed in %s", free>>20, (need+1<<20-1)>>20, storage.ShortPath(dir)),
		Next: "free some space; what is kept already stays as it is"}
}

// expired is the refusal to serve something too old. It is also ErrNoCache.
func expired(age time.Duration) error {
	return model.Fail(model.ClassStorage, opRead,
		fmt.Sprintf("what is kept is %d days old, and nothing older than %d days is shown", int(age.Hours()/24), int(MaxAge.Hours()/24)),
		"refresh to read it again").Because(model.ErrNoCache)
}

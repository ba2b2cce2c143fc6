package cache

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"seatdeck/model"
)

// The roles lie in one plain file beside the facts, two bytes an account, with
// their own checksum and age. It is never changed: each save writes a new one and
// renames it over the one before, so readers need no lock, and this process may
// write it itself: a disk that is full answers a write with an error, not with
// a signal.

const (
	rolesName = "roles"
	// rolesLeft starts the names of files of roles that are being written.
	rolesLeft = "roles-"
	// rolesPerAccount is how many bytes an account's role takes at most, for the
	// free-space check.
	rolesPerAccount = 11
)

// Roles returns the roles that were kept last; model.ErrNoCache when there are
// none younger than [MaxAge]. Damaged ones are an error once: they are set aside
// and gone then.
func (c *Cache) Roles(ctx context.Context) (*model.HostRoles, error) {
	if err := ctx.Err(); err != nil {
		return nil, failure(opRead, err)
	}
	if err := c.check(); err != nil {
		return nil, failure(opRead, err)
	}
	path := filepath.Join(c.cfg.Place.Dir, rolesName)
	b, err := readPlain(path)
	if err != nil {
		return nil, failure(opRead, err)
	}
	roles, err := model.DecodeHostRoles(b)
	if err != nil {
		_ = os.Rename(path, path+".damaged")
		return nil, model.Fail(model.ClassStorage, opRead, "the roles that were kept are damaged and were set aside",
			"read them again: seatdeck users roles").Because(ErrDamaged)
	}
	if err := c.fresh(roles.AsOf().At); err != nil {
		return nil, failure(opRead, err)
	}
	return roles, nil
}

// SaveRoles replaces the roles that are kept.
func (c *Cache) SaveRoles(ctx context.Context, roles *model.HostRoles) error {
	b, err := roles.Encode()
	if err != nil {
		return model.Fail(model.ClassInternal, opSave, "the roles cannot be encoded", "").Because(err)
	}
	if err := c.prepare(roles.Len() * rolesPerAccount); err != nil {
		return failure(opSave, err)
	}
	if err := ctx.Err(); err != nil {
		return failure(opSave, err)
	}
	return failure(opSave, c.writeRoles(b))
}

func (c *Cache) writeRoles(b []byte) error {
	dir := c.cfg.Place.Dir
	f, err := os.CreateTemp(dir, rolesLeft+"*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Chmod(c.cfg.Place.Modes.File), f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, rolesName))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return removeRoles(dir, time.Now().Add(-leftAfter), rolesLeft)
}

// removeRoles removes files of roles with a prefix that were written before a
// time: what killed writers left behind, or all of them.
func removeRoles(dir string, before time.Time, prefix string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), prefix) {
			continue
		}
		if info, statErr := e.Info(); statErr == nil && info.ModTime().Before(before) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

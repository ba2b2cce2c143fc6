package licensing

import (
	"context"

	"seatdeck/model"
)

// ViewStore keeps the saved views of one instance, for everybody who shares its
// state. Its errors are *model.Error.
type ViewStore interface {
	// Views returns what is saved; nothing saved is not an error.
	Views(ctx context.Context) (model.SavedViews, error)
	// ChangeViews replaces what is saved by what change makes of it. Nobody else
	// changes it meanwhile; an error of change leaves it as it is.
	ChangeViews(ctx context.Context, change func(model.SavedViews) (model.SavedViews, error)) (model.SavedViews, error)
}

// errNoViews says that this desk keeps nothing.
var errNoViews = model.Fail(model.ClassUnsupported, "saved views", "nothing can be kept here", "")

// SavedViews returns the saved views of the instance.
func (d *Desk) SavedViews(ctx context.Context) (model.SavedViews, error) {
	if d.p.Views == nil {
		return model.SavedViews{}, nil
	}
	return d.p.Views.Views(ctx)
}

// SaveView keeps a view under its name and returns all there are then. One of
// the same name is replaced only where that is meant.
func (d *Desk) SaveView(ctx context.Context, v model.SavedView, replace bool) (model.SavedViews, error) {
	v.SavedAt = d.now()
	return d.changeViews(ctx, func(s model.SavedViews) (model.SavedViews, error) { return s.Save(v, replace) })
}

// DeleteView forgets a view and returns those that are left.
func (d *Desk) DeleteView(ctx context.Context, name string) (model.SavedViews, error) {
	return d.changeViews(ctx, func(s model.SavedViews) (model.SavedViews, error) { return s.Delete(name) })
}

// RenameView gives a view another name and returns all there are then.
func (d *Desk) RenameView(ctx context.Context, name, to string) (model.SavedViews, error) {
	return d.changeViews(ctx, func(s model.SavedViews) (model.SavedViews, error) { return s.Rename(name, to) })
}

func (d *Desk) changeViews(ctx context.Context, change func(model.SavedViews) (model.SavedViews, error)) (model.SavedViews, error) {
	if d.p.Views == nil {
		return model.SavedViews{}, errNoViews
	}
	ctx, done, err := d.begin(ctx, "saved views")
	if err != nil {
		return model.SavedViews{}, err
	}
	defer done()
	return d.p.Views.ChangeViews(ctx, change)
}

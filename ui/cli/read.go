package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// say prints one line of talk, unless quiet.
func (a *app) say(format string, args ...any) {
	if !a.quiet {
		_, _ = fmt.Fprintf(a.d.Err, format+"\n", args...)
	}
}

// open finds the instance to work on and opens its desk. The caller closes it.
func (a *app) open(ctx context.Context) (*licensing.Desk, error) {
	set, info, err := a.choose(ctx, a.instance)
	if err != nil {
		return nil, err
	}
	if info.Sandbox { // not to be silenced: nobody may take this for their own
		_, _ = fmt.Fprintln(a.d.Err, "this is made-up data of the built-in sandbox; connect your own GitLab with: seatdeck config init")
	}
	return set.Open(ctx, info.Name)
}

// choose returns the instances and the one with the name; without a name the
// default.
func (a *app) choose(ctx context.Context, name string) (licensing.Instances, licensing.InstanceInfo, error) {
	set, err := a.d.Instances(ctx)
	if err != nil {
		return nil, licensing.InstanceInfo{}, err
	}
	list := set.List()
	if len(list) == 0 {
		return nil, licensing.InstanceInfo{}, model.Fail(model.ClassConfig, "", "no instance is configured", "seatdeck config init writes a configuration to fill in")
	}
	if name == "" {
		return set, list[0], nil
	}
	var names []string
	for _, i := range list {
		if i.Name == name {
			return set, i, nil
		}
		names = append(names, i.Name)
	}
	return nil, licensing.InstanceInfo{}, usage(meant(name, names, "there is "+words.Short(names, 8)), "no instance is called %q", model.CleanN(name, 60))
}

// need says how much of an instance a verb shows.
type need struct {
	roster   bool             // the accounts, not the facts alone
	overview bool             // every part of the facts, and older ones where the instance denies all of them
	about    model.PartName   // the part that the verb is about: where that fails, so does the verb
	beside   []model.PartName // what it shows besides: without one of them the work is done in part
}

// needSeats is what a verb about accounts shows: the licence decides who takes a
// seat, and the settings who is dormant.
func needSeats() need {
	return need{roster: true, beside: []model.PartName{model.PartLicense, model.PartSettings}}
}

// failed are the parts of what is shown that the newest reading did not bring. A
// network that failed altogether was told of already, and is no failure of a verb
// that has an older reading; nor is it one to show that where it was asked for.
func (a *app) failed(v *licensing.View, n need) (out []model.PartState) {
	if v.Offline != nil {
		return nil
	}
	for _, p := range v.Facts.PartStates() {
		shown := n.overview && p.Name != model.PartRoster || p.Name == n.about || slices.Contains(n.beside, p.Name)
		if shown && p.Failed() && !(a.offline && !p.AsOf.IsZero()) {
			out = append(out, p)
		}
	}
	return out
}

// ending is the error that a verb ends with after it has shown what there is:
// that of the part it is about, or that it has shown only a part.
func (n need) ending(failed []model.PartState) error {
	var names []string
	for _, p := range failed {
		if p.Name == n.about {
			return p.Err
		}
		names = append(names, string(p.Name))
	}
	if len(names) == 0 {
		return nil
	}
	first := failed[0].Err
	return model.Fail(model.ClassPartial, "", "not everything could be read: "+words.List(names)+": "+first.Msg.String(), first.Next.String())
}

// read reads what is needed: live, or what is kept on this machine where that
// was asked for, is young enough, or is all there is. Then show works with it.
func (a *app) read(ctx context.Context, n need, show func(*licensing.Desk, *licensing.View) error) error {
	return a.withOpen(ctx, func(desk *licensing.Desk) error {
		v, err := a.refresh(ctx, desk, n)
		if err != nil {
			return err
		}
		if n.roster {
			// The roles come with the accounts. Why there are none is for the verb.
			if _, err := desk.Roster(ctx); err == nil {
				v = desk.View()
			}
		}
		a.notices(v)
		return a.ended(v, n, show(desk, v))
	})
}

// ended is the error that a verb ends with: its own, or what could not be read.
// What stands behind an error of its own is said beside it.
func (a *app) ended(v *licensing.View, n need, err error) error {
	failed := a.failed(v, n)
	if err == nil {
		return n.ending(failed)
	}
	for _, p := range failed {
		if err != error(p.Err) {
			a.say("seatdeck: %s", p.Err)
		}
	}
	return err
}

// withDesk works with a desk that knows what is kept on this machine.
func (a *app) withDesk(ctx context.Context, work func(*licensing.Desk) error) error {
	return a.withOpen(ctx, func(desk *licensing.Desk) error {
		desk.Load(ctx)
		return work(desk)
	})
}

// withOpen opens the desk for some work and closes it.
func (a *app) withOpen(ctx context.Context, work func(*licensing.Desk) error) (err error) {
	desk, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if e := desk.Close(); err == nil && e != nil {
			err = e
		}
	}()
	return work(desk)
}

// refresh returns the view a verb works with.
func (a *app) refresh(ctx context.Context, desk *licensing.Desk, n need) (*licensing.View, error) {
	v := desk.Load(ctx)
	if a.offline {
		if v.Empty || n.roster && !v.Facts.Roster.Known() {
			return v, nothingKept(v)
		}
		return v, nil
	}
	if a.maxAge > 0 && keptAge(&v.Facts, n, v.Now) <= a.maxAge {
		return v, nil
	}
	p := a.progress()
	v, err := desk.Refresh(ctx, licensing.RefreshOptions{NoRoster: !n.roster}, p.tell)
	p.clear()
	return a.accept(v, n, err)
}

// accept decides whether a reading that failed leaves enough to show. Only a
// network that did not answer is made up for by what is kept.
func (a *app) accept(v *licensing.View, n need, err error) (*licensing.View, error) {
	if err == nil {
		return v, nil
	}
	e := model.AsError("", err)
	kept := !v.Empty && (!n.roster || v.Facts.Roster.Known())
	switch {
	case e.Class == model.ClassCancelled:
		return v, e
	case n.roster && v.Facts.Roster.Known() && !v.Facts.Roster.Value.Complete && v.Offline == nil:
		return v, nil // the verb says what a partial roster is worth
	case n.overview && kept && e.Class == model.ClassDenied:
		return v, nil // the verb ends with the denial
	case e.Class != model.ClassUnreachable:
		return v, e
	case !kept:
		if why := unread(v); why != nil {
			a.say("seatdeck: %s", why) // or the reader would think that there is nothing
		}
		return v, model.Fail(model.ClassOffline, e.Op, e.Msg.String(), e.Next.String()).Because(e)
	}
	a.say("seatdeck: %s; showing what was read %s", e.Msg, words.Moment(readAt(&v.Facts, n), v.Now, a.d.Zone))
	return v, nil
}

// nothingKept says that nothing can be shown without the instance, and why:
// another process holds the cache for now, it could not be read, or nothing was
// ever kept in it.
func nothingKept(v *licensing.View) *model.Error {
	e := unread(v)
	switch {
	case e == nil && !v.Facts.ReadAt.IsZero():
		return model.Fail(model.ClassOffline, "", "facts of "+v.Info.Name+" are kept on this machine, and no accounts", "leave out --offline to read them")
	case e == nil:
		return model.Fail(model.ClassOffline, "", "nothing of "+v.Info.Name+" is kept on this machine", "leave out --offline to read it")
	case e.Class == model.ClassLocked:
		return e
	}
	return model.Fail(model.ClassOffline, e.Op, e.Msg.String(), "leave out --offline to read the instance").Because(e)
}

// unread is why the facts in the cache could not be read; nil when they could,
// or there are none.
func unread(v *licensing.View) *model.Error {
	for _, n := range v.Notices {
		if n.Task == licensing.TaskReadFacts {
			return n.Err
		}
	}
	return nil
}

func readAt(f *model.Facts, n need) time.Time {
	if n.roster {
		return f.Roster.AsOf.At
	}
	return f.ReadAt
}

// keptAge is the age of the kept reading, longer than any age without one.
func keptAge(f *model.Facts, n need, now time.Time) time.Duration {
	at := readAt(f, n)
	if at.IsZero() || n.roster && !f.Roster.Value.Complete {
		return 1<<63 - 1
	}
	return model.AsOf{At: at}.Age(now)
}

// notices says what this machine could not do. That never stops a verb.
func (a *app) notices(v *licensing.View) {
	for _, n := range v.Notices {
		a.say("seatdeck: %s", n.Err)
	}
}

// principal judges the part that a verb is about: an error where nothing is
// known of it, and nil where an older reading can be shown.
func principal[T any](p model.Part[T], what string) error {
	if p.Known() {
		return nil
	}
	if p.Err != nil {
		return p.Err
	}
	return model.Fail(model.ClassOffline, "", what+" was never read", "leave out --offline to read it")
}

// noRoster words that there are no accounts to show.
func noRoster(err error) error {
	if errors.Is(err, model.ErrNoCache) {
		return model.Fail(model.ClassOffline, model.OpUsers.What, "no accounts are kept on this machine", "leave out --offline to read them")
	}
	return err
}

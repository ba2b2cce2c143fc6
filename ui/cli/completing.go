package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"seatdeck/licensing"
	"seatdeck/model"
)

// namesOffered is how many accounts a shell is offered at once.
const namesOffered = 50

// completing reports whether a shell asks what could follow.
func (a *app) completing() bool {
	return len(a.args) > 0 && (a.args[0] == cobra.ShellCompRequestCmd || a.args[0] == cobra.ShellCompNoDescRequestCmd)
}

// complete lets a shell complete the values of flags and the names of accounts,
// throughout the tree. Nothing is sent: what is not kept here is not offered. It
// is for a shell that asks only, since every start would pay for it.
func (a *app) complete(cmd *cobra.Command) {
	a.offline, a.quiet = true, true
	if cmd.ValidArgsFunction == nil && cmd.ValidArgs == nil {
		cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return a.operands(cmd, args, typed), cobra.ShellCompDirectiveNoFileComp
		}
	}
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) { a.completeFlag(cmd, f) })
	cmd.PersistentFlags().VisitAll(func(f *pflag.Flag) { a.completeFlag(cmd, f) })
	for _, sub := range cmd.Commands() {
		a.complete(sub)
	}
}

// completeFlag registers the values of a flag, unless it is a file. One that could
// be anything is offered nothing, not the files of the folder.
func (a *app) completeFlag(cmd *cobra.Command, f *pflag.Flag) {
	if f.Value.Type() == "bool" || f.Name == "file" || f.Name == "shapes" || f.Name == "output" {
		return
	}
	_ = cmd.RegisterFlagCompletionFunc(f.Name, func(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		directive := cobra.ShellCompDirectiveNoFileComp
		if f.Name == "filter" || f.Name == "columns" || f.Name == "set" {
			directive |= cobra.ShellCompDirectiveNoSpace // more may follow
		}
		return a.values(cmd.Context(), f.Name, typed), directive
	}) // fails only for a flag that is not there, or twice
}

// closed are the flags that take one of a few words.
var closed = map[string]func() []string{
	"sort": sortKeyNames, "plan": planNames, "role": model.RoleNames, "do": changes, "driver": driverNames,
}

// values are what a flag can be, as far as that begins with what is typed.
func (a *app) values(ctx context.Context, flag, typed string) []string {
	if names, ok := closed[flag]; ok {
		return beginning(typed, names())
	}
	switch flag {
	case "theme":
		return beginning(typed, a.d.Themes)
	case "filter":
		return a.filters(ctx, typed)
	case "columns":
		start := strings.LastIndexByte(typed, ',') + 1
		return beginning(typed, after(typed[:start], model.AccountColumns()))
	case "scenario":
		scenarios, _ := a.d.Scenarios()
		return beginning(typed, namesIn(scenarios))
	case "set":
		_, knobs := a.d.Scenarios()
		names := namesIn(knobs)
		for i := range names {
			names[i] += "="
		}
		return beginning(typed, names)
	case "instance":
		return beginning(typed, a.instanceNames(ctx))
	case "view":
		return beginning(typed, a.viewNames(ctx))
	}
	return nil
}

// operands are what a verb can be about: accounts and changes to them, saved
// views, instances, verbs.
func (a *app) operands(cmd *cobra.Command, args []string, typed string) []string {
	_, takes, _ := strings.Cut(cmd.Use, " ")
	switch {
	case strings.HasPrefix(takes, "USERNAME") && len(args) == 0:
		return a.usernames(cmd.Context(), typed)
	case strings.HasPrefix(takes, "[USER=CHANGE"):
		if who, _, ok := strings.Cut(typed, "="); ok {
			return beginning(typed, after(who+"=", changes()))
		}
		names := a.usernames(cmd.Context(), typed)
		for i := range names {
			names[i] += "="
		}
		return names
	case strings.HasPrefix(takes, "SEQ") && len(args) == 0:
		return beginning(typed, []string{"latest"})
	case strings.HasPrefix(takes, "[NAME]") && len(args) == 0:
		return beginning(typed, a.instanceNames(cmd.Context()))
	case cmd.Name() == "help":
		about, _, err := cmd.Root().Find(args)
		if err != nil {
			return nil
		}
		names := verbNames(about)
		if len(args) == 0 {
			names = append(names, topicNames()...)
		}
		return beginning(typed, names)
	case strings.HasPrefix(takes, "NAME") && len(args) == 0 && cmd.Name() != "save":
		return beginning(typed, a.viewNames(cmd.Context()))
	}
	return nil
}

func (a *app) instanceNames(ctx context.Context) (names []string) {
	set, err := a.d.Instances(ctx)
	if err != nil {
		return nil
	}
	for _, i := range set.List() {
		names = append(names, i.Name)
	}
	return names
}

func (a *app) viewNames(ctx context.Context) (names []string) {
	a.withKept(ctx, func(d *licensing.Desk) {
		views, err := d.SavedViews(ctx)
		if err != nil {
			return
		}
		for _, v := range views.All() {
			names = append(names, v.Name)
		}
	})
	return names
}

// filters complete the last term of a filter.
func (a *app) filters(ctx context.Context, typed string) []string {
	start, _ := model.QueryTokenAt(typed, len(typed))
	var r *model.Roster
	if strings.Contains(typed[start:], string(model.QueryProvider)+":") { // whose values are the accounts' to know
		a.withKept(ctx, func(d *licensing.Desk) { r, _ = d.Roster(ctx) })
	}
	return after(typed[:start], model.CompleteQuery(typed, len(typed), r))
}

// usernames are those in the kept roster, in their order.
func (a *app) usernames(ctx context.Context, typed string) (names []string) {
	a.withKept(ctx, func(d *licensing.Desk) {
		r, err := d.Roster(ctx)
		if err != nil {
			return
		}
		for _, row := range model.SortIndex(r, r.All(), model.SortUsername, false) {
			if name := r.At(int(row)).Username.String(); strings.HasPrefix(name, typed) {
				if names = append(names, name); len(names) == namesOffered {
					return
				}
			}
		}
	})
	return names
}

// withKept does something with the desk of the instance that was named. The
// built-in sandbox has nothing kept.
func (a *app) withKept(ctx context.Context, do func(*licensing.Desk)) {
	set, info, err := a.choose(ctx, a.instance)
	if err != nil || info.Sandbox {
		return // a shell has no use for the reason
	}
	if d, err := set.Open(ctx, info.Name); err == nil {
		defer d.Close()
		do(d)
	}
}

func after(prefix string, words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = prefix + w
	}
	return out
}

func beginning(typed string, words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !strings.HasPrefix(w, typed) })
}

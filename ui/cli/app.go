package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"seatdeck/model"
)

// app is one run of the program without a screen: what it needs of the world,
// where it prints, and the flags every verb knows.
type app struct {
	d    Deps
	args []string
	sink *sink
	out  *bufio.Writer

	instance   string
	offline    bool
	maxAge     time.Duration
	quiet      bool
	output     string
	theme      string
	ascii      bool
	noColour   bool
	accessible bool
}

func newApp(d Deps, args []string) *app {
	if d.Zone == nil {
		d.Zone = time.UTC
	}
	if d.Lookup == nil {
		d.Lookup = func(string) (string, bool) { return "", false }
	}
	if d.Begin == nil {
		d.Begin = func() {}
	}
	s := &sink{w: d.Out}
	return &app{d: d, args: args, sink: s, out: bufio.NewWriterSize(s, 32<<10)}
}

// sink is stdout. It remembers that it failed, so that the failure is told from
// those of an instance, whatever a verb made of it.
type sink struct {
	w   io.Writer
	err error
}

// Write writes through.
func (s *sink) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	if err != nil {
		s.err = err
	}
	return n, err
}

// root builds the tree of verbs, as far as the command line needs it.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "seatdeck",
		Short: "Subscription, users and seats, registration and sync of a self-managed GitLab",
		Long: `seatdeck shows what a self-managed GitLab pays for, who its billable users are and why,
what is shared with the vendor, and whether the subscription still syncs.

Alone it opens the console; where there is no terminal it prints the status.`,
		Example:       "seatdeck\nseatdeck status -o json\nseatdeck users list --filter 'billable:yes recency:dormant'",
		Args:          a.noVerb,
		SilenceErrors: true, SilenceUsage: true,
		Annotations: prints(asTable, asPlain, asJSON),
	}
	// A flag of ours: cobra's own takes its words from a template, and linking
	// text/template keeps every exported method of the program alive.
	version := root.Flags().BoolP("version", "v", false, "version for seatdeck")
	root.RunE = func(cmd *cobra.Command, _ []string) error {
		if *version {
			_, err := fmt.Fprintln(a.out, "seatdeck", a.d.Version)
			return err
		}
		return a.start(cmd.Context())
	}
	root.SetOut(a.out)
	root.SetErr(a.d.Err)
	root.SetFlagErrorFunc(flagFault)
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { a.printHelp(cmd) })
	root.CompletionOptions.DisableDefaultCmd = true
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return a.checkFlags(cmd) }
	a.globalFlags(root)
	root.AddCommand(a.verbs()...)
	help := a.helpVerb()
	root.SetHelpCommand(help) // it joins the tree later
	if a.completing() {
		a.complete(root)
		a.complete(help)
	}
	return root
}

// noun is what a command line can begin with: a verb by itself or, with a short
// text of its own, a group of verbs.
type noun struct {
	name, short string
	verbs       []func(*app) *cobra.Command
}

// nouns is everything seatdeck can be asked for.
var nouns = []noun{
	{"status", "", []func(*app) *cobra.Command{(*app).statusVerb}},
	{"users", "", []func(*app) *cobra.Command{(*app).usersVerbs}},
	{"registration", "Registration features", []func(*app) *cobra.Command{(*app).registrationShowVerb, (*app).registrationFeaturesVerb,
		(*app).registrationPreviewVerb, (*app).registrationEnableVerb, (*app).registrationDisableVerb, (*app).registrationOptionalVerb}},
	{"sync", "Sync, and its history", []func(*app) *cobra.Command{(*app).syncHistoryVerb, (*app).syncShowVerb, (*app).syncRunVerb,
		(*app).syncDriversVerb, (*app).syncWatchVerb, (*app).syncTimerVerb}},
	{"license", "The licence and its terms", []func(*app) *cobra.Command{(*app).licenseShowVerb, (*app).licenseHistoryVerb}},
	{"instances", "Configured instances", []func(*app) *cobra.Command{(*app).instancesListVerb, (*app).instancesTestVerb}},
	{"config", "Configuration", []func(*app) *cobra.Command{(*app).configShowVerb, (*app).configInitVerb}},
	{"journal", "The record kept on this machine", []func(*app) *cobra.Command{(*app).journalVerifyVerb, (*app).journalForgetVerb}},
	{"cache", "What was fetched and kept", []func(*app) *cobra.Command{(*app).cacheShowVerb, (*app).cachePurgeVerb}},
	{"sandbox", "A made-up GitLab on this machine", []func(*app) *cobra.Command{(*app).sandboxServeVerb, (*app).sandboxDumpVerb}},
	{"completion", "", []func(*app) *cobra.Command{(*app).completionVerb}},
	{"version", "", []func(*app) *cobra.Command{(*app).versionVerb}},
}

// build makes the noun with its verbs.
func (n *noun) build(a *app) *cobra.Command {
	verbs := make([]*cobra.Command, len(n.verbs))
	for i, verb := range n.verbs {
		verbs[i] = verb(a)
	}
	if n.short == "" {
		return verbs[0]
	}
	return a.group(n.name, n.short, verbs...)
}

// verbs is the tree below the root. A command line that begins with a noun needs
// no other one: all of them, with their flags, take longer to build than most
// verbs need for their work.
func (a *app) verbs() (all []*cobra.Command) {
	for i := range nouns {
		n := &nouns[i]
		if len(a.args) > 0 && n.name == a.args[0] {
			return []*cobra.Command{n.build(a)}
		}
	}
	for i := range nouns {
		all = append(all, nouns[i].build(a))
	}
	return all
}

// globalFlags are the flags that every verb takes.
func (a *app) globalFlags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.SortFlags = false
	f.StringVarP(&a.instance, "instance", "i", "", "which configured instance; the default one otherwise")
	f.StringVarP(&a.output, "output", "o", "", "form of the output: table, plain, json, jsonl or csv, as far as the verb has it")
	_ = root.RegisterFlagCompletionFunc("output", func(cmd *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return formsOf(cmd), cobra.ShellCompDirectiveNoFileComp
	}) // fails only for a flag that is not there, or twice
	f.BoolVar(&a.offline, "offline", false, "send nothing: show what is kept on this machine")
	f.DurationVar(&a.maxAge, "max-age", 0, "be content with a kept reading that is younger, such as 15m")
	f.BoolVarP(&a.quiet, "quiet", "q", false, "say nothing but the data and failures, for cron")
	f.BoolVar(&a.ascii, "ascii", false, "draw with ASCII characters only")
	f.BoolVar(&a.noColour, "no-color", false, "no colours in the console (NO_COLOR does the same)")
	f.StringVar(&a.theme, "theme", "", "colours of the console: "+strings.Join(a.d.Themes, ", "))
	f.BoolP("help", "h", false, "explain the verb")
	f.BoolVar(&a.accessible, "accessible", false, "lines and a menu in place of the full-screen console")
}

// group is a noun whose verbs do the work.
func (a *app) group(name, short string, verbs ...*cobra.Command) *cobra.Command {
	g := &cobra.Command{
		Use: name + " VERB", Short: short,
		Example:     verbs[0].Example,
		Args:        a.noVerb,
		Annotations: prints(),
	}
	if name == "license" {
		g.Aliases = []string{"licence"}
	}
	g.RunE = func(cmd *cobra.Command, _ []string) error {
		return usage(helpFor(cmd), "%s needs a verb: %s", cmd.Name(), strings.Join(verbNames(cmd), ", "))
	}
	g.AddCommand(verbs...)
	return g
}

func verbNames(cmd *cobra.Command) []string {
	var names []string
	for _, c := range cmd.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	return names
}

// noVerb refuses arguments that no verb took, naming the verb that was meant.
func (a *app) noVerb(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	next := helpFor(cmd)
	if near := model.Nearest(args[0], verbNames(cmd)); near != "" {
		next = "did you mean " + cmd.CommandPath() + " " + near + "?"
	}
	return usage(next, "%s has no verb %q", cmd.CommandPath(), model.CleanN(args[0], 60))
}

// takes is an Args rule: between least and most arguments, named by what. Each
// verb has one: inlined, the program would have its body forty times.
//
//go:noinline
func takes(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return usage("such as "+firstLine(cmd.Example), "%s needs %s", cmd.CommandPath(), what)
		case len(args) > most:
			return usage(helpFor(cmd), "%s does not take the argument %q", cmd.CommandPath(), model.CleanN(args[most], 60))
		}
		return nil
	}
}

// flagFault words what the flag parser found.
func flagFault(cmd *cobra.Command, err error) error {
	var unknown interface{ GetSpecifiedName() string }
	if errors.As(err, &unknown) && strings.HasPrefix(err.Error(), "unknown") {
		name := unknown.GetSpecifiedName()
		next := helpFor(cmd)
		if near := model.Nearest(name, flagNames(cmd)); near != "" && len(name) > 1 {
			next = "did you mean --" + near + "?"
		}
		return usage(next, "%s has no flag %q", cmd.CommandPath(), model.CleanN(name, 60))
	}
	var wrong *pflag.InvalidValueError
	if errors.As(err, &wrong) {
		f := wrong.GetFlag()
		next := helpFor(cmd)
		switch f.Value.Type() {
		case "int":
			next = "such as --" + f.Name + " 20"
		case "duration":
			next = "such as --" + f.Name + " 15m"
		}
		return usage(next, "--%s cannot be %q", f.Name, model.CleanN(wrong.GetValue(), 60))
	}
	return usage(helpFor(cmd), "%s", err)
}

// flagNames are the long names of all flags a verb takes, once it was parsed.
func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

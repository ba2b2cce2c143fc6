package cli

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"seatdeck/model"
)

// servingDoc is "seatdeck.sandbox": the one line that says where to connect.
type servingDoc struct {
	head
	URL      string `json:"url"`
	Token    string `json:"token"`
	Scenario string `json:"scenario"`
	// HostCommand is what host_command of a profile for it would be.
	HostCommand []string `json:"host_command,omitempty"`
}

func (a *app) sandboxServeVerb() *cobra.Command {
	var o SandboxOptions
	cmd := &cobra.Command{
		Use: "serve", Short: "Run a made-up GitLab on this machine until a signal ends it",
		Long: "Run a made-up GitLab on this machine until a signal ends it. When it listens it prints one\n" +
			"line of JSON with its address, token and scenario, and with the host_command by which the\n" +
			"driver host reaches the server that it plays.",
		Example: "seatdeck sandbox serve --listen 127.0.0.1:8080\n" +
			"seatdeck sandbox serve --scenario over-limit --users 5000 --seed 7\n" +
			"seatdeck sandbox serve --set gitlab_version=18.8.0 --set portal=down",
		Args:        takes(0, 0, ""),
		Annotations: prints(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.checkSandbox(o); err != nil {
				return err
			}
			ctx := cmd.Context()
			err := a.d.Serve(ctx, o, func(url, token, scenario string) {
				doc := servingDoc{head: headOf("sandbox"), URL: url, Token: token, Scenario: scenario}
				if a.d.SandboxHost != nil {
					doc.HostCommand = a.d.SandboxHost(url, token)
				}
				_ = writeJSON(a.out, doc, false)
				_ = a.out.Flush() // whoever waits for the line waits now
			})
			if ctx.Err() != nil && (err == nil || errors.Is(err, ctx.Err())) {
				return nil // a signal is how it is meant to end
			}
			return err
		},
	}
	cmd.Flags().StringVar(&o.Listen, "listen", "127.0.0.1:0", "loopback address and port; port 0 takes a free one")
	a.sandboxFlags(cmd, &o)
	return cmd
}

// sandboxFlags are the flags that say which instance to make up.
func (a *app) sandboxFlags(cmd *cobra.Command, o *SandboxOptions) {
	f := cmd.Flags()
	f.IntVar(&o.Users, "users", 0, "how many accounts; 0 for the scenario's own number")
	f.Uint64Var(&o.Seed, "seed", 0, "decides people, names and dates")
	f.StringVar(&o.Token, "token", "", "the made-up administrator's token; never one of a real GitLab")
	f.StringVar(&o.Scenario, "scenario", "", "a named instance (listed below)")
	f.StringArrayVar(&o.Set, "set", nil, "turn a knob of the instance: KEY=VALUE, as often as needed (listed below)")
	cmd.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		a.printHelp(cmd)
		scenarios, knobs := a.d.Scenarios()
		_ = tableBlocks(a.out, []block{{}, namedBlock("Scenarios", scenarios), namedBlock("Knobs", knobs)})
	})
}

func namedBlock(title string, list [][2]string) block {
	b := block{title: title}
	for _, n := range list {
		b.rows = append(b.rows, []string{n[0], n[1]})
	}
	return b
}

// checkSandbox finds slips before anything is built.
func (a *app) checkSandbox(o SandboxOptions) error {
	if o.Users < 0 {
		return usage("such as --users 1200", "--users cannot be negative")
	}
	scenarios, knobs := a.d.Scenarios()
	if o.Scenario != "" {
		if err := oneOf("scenario", o.Scenario, namesIn(scenarios)); err != nil {
			return err
		}
	}
	for _, s := range o.Set {
		key, _, ok := strings.Cut(s, "=")
		if !ok {
			return usage("such as --set portal=down", "--set takes KEY=VALUE, not %q", model.CleanN(s, 60))
		}
		if err := oneOf("knob", key, namesIn(knobs)); err != nil {
			return err
		}
	}
	return nil
}

// namesIn are the names of a list of names with what they mean.
func namesIn(list [][2]string) []string {
	names := make([]string, len(list))
	for i, n := range list {
		names[i] = n[0]
	}
	return names
}

package cli

import (
	"context"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
)

// switching is one verb that switches registration.
type switching struct {
	a    *app
	wish model.RegistrationWish
	consenting
}

func (a *app) registrationEnableVerb() *cobra.Command {
	return a.switchVerb(model.WishEnable, "enable", "Opt in to registration features, with what they need", "seatdeck registration enable")
}

func (a *app) registrationDisableVerb() *cobra.Command {
	return a.switchVerb(model.WishDisable, "disable", "Opt out of registration features; Service Ping stays as it is", "seatdeck registration disable")
}

// switchVerb is a verb for one wish, whose words it is called with.
func (a *app) switchVerb(wish model.RegistrationWish, use, short, example string) *cobra.Command {
	s := &switching{a: a, wish: wish}
	cmd := &cobra.Command{
		Use: use, Short: short, Long: switchHelp,
		Example:     example + " --dry-run\n" + example + " --yes",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE:        func(cmd *cobra.Command, _ []string) error { return s.run(cmd.Context()) },
	}
	s.flags(cmd, model.DangerOne)
	return cmd
}

func (a *app) registrationOptionalVerb() *cobra.Command {
	s := &switching{a: a}
	cmd := &cobra.Command{
		Use: "optional on|off", Short: "Switch optional metrics, which registration features need since 16.9", Long: switchHelp,
		Example:     "seatdeck registration optional on --dry-run\nseatdeck registration optional off --yes",
		Args:        takes(1, 1, "on or off"),
		ValidArgs:   []cobra.Completion{"on", "off"},
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch s.wish = model.RegistrationWish("optional " + args[0]); s.wish {
			case model.WishOptionalOn, model.WishOptionalOff:
				return s.run(cmd.Context())
			}
			return usage("such as "+firstLine(cmd.Example), "%s takes on or off, not %q", cmd.CommandPath(), model.CleanN(args[0], 40))
		},
	}
	s.flags(cmd, model.DangerOne)
	return cmd
}

const switchHelp = `Reads the instance, shows the plan with what is shared, asks, sends one request that holds the
planned settings and nothing else, and reads back what became of it. GitLab may say yes and
change nothing where gitlab.rb pins a value: then the result is "accepted but not effective" (exit 3).
What is so already is left alone (exit 0). Plan and result are kept in the journal.`

// run plans, asks and applies. Stdout gets one document: the plan of a dry run,
// or what became of it.
func (s *switching) run(ctx context.Context) error {
	if s.a.offline {
		return usage("leave out --offline", "the plan needs a fresh reading of the instance, and --offline forbids that")
	}
	return s.a.withDesk(ctx, func(desk *licensing.Desk) error { return s.with(ctx, desk) })
}

func (s *switching) with(ctx context.Context, desk *licensing.Desk) error {
	plan, err := desk.PlanRegistration(ctx, s.wish)
	if err != nil {
		return err
	}
	s.a.notices(desk.View())
	switch {
	case s.dry:
		return s.print(desk, plan, nil)
	case plan.Empty():
		r, err := desk.Apply(ctx, plan.ChangePlan, model.Consent{}, nil)
		if err != nil {
			return err
		}
		return s.print(desk, plan, &r)
	case plan.Blocked != nil:
		return plan.Blocked
	}
	consent, err := s.a.agree(ctx, plan.ChangePlan, plan.Disclosures, s.consenting)
	if err != nil {
		return err
	}
	return s.apply(ctx, desk, plan, consent)
}

// apply applies the plan, prints what became of it, and ends with its exit code.
func (s *switching) apply(ctx context.Context, desk *licensing.Desk, plan licensing.RegistrationPlan, consent model.Consent) error {
	result, err := desk.Apply(ctx, plan.ChangePlan, consent, s.a.stages())
	if !result.Sent() && err != nil {
		return err
	}
	if _, old := desk.Refresh(context.WithoutCancel(ctx), licensing.RefreshOptions{NoRoster: true}, nil); old != nil {
		s.a.say("seatdeck: what is kept on this machine is older than the change: %s", model.AsError("", old).Msg)
	}
	if e := s.print(desk, plan, &result); e != nil {
		return e
	}
	if err != nil {
		return err
	}
	return resultError(result)
}

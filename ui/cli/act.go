package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"seatdeck/model"
	"seatdeck/ui/words"
)

// consenting are the flags of a verb that changes something: how consent comes
// where nobody can be asked, and whether to stop before it.
type consenting struct {
	yes     bool
	confirm string
	dry     bool
}

// flags adds what consents to the levels that the verb's plans can have.
func (c *consenting) flags(cmd *cobra.Command, levels ...model.Danger) {
	for _, level := range levels {
		if level == model.DangerOne {
			cmd.Flags().BoolVarP(&c.yes, "yes", "y", false, "agree to the plan beforehand")
		} else {
			cmd.Flags().StringVar(&c.confirm, "confirm", "", "agree to the plan with the phrase that it asks for")
		}
	}
	cmd.Flags().BoolVar(&c.dry, "dry-run", false, "show the plan and send nothing")
}

// planDoc is "seatdeck.plan": a plan that nobody has agreed to yet.
type planDoc struct {
	head
	Plan        model.ChangePlan   `json:"plan"`
	Hash        string             `json:"hash"`
	Phrase      string             `json:"phrase"` // what agrees to it
	Disclosures []model.Disclosure `json:"disclosures"`
}

// printPlan prints a plan as what the verb is about: a dry run.
func (a *app) printPlan(p model.ChangePlan, shown []model.Disclosure) error {
	doc := planDoc{headOf("plan"), p, p.Hash().String(), p.Phrase(), shown}
	return a.print(document{body: doc, blocks: a.planBlocks(p, shown)})
}

// planBlocks is a plan for people: what changes, what goes out, what to know.
func (a *app) planBlocks(p model.ChangePlan, shown []model.Disclosure) []block {
	out := []block{{title: p.Title, note: p.Instance.Name + ", " + p.Instance.Host, rows: [][]string{}}}
	if p.Empty() {
		out[0].tail = []string{"there is nothing to do"}
	}
	for _, s := range p.Steps {
		out[0].rows = append(out[0].rows, []string{"target", s.Target})
		for _, c := range s.Changes {
			out[0].rows = append(out[0].rows, []string{c.Field, words.Change(c.Before, c.After)})
		}
	}
	for _, list := range []struct {
		title string
		lines []string
	}{{"Gained", p.Gains}, {"Lost", p.Losses}, {"To know", p.Warnings}} {
		if len(list.lines) > 0 {
			out = append(out, block{title: list.title, tail: list.lines})
		}
	}
	return append(out, a.disclosureBlocks(shown)...)
}

// disclosureBlock lays one kind of data open. What is never shown says so.
func (a *app) disclosureBlock(d model.Disclosure) block {
	b := block{title: words.Capital(d.Title), note: words.OnOff(d.Sent).String()}
	if d.Note != "" {
		b.note += ", " + d.Note
	}
	b.note += " · " + words.Age(d.AsOf, a.d.Clock.Now(), a.d.Zone).Text
	for _, r := range d.Rows {
		b.rows = append(b.rows, []string{r.Name, words.Disclosed(r), r.Mark})
	}
	return b
}

// agree gets consent to a plan: by the flags, or from whoever sits at the
// terminal. The plan with what goes out is shown first in either case; only a quiet
// run that was agreed to beforehand does without.
func (a *app) agree(ctx context.Context, p model.ChangePlan, shown []model.Disclosure, c consenting) (model.Consent, error) {
	now, beforehand := a.d.Clock.Now(), c.yes || c.confirm != ""
	if !beforehand && (!a.d.InTTY || !a.d.ErrTTY) {
		return model.Consent{}, model.Fail(model.ClassPartial, "", "nobody is here to agree to: "+p.Title, "nothing was sent; add "+flagFor(p))
	}
	if !beforehand || !a.quiet {
		if err := tableBlocks(a.d.Err, a.planBlocks(p, shown)); err != nil {
			return model.Consent{}, err
		}
	}
	switch {
	case c.yes:
		return given(p.AgreeByFlag(now))
	case c.confirm != "":
		return given(p.Agree(c.confirm, now))
	}
	ask := "\n" + p.Instance.Name + " (" + p.Instance.Host + "): " + lowered(p.Title) + "? [y/N] "
	if p.Level != model.DangerOne {
		ask = "\n" + p.Instance.Name + " (" + p.Instance.Host + "): to agree, type " + p.Phrase() + ": "
	}
	answer, err := a.ask(ctx, ask)
	if err != nil {
		return model.Consent{}, err
	}
	if answer == "" || strings.EqualFold(answer, "n") || strings.EqualFold(answer, "no") {
		return model.Consent{}, model.Fail(model.ClassPartial, "", "nobody agreed", "nothing was sent")
	}
	return given(p.Agree(answer, a.d.Clock.Now()))
}

// given keeps a missing error from becoming one.
func given(c model.Consent, err *model.Error) (model.Consent, error) {
	if err != nil {
		return c, err
	}
	return c, nil
}

func flagFor(p model.ChangePlan) string {
	if p.Level == model.DangerOne {
		return "--yes"
	}
	return "--confirm '" + p.Phrase() + "'"
}

func lowered(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// resultDoc is "seatdeck.result": how a change ended.
type resultDoc struct {
	head
	Instance instanceJSON `json:"instance"`
	Result   model.Result `json:"result"`
	Exit     int          `json:"exit"`
}

// told is the error of an act whose result was shown. Whoever ended the waiting
// with a signal still gets its exit code: what was sent was not cancelled.
type told struct{ err *model.Error }

func (e told) Error() string { return e.err.Error() }

// Unwrap returns the error itself.
func (e told) Unwrap() error { return e.err }

func wasTold(err error) bool {
	_, ok := errors.AsType[told](err)
	return ok
}

// resultError is the error that a verb ends with after it has shown a result:
// nil when all went as planned.
func resultError(r model.Result) error {
	code := r.ExitCode()
	if code == 0 {
		return nil
	}
	if r.Err != nil && r.Err.Class.ExitCode() == code {
		return told{r.Err}
	}
	said := string(r.Outcome)
	if !r.Note.Empty() {
		said += ": " + r.Note.String()
	}
	next := ""
	if r.Err != nil {
		next = r.Err.Msg.String()
	}
	return told{model.Fail(classOf(r.Outcome), "", said, next)}
}

func classOf(o model.Outcome) model.Class {
	switch o {
	case model.OutcomeUnconfirmed, model.OutcomeUnknown:
		return model.ClassChanged
	case model.OutcomeRefused:
		return model.ClassRefused
	case model.OutcomeNotSent, model.OutcomeNoEffect:
		return model.ClassPartial
	case model.OutcomeCancelled:
		return model.ClassCancelled
	}
	return model.ClassFailed
}

// stages tells on stderr how far an act has come, a line for each news. Taking
// turns and writing the intent down are none.
func (a *app) stages() func(model.ActProgress) {
	last, stage := "", model.Stage("")
	return func(p model.ActProgress) {
		what := words.Stage(model.StageRun{Stage: p.Stage, Note: p.Note})
		line := string(p.Stage) + "  " + what
		if what == "" || p.Outcome != "" || line == last || p.Note.Empty() && p.Stage == stage {
			return
		}
		last, stage = line, p.Stage
		a.say("%s  %s", p.At.In(a.d.Zone).Format("15:04:05"), line)
	}
}

package cli

import (
	"bytes"
	"context"
	"io"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// checksDoc is "seatdeck.instance-checks".
type checksDoc struct {
	head
	Instance string        `json:"instance"`
	Host     string        `json:"host"`
	Token    string        `json:"token_source"`
	Checks   []model.Check `json:"checks"`
	Failed   int           `json:"failed"`
}

func (a *app) instancesTestVerb() *cobra.Command {
	var shapes string
	cmd := &cobra.Command{
		Use: "test [NAME]", Short: "Ask an instance everything once, and say what works and what is missing",
		Example:     "seatdeck instances test\nseatdeck instances test prod\nseatdeck instances test prod --shapes shapes.jsonl",
		Args:        takes(0, 1, "the name of an instance"),
		Annotations: prints(asTable, asPlain, asJSON, asJSONL),
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.offline {
				return usage("leave one of them out", "a test asks the instance, --offline forbids that")
			}
			name := a.instance
			if len(args) == 1 {
				name = args[0]
			}
			_, info, err := a.choose(cmd.Context(), name)
			if err != nil {
				return err
			}
			return a.testInstance(cmd.Context(), info, shapes)
		},
	}
	cmd.Flags().StringVar(&shapes, "shapes", "", "write types, keys and status codes of the answers, without any value, to this file")
	return cmd
}

func (a *app) testInstance(ctx context.Context, info licensing.InstanceInfo, shapes string) error {
	source, err := a.d.TokenSource(ctx, info.Name)
	if err != nil {
		return err
	}
	checks, err := a.probe(ctx, info.Name, shapes)
	if err != nil {
		return err
	}
	doc := checksDoc{headOf("instance-checks"), info.Name, info.Host, source, nonNil(checks), 0}
	class := model.ClassDenied // when nothing but rights is missing
	b := block{title: info.Name + " · " + info.Host, note: "token from " + source}
	for _, c := range checks {
		mark := words.OK
		switch {
		case c.OK && c.Class != "":
			mark = words.None
		case !c.OK:
			mark = words.Bad
			doc.Failed++
			if c.Class != model.ClassDenied {
				class = model.ClassFailed
			}
		}
		b.rows = append(b.rows, []string{words.Status{Tone: mark, Word: c.Name}.String(), c.Detail.String(), c.Next.String()})
	}
	s := sheet{n: len(checks), item: func(i int) any { return checks[i] }}
	if err := a.print(document{body: doc, blocks: []block{b}, sheet: &s}); err != nil {
		return err
	}
	if doc.Failed > 0 {
		return model.Fail(class, "", words.Plural(doc.Failed, "check", "checks")+" of "+words.Int(len(checks))+" failed", "what helps stands beside each of them")
	}
	return nil
}

// probe asks the instance and writes the shapes where they were asked for.
func (a *app) probe(ctx context.Context, name, shapes string) ([]model.Check, error) {
	if shapes == "" {
		return a.d.Probe(ctx, name, nil)
	}
	var b bytes.Buffer
	checks, err := a.d.Probe(ctx, name, &b)
	if err != nil {
		return nil, err
	}
	a.d.Begin()
	if err := writeFile(shapes, false, func(w io.Writer) error { _, err := w.Write(b.Bytes()); return err }); err != nil {
		return nil, err
	}
	a.say("shapes of the answers, without values, are in %s", model.CleanN(shapes, 200))
	return checks, nil
}

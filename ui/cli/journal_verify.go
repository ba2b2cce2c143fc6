package cli

import (
	"strconv"

	"github.com/spf13/cobra"

	"seatdeck/model"
	"seatdeck/ui/words"
)

// journalDoc is "seatdeck.journal".
type journalDoc struct {
	head
	Instance string              `json:"instance"`
	Journal  model.JournalReport `json:"journal"`
}

func (a *app) journalVerifyVerb() *cobra.Command {
	return &cobra.Command{
		Use: "verify", Short: "Check that the record of an instance is whole and unaltered",
		Example:     "seatdeck journal verify\nseatdeck journal verify -i prod -o json",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, info, err := a.choose(cmd.Context(), a.instance)
			if err != nil {
				return err
			}
			r, err := a.d.VerifyJournal(cmd.Context(), info.Name)
			if err != nil {
				return err
			}
			r.Problems = nonNil(r.Problems)
			if err := a.print(document{body: journalDoc{headOf("journal"), info.Name, r}, blocks: []block{journalBlock(info.Name, r)}}); err != nil {
				return err
			}
			if !r.Harmless {
				return model.Fail(model.ClassFailed, "verify the journal", "the record is "+r.Verdict, "keep a copy of "+r.Dir+" and find out who touched it")
			}
			return nil
		},
	}
}

func journalBlock(name string, r model.JournalReport) block {
	tone := words.OK
	if !r.Harmless {
		tone = words.Bad
	} else if r.Verdict != "ok" {
		tone = words.Warn
	}
	b := block{title: "Journal of " + name, note: cleanOr(r.Dir), rows: [][]string{
		{"verdict", words.Status{Tone: tone, Word: r.Verdict}.String()},
		{"records", words.Int(r.Records), strconv.FormatUint(r.First, 10) + " to " + strconv.FormatUint(r.Last, 10)},
		{"head", cleanOr(r.Head)},
	}}
	for _, p := range r.Problems {
		b.rows = append(b.rows, []string{"problem", cleanOr(p)})
	}
	if !r.Note.Empty() {
		b.tail = []string{r.Note.String()}
	}
	return b
}

package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"seatdeck/model"
	"seatdeck/ui/words"
)

// cacheDoc is "seatdeck.cache".
type cacheDoc struct {
	head
	Instance string             `json:"instance"`
	Cache    *model.CacheReport `json:"cache"` // null: nothing is kept
}

func (a *app) cacheShowVerb() *cobra.Command {
	return &cobra.Command{
		Use: "show", Short: "What is kept of an instance on this machine, where, and how old it is",
		Example:     "seatdeck cache show\nseatdeck cache show -i prod -o json",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, info, err := a.choose(cmd.Context(), a.instance)
			if err != nil {
				return err
			}
			stat, err := a.d.CacheReport(cmd.Context(), info.Name)
			doc := cacheDoc{head: headOf("cache"), Instance: info.Name}
			b := block{title: "Cache of " + info.Name}
			switch {
			case errors.Is(err, model.ErrNoCache):
				b.rows = [][]string{{"kept", "nothing"}}
			case err != nil:
				return err
			default:
				doc.Cache = &stat
				b.note, b.rows = cleanOr(stat.Dir), a.cacheRows(stat)
			}
			return a.print(document{body: doc, blocks: []block{b}})
		},
	}
}

func (a *app) cacheRows(s model.CacheReport) [][]string {
	each := words.Unknown
	if n, ok := s.PerAccount.Get(); ok {
		each = words.Plural(int(n+0.5), "byte", "bytes")
	}
	rows := [][]string{
		{"saved", words.Stamp(s.Saved.At, a.d.Zone)},
		{"accounts", words.Count(s.Accounts)},
		{"size", words.Plural(int(s.Bytes), "byte", "bytes")},
		{"per account", each},
	}
	if s.TooOld {
		rows = append(rows, []string{"too old", "kept, but not shown any more"})
	}
	if s.SetAside {
		rows = append(rows, []string{"set aside", "a damaged database lies beside it"})
	}
	return rows
}

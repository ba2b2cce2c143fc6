package cli

import (
	"bufio"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"seatdeck/model"
)

// format is a form of output.
type format string

// The forms. Plain is what table shows, separated by tabs and without headings,
// for cut and awk.
const (
	asTable format = "table"
	asPlain format = "plain"
	asJSON  format = "json"
	asJSONL format = "jsonl"
	asCSV   format = "csv"
)

const outputKey = "output"

// prints declares the forms a verb has, the usual one first. A verb that
// declares none prints in its own way only.
func prints(forms ...format) map[string]string {
	names := make([]string, len(forms))
	for i, f := range forms {
		names[i] = string(f)
	}
	return map[string]string{outputKey: strings.Join(names, " ")}
}

// formsOf are the forms a verb declares.
func formsOf(cmd *cobra.Command) []string { return strings.Fields(cmd.Annotations[outputKey]) }

// checkFlags refuses a form that the verb does not have, an age that nothing can
// have, and a theme that there is not.
func (a *app) checkFlags(cmd *cobra.Command) error {
	forms := formsOf(cmd)
	switch {
	case a.maxAge < 0:
		return usage("such as --max-age 15m", "--max-age cannot be negative")
	case a.theme != "" && !slices.Contains(a.d.Themes, a.theme):
		return unknownWord("theme", a.theme, a.d.Themes)
	case a.output == "" || slices.Contains(forms, a.output):
		return nil
	case len(forms) == 0:
		return usage("leave out --output", "%s has one form of output only", cmd.CommandPath())
	}
	next := "it prints " + strings.Join(forms, ", ")
	if near := model.Nearest(a.output, forms); near != "" {
		next = "did you mean " + near + "? " + next
	}
	return usage(next, "%s does not print %q", cmd.CommandPath(), model.CleanN(a.output, 40))
}

// form is the form to print in.
func (a *app) form() format {
	if a.output == "" {
		return asTable
	}
	return format(a.output)
}

// document is what a verb has to say: a JSON object, and the same for people.
type document struct {
	body   any     // the JSON object; it embeds head
	blocks []block // for table and plain
	sheet  *sheet  // for csv and jsonl, and for table and plain without blocks
}

// print writes the document in the form that was asked for.
func (a *app) print(doc document) error {
	switch f := a.form(); {
	case f == asJSON:
		return writeJSON(a.out, doc.body, true)
	case f == asCSV || f == asJSONL || doc.blocks == nil:
		return a.printSheet(*doc.sheet)
	case f == asPlain:
		return plainBlocks(a.human(), doc.blocks)
	}
	return tableBlocks(a.human(), doc.blocks)
}

// head opens every JSON object.
type head struct {
	Schema  string `json:"schema"`
	Version int    `json:"version"`
}

// docVersion is the version of every schema of this package. It is raised when
// a member changes its meaning or goes away, not when one is added.
const docVersion = 1

// headOf opens a document of a schema.
//
//go:noinline
func headOf(verb string) head { return head{"seatdeck." + verb, docVersion} }

// human is stdout for people: in ASCII where that was asked for, or where a
// terminal's locale has nothing else.
func (a *app) human() io.Writer {
	if a.ascii || a.d.OutTTY && !a.unicode() {
		return asciiWriter{a.out}
	}
	return a.out
}

// unicode reports whether the locale is one of UTF-8, by the order in which
// POSIX lets the variables win.
func (a *app) unicode() bool {
	for _, key := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v, ok := a.d.Lookup(key); ok && v != "" {
			v = strings.ToLower(v)
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return false
}

// asciiTwins are our own glyphs and their twins. Names of people stay as they
// are.
var asciiTwins = strings.NewReplacer("✓", "+", "✗", "x", "–", "-", "−", "-", "·", "|", "→", "->", "…", "~", "≈", "~", "≥", ">=", "—", "-", "×", "x", "§", "section ", "€", "EUR ", "£", "GBP ")

type asciiWriter struct{ w *bufio.Writer }

// Write writes p with the glyphs replaced. It is only handed whole lines.
func (w asciiWriter) Write(p []byte) (int, error) {
	if _, err := asciiTwins.WriteString(w.w, string(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

package cli

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"seatdeck/model"
	"seatdeck/ui/words"
)

// block is one titled group of lines of a text for people.
type block struct {
	title string
	note  string     // where it comes from and when
	head  []string   // headings of the columns; nil for pairs of name and value
	rows  [][]string // cells
	tail  []string   // sentences under the rows
}

func pad(s string, width int, right bool) string {
	gap := strings.Repeat(" ", max(0, width-cellsOf(s)))
	if right {
		return gap + s
	}
	return s + gap
}

// cellsOf is how many columns of a terminal a text takes. Most texts are ASCII,
// which needs no tables of all letters.
func cellsOf(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return ansi.StringWidth(s)
		}
	}
	return len(s)
}

// cellMax is how wide a column of a table may be.
const cellMax = 48

func tableBlocks(w io.Writer, blocks []block) error {
	var b strings.Builder
	for i, k := range blocks {
		if i > 0 {
			b.WriteByte('\n')
		}
		indent := ""
		if k.title != "" {
			b.WriteString(k.title)
			if k.note != "" {
				b.WriteString("  (" + k.note + ")")
			}
			b.WriteByte('\n')
			indent = "  "
		}
		alignRows(&b, indent, k)
		for _, line := range k.tail {
			b.WriteString(indent + line + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// alignRows writes rows in columns; the last column is as long as it likes.
func alignRows(b *strings.Builder, indent string, k block) {
	rows := k.rows
	if k.head != nil {
		rows = append([][]string{k.head}, rows...)
	}
	var widths []int
	for _, r := range rows {
		for i, c := range r {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if i < len(r)-1 { // the last cell pushes nothing
				widths[i] = max(widths[i], cellsOf(c))
			}
		}
	}
	for _, r := range rows {
		line := indent
		for i, c := range r {
			line += pad(c, widths[i], false) + "  "
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

func plainBlocks(w io.Writer, blocks []block) error {
	var b strings.Builder
	for _, k := range blocks {
		for _, r := range k.rows {
			if k.title != "" {
				b.WriteString(strings.ToLower(k.title) + "\t")
			}
			b.WriteString(strings.Join(r, "\t") + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// sheet is rows of typed cells. Rows are asked for one at a time, as often as
// needed, so that a million of them never stand in memory as strings. Where even
// what they are made of comes in parts, parts is in place of the other three; a
// table, which has to know all of its rows, is not made of such a sheet.
type sheet struct {
	cols  []column
	n     int
	row   func(i int) []any // one cell for each column
	item  func(i int) any   // the same as a JSON object, for jsonl; nil: its cells by their keys
	parts func(do func(part sheet) error) error
}

// object is a row as a JSON object of its cells.
func (s *sheet) object(i int) object { return object{s.cols, s.row(i)} }

// objects are all rows, for a document that holds them.
func (s *sheet) objects() []object {
	out := make([]object, s.n)
	for i := range s.n {
		out[i] = s.object(i)
	}
	return out
}

// each does something with every part of a sheet; most are their own one part.
func (s *sheet) each(do func(part sheet) error) error {
	if s.parts == nil {
		return do(*s)
	}
	return s.parts(do)
}

// column is one column of a sheet. The key is stable: it heads the CSV.
type column struct {
	key, title string
	right      bool // numbers
}

func (a *app) printSheet(s sheet) error {
	switch a.form() {
	case asCSV:
		return writeCSV(a.out, s)
	case asJSONL:
		return writeJSONL(a.out, s)
	case asPlain:
		return a.plainSheet(s)
	}
	return a.tableSheet(s)
}

func writeJSONL(w io.Writer, s sheet) error {
	return s.each(func(part sheet) error { return jsonLines(w, part) })
}

func jsonLines(w io.Writer, s sheet) error {
	var line []byte
	for i := range s.n {
		var item any
		if s.item != nil {
			item = s.item(i)
		} else {
			item = s.object(i)
		}
		row, ok := item.(object)
		var err error
		if ok {
			line, err = row.write(w, line, "", "\n")
		} else {
			err = writeJSON(w, item, false)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *app) plainSheet(s sheet) error {
	w := a.human()
	texts := make([]string, len(s.cols))
	return s.each(func(s sheet) error {
		for i := range s.n {
			for k, c := range s.row(i) {
				if texts[k] = machine(c); texts[k] == "" && !isText(c) {
					texts[k] = words.Unknown
				}
			}
			if _, err := io.WriteString(w, strings.Join(texts, "\t")+"\n"); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *app) tableSheet(s sheet) error {
	widths := make([]int, len(s.cols))
	for k, c := range s.cols {
		widths[k] = cellsOf(c.title)
	}
	for i := range s.n {
		for k, c := range s.row(i) {
			widths[k] = min(cellMax, max(widths[k], cellsOf(a.show(c))))
		}
	}
	w := a.human()
	line := func(text func(k int) string) error {
		var b strings.Builder
		for k, c := range s.cols {
			b.WriteString(pad(ansi.Truncate(text(k), widths[k], "…"), widths[k], c.right) + "  ")
		}
		_, err := io.WriteString(w, strings.TrimRight(b.String(), " ")+"\n")
		return err
	}
	if err := line(func(k int) string { return s.cols[k].title }); err != nil {
		return err
	}
	for i := range s.n {
		row := s.row(i)
		if err := line(func(k int) string { return a.show(row[k]) }); err != nil {
			return err
		}
	}
	return nil
}

// show is a cell for people.
func (a *app) show(c any) string {
	switch v := c.(type) {
	case model.Text:
		return v.String()
	case string:
		return v
	case int:
		return words.Int(v)
	case int64:
		return strconv.FormatInt(v, 10) // an id
	case model.Opt[int]:
		return words.Count(v)
	case model.Day:
		return v.String()
	case model.Opt[bool]:
		return words.YesNo(v)
	case model.Opt[string]:
		return v.Or(words.Unknown)
	case time.Time:
		return words.Stamp(v, a.d.Zone)
	case model.Opt[time.Time]:
		return words.Stamp(v.Or(time.Time{}), a.d.Zone)
	}
	return fmt.Sprint(c)
}

// machine is a cell for programs: plain numbers, ISO dates, and nothing for
// what is unknown.
func machine(c any) string {
	switch v := c.(type) {
	case string:
		return v
	case model.Text:
		return v.String()
	case int64:
		return strconv.FormatInt(v, 10)
	case int:
		return strconv.Itoa(v)
	case model.Opt[int]:
		if n, ok := v.Get(); ok {
			return strconv.Itoa(n)
		}
		return ""
	case model.Day:
		if !v.Known() {
			return ""
		}
		return v.String()
	case model.Opt[bool]:
		if !v.Known() {
			return ""
		}
		return words.YesNo(v)
	case model.Opt[string]:
		return v.Or("")
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.UTC().Format(time.RFC3339)
	case model.Opt[time.Time]:
		return machine(v.Or(time.Time{}))
	}
	return fmt.Sprint(c)
}

func isText(c any) bool {
	switch c.(type) {
	case model.Text, string:
		return true
	}
	return false
}

// writeCSV writes the sheet with its keys as the first line.
func writeCSV(w io.Writer, s sheet) error {
	out := csv.NewWriter(w)
	keys := make([]string, len(s.cols))
	for k, c := range s.cols {
		keys[k] = c.key
	}
	if err := out.Write(keys); err != nil {
		return err
	}
	err := s.each(func(s sheet) error {
		for i := range s.n {
			for k, c := range s.row(i) {
				keys[k] = machine(c)
				if isText(c) {
					keys[k] = inert(keys[k])
				}
			}
			if err := out.Write(keys); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// formulaStarts begin what a spreadsheet would calculate, in both widths.
const formulaStarts = "=+-@;\t\r\n＝＋－＠；"

// inert puts an apostrophe before a text that a spreadsheet would take for a
// formula, also behind blanks and quotes, which spreadsheets skip.
func inert(s string) string {
	rest := strings.TrimLeftFunc(s, func(r rune) bool {
		return r == '"' || r == '\'' || unicode.IsSpace(r) && !strings.ContainsRune("\t\r\n", r)
	})
	if first, size := utf8.DecodeRuneInString(rest); size > 0 && strings.ContainsRune(formulaStarts, first) {
		return "'" + s
	}
	return s
}

// Package terminal runs a program on a pseudo-terminal and keeps what a person
// in front of it would see, and every byte that was sent.
//
// Only tests may import it. It waits for what the screen shows, never for time
// to pass: a slow machine makes a test longer, not red. [Limit] ends only what
// hangs.
package terminal

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Screen is what a terminal shows: enough of one for the sequences by which
// programs of this kind draw. It is not safe for several goroutines.
type Screen struct {
	w, h        int
	cells       [][]string
	x, y        int
	top, bottom int // scroll region, inclusive
	last        string
	rest        []byte   // an unfinished sequence
	held        []string // what is shown while a frame is being drawn
	strange     []string
}

// wide marks the right half of a wide character.
const wide = "\x00"

// NewScreen is an empty screen of w columns and h rows.
func NewScreen(w, h int) *Screen {
	s := &Screen{w: max(w, 1), h: max(h, 1)}
	s.bottom = s.h - 1
	for range s.h {
		s.cells = append(s.cells, s.blank())
	}
	return s
}

func (s *Screen) blank() []string { return make([]string, s.w) }

// Rows is the text of every row, blanks at its end cut. Between the marks of
// synchronized output (mode 2026) it is the frame before.
func (s *Screen) Rows() []string {
	if s.held != nil {
		return slices.Clone(s.held)
	}
	return s.drawn()
}

func (s *Screen) drawn() []string {
	out := make([]string, s.h)
	for i, row := range s.cells {
		var b strings.Builder
		for _, c := range row {
			switch c {
			case "":
				b.WriteByte(' ')
			case wide: // the right half of the character before
			default:
				b.WriteString(c)
			}
		}
		out[i] = strings.TrimRight(b.String(), " ")
	}
	return out
}

// Strange are the control sequences that were met and not understood.
func (s *Screen) Strange() []string { return slices.Clone(s.strange) }

// Write takes in what a program sent. What ends in the middle of a sequence or
// of a character waits for the rest.
func (s *Screen) Write(b []byte) (int, error) {
	n := len(b)
	b = append(s.rest, b...)
	s.rest = nil
	whole := len(b) - halfRune(b)
	for at := 0; at < whole; {
		seq, width, n, state := ansi.DecodeSequence(b[at:whole], ansi.NormalState, nil)
		if state != ansi.NormalState { // its end comes with the next bytes
			whole = at
			break
		}
		at += n
		s.take(string(seq), width)
	}
	s.rest = bytes.Clone(b[whole:])
	return n, nil
}

// halfRune is how many bytes at the end begin a character that is not whole.
func halfRune(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if end := b[len(b)-n:]; utf8.RuneStart(end[0]) {
			if utf8.FullRune(end) {
				return 0
			}
			return n
		}
	}
	return 0
}

func (s *Screen) take(seq string, width int) {
	switch {
	case width > 0:
		s.put(seq, width)
	case strings.HasPrefix(seq, "\x1b[") && len(seq) > 2:
		s.csi(seq[2:len(seq)-1], seq[len(seq)-1])
	case seq == "\n":
		s.down()
	case seq == "\r":
		s.x = 0
	case seq == "\b":
		s.x = max(0, s.x-1)
	case seq == "\t":
		s.x = min(s.w-1, s.x/8*8+8)
	case seq == "\x1bM":
		if s.y == s.top {
			s.scroll(s.top, -1)
		} else {
			s.y = max(0, s.y-1)
		}
	}
}

func (s *Screen) put(text string, width int) {
	if s.x+width > s.w {
		s.x = 0
		s.down()
	}
	s.cells[s.y][s.x] = text
	for i := 1; i < width && s.x+i < s.w; i++ {
		s.cells[s.y][s.x+i] = wide
	}
	s.x += width
	s.last = text
}

func (s *Screen) down() {
	if s.y == s.bottom {
		s.scroll(s.top, 1)
	} else {
		s.y = min(s.h-1, s.y+1)
	}
}

// scroll moves the rows from top to the bottom of the region up by n, or down.
func (s *Screen) scroll(top, n int) {
	if top > s.bottom {
		return
	}
	for n = min(n, s.h); n > 0; n-- {
		copy(s.cells[top:s.bottom+1], s.cells[top+1:s.bottom+1])
		s.cells[s.bottom] = s.blank()
	}
	for n = max(n, -s.h); n < 0; n++ {
		copy(s.cells[top+1:s.bottom+1], s.cells[top:s.bottom])
		s.cells[top] = s.blank()
	}
}

// csi obeys a control sequence.
func (s *Screen) csi(args string, final byte) {
	if strings.HasPrefix(args, "?") && final == 'h' && strings.Contains(args, "1049") {
		strange := s.strange
		*s = *NewScreen(s.w, s.h)
		s.strange = strange
	}
	switch args + string(final) {
	case "?2026h":
		s.held = s.drawn()
	case "?2026l":
		s.held = nil
	}
	if args != "" && (args[0] < '0' || args[0] > ';') {
		return // modes, and what asks the terminal
	}
	p := strings.Split(args, ";")
	n := arg(p, 0)
	switch final {
	case 'H', 'f':
		s.y, s.x = n-1, arg(p, 1)-1
	case 'A':
		s.y -= n
	case 'B', 'e':
		s.y += n
	case 'C', 'a':
		s.x += n
	case 'D':
		s.x -= n
	case 'E':
		s.y, s.x = s.y+n, 0
	case 'F':
		s.y, s.x = s.y-n, 0
	case 'G', '`':
		s.x = n - 1
	case 'd':
		s.y = n - 1
	case 'I':
		s.x = (s.x/8 + n) * 8
	case 'Z':
		s.x = max(0, (s.x+7)/8-n) * 8
	case 'r':
		s.region(p)
	case 'b':
		for range min(n, s.w) {
			s.put(s.last, ansi.StringWidth(s.last))
		}
	case 'J', 'K', 'X', 'P', '@':
		s.erase(final, args, min(n, s.w))
	case 'S':
		s.scroll(s.top, n)
	case 'T':
		s.scroll(s.top, -n)
	case 'L':
		s.scroll(s.y, -n)
	case 'M':
		s.scroll(s.y, n)
	case 'm', 'h', 'l', 'q', 't', 'n', 'c', 'u', 's':
	default:
		s.strange = append(s.strange, args+string(final))
	}
	s.x, s.y = min(max(s.x, 0), s.w), min(max(s.y, 0), s.h-1)
}

// region sets the rows that scroll.
func (s *Screen) region(p []string) {
	s.top, s.bottom, s.x, s.y = min(arg(p, 0), s.h)-1, s.h-1, 0, 0
	if len(p) > 1 {
		s.bottom = min(arg(p, 1), s.h) - 1
	}
}

func (s *Screen) erase(final byte, args string, n int) {
	row := s.cells[s.y]
	x := min(s.x, s.w-1)
	switch final {
	case 'X':
		clear(row[x:min(s.w, x+n)])
	case 'P':
		copy(row[x:], row[min(s.w, x+n):])
		clear(row[max(x, s.w-n):])
	case '@':
		copy(row[min(s.w, x+n):], row[x:])
		clear(row[x:min(s.w, x+n)])
	case 'K', 'J':
		switch args {
		case "", "0":
			clear(row[x:])
		case "1":
			clear(row[:x+1])
		default:
			clear(row)
		}
		if final == 'J' {
			s.eraseRows(args)
		}
	}
}

func (s *Screen) eraseRows(args string) {
	for y := range s.h {
		if args == "" || args == "0" {
			if y > s.y {
				s.cells[y] = s.blank()
			}
		} else if args == "2" || args == "3" || y < s.y {
			s.cells[y] = s.blank()
		}
	}
}

func arg(p []string, i int) int {
	if i < len(p) {
		if n, err := strconv.Atoi(p[i]); err == nil && n > 0 {
			return n
		}
	}
	return 1
}

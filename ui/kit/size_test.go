package kit

import (
	"fmt"
	"image"
	"strings"
	"testing"
)

// boxes draws a layout as rows of letters and writes every run of equal rows as
// "height: letter×width …". A cell nobody owns is a dot, a cell of two owners an X.
func boxes(l Layout, w, h int) string {
	cells := make([][]byte, h)
	for y := range cells {
		cells[y] = []byte(strings.Repeat(".", w))
	}
	paint := func(r image.Rectangle, letter byte) {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				if cells[y][x] != '.' {
					letter = 'X'
				}
				cells[y][x] = letter
			}
		}
	}
	paint(l.Header, 'H')
	paint(l.Ribbon, 'R')
	for i, p := range l.Panes {
		if i > 0 && p == l.Panes[0] {
			break
		}
		paint(p, byte('1'+i))
	}
	if l.Talk != l.Footer {
		paint(l.Talk, 'T')
	}
	paint(l.Footer, 'F')
	var out []string
	for y := 0; y < h; {
		n := 1
		for y+n < h && string(cells[y+n]) == string(cells[y]) {
			n++
		}
		out = append(out, fmt.Sprintf("%d:%s", n, runs(cells[y])))
		y += n
	}
	return strings.Join(out, "\n")
}

func runs(row []byte) string {
	out := ""
	for x := 0; x < len(row); {
		n := 1
		for x+n < len(row) && row[x+n] == row[x] {
			n++
		}
		out += fmt.Sprintf(" %c×%d", row[x], n)
		x += n
	}
	return out
}

func TestArrange(t *testing.T) {
	for _, tt := range []struct {
		w, h   int
		ribbon bool
		class  Class
		want   string
	}{
		{200, 60, false, XL, "1: H×200\n29: 1×100 2×100\n28: 3×100 4×100\n1: T×200\n1: F×200"},
		{120, 40, false, L, "1: H×120\n19: 1×60 2×60\n18: 3×60 4×60\n1: T×120\n1: F×120"},
		{120, 40, true, L, "1: H×120\n1: R×120\n18: 1×60 2×60\n18: 3×60 4×60\n1: T×120\n1: F×120"},
		{121, 41, false, L, "1: H×121\n19: 1×60 2×61\n19: 3×60 4×61\n1: T×121\n1: F×121"},
		{110, 30, false, L, "1: H×110\n14: 1×55 2×55\n13: 3×55 4×55\n1: T×110\n1: F×110"},
		{109, 30, false, M, "1: H×109\n27: 1×109\n1: T×109\n1: F×109"},
		{80, 24, false, M, "1: H×80\n21: 1×80\n1: T×80\n1: F×80"},
		{80, 24, true, M, "1: H×80\n1: R×80\n20: 1×80\n1: T×80\n1: F×80"},
		{60, 15, false, M, "1: H×60\n12: 1×60\n1: T×60\n1: F×60"},
		{40, 10, false, S, "1: H×40\n8: 1×40\n1: F×40"},
		{40, 10, true, S, "1: H×40\n1: R×40\n7: 1×40\n1: F×40"},
		{39, 10, false, XS, "1: 1×39\n9: .×39"},
		{20, 5, false, XS, "1: 1×20\n4: .×20"},
		{1, 1, false, XS, "1: 1×1"},
		{0, 0, false, XS, ""},
	} {
		t.Run(fmt.Sprintf("%dx%d %v", tt.w, tt.h, tt.ribbon), func(t *testing.T) {
			l := Arrange(tt.w, tt.h, tt.ribbon)
			if l.Class != tt.class {
				t.Errorf("class %v, want %v", l.Class, tt.class)
			}
			if got := boxes(l, tt.w, tt.h); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestArrangeStaysOnTheScreen(t *testing.T) {
	for w := -2; w < 200; w += 3 {
		for h := -2; h < 60; h++ {
			l := Arrange(w, h, w%2 == 0)
			screen := image.Rect(0, 0, max(w, 0), max(h, 0))
			for _, r := range append(l.Panes[:], l.Header, l.Ribbon, l.Body, l.Talk, l.Footer) {
				if !r.In(screen) {
					t.Fatalf("%d×%d: %v lies outside", w, h, r)
				}
			}
			if w > 0 && h > 0 && strings.Contains(boxes(l, w, h), "X") {
				t.Fatalf("%d×%d: two parts share a cell\n%s", w, h, boxes(l, w, h))
			}
		}
	}
}

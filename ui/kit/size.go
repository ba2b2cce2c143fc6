package kit

import "image"

// Class is one of the five sizes the screen is designed for.
type Class int

// The classes, smallest first. XS is one line, S has no frames, M one pane with
// tabs, L four panes, XL four panes with extra blocks.
const (
	XS Class = iota
	S
	M
	L
	XL
)

// String returns the class's letters.
func (c Class) String() string { return [...]string{"XS", "S", "M", "L", "XL"}[min(max(c, XS), XL)] }

// ClassOf names the class of a terminal of w columns and h rows.
func ClassOf(w, h int) Class {
	switch {
	case w >= 180 && h >= 50:
		return XL
	case w >= 110 && h >= 30:
		return L
	case w >= 60 && h >= 15:
		return M
	case w >= 40 && h >= 10:
		return S
	}
	return XS
}

// Tight is the height below which a pane gives up its blank lines.
const Tight = 16

// Layout says where everything on the screen stands. Rectangles that are not
// shown are empty.
type Layout struct {
	Class  Class
	Header image.Rectangle
	// Ribbon is the line below the header that names made-up data.
	Ribbon image.Rectangle
	// Body is everything between header and talk row: a full screen.
	Body image.Rectangle
	// Panes are the four quarters of Body, in reading order, from class L on.
	// In the classes below every pane is the whole Body, one shown at a time.
	Panes [4]image.Rectangle
	// Talk is the row for progress, toasts and trouble. In class S it is the
	// footer's own row: what is said replaces the keys.
	Talk   image.Rectangle
	Footer image.Rectangle
}

// Arrange lays out a screen of w columns and h rows; ribbon asks for the line
// below the header. It is arithmetic only.
func Arrange(w, h int, ribbon bool) Layout {
	w, h = max(w, 0), max(h, 0)
	l := Layout{Class: ClassOf(w, h)}
	row := func(y, n int) image.Rectangle {
		if n <= 0 || w == 0 {
			return image.Rectangle{}
		}
		return image.Rect(0, y, w, y+n)
	}
	switch l.Class {
	case XS:
		l.Body = row(0, min(h, 1))
	case S:
		l.Header, l.Footer = row(0, 1), row(h-1, 1)
		l.Talk = l.Footer
		l.Body = row(1, h-2)
		if ribbon {
			l.Ribbon, l.Body = row(1, 1), row(2, h-3)
		}
	default:
		l.Header, l.Talk, l.Footer = row(0, 1), row(h-2, 1), row(h-1, 1)
		l.Body = row(1, h-3)
		if ribbon {
			l.Ribbon, l.Body = row(1, 1), row(2, h-4)
		}
	}
	l.Panes = quarters(l.Body, l.Class >= L)
	return l
}

// quarters splits b: the odd column goes right, the odd row goes up.
func quarters(b image.Rectangle, split bool) [4]image.Rectangle {
	if !split {
		return [4]image.Rectangle{b, b, b, b}
	}
	x := b.Min.X + b.Dx()/2
	y := b.Min.Y + (b.Dy()+1)/2
	return [4]image.Rectangle{
		image.Rect(b.Min.X, b.Min.Y, x, y),
		image.Rect(x, b.Min.Y, b.Max.X, y),
		image.Rect(b.Min.X, y, x, b.Max.Y),
		image.Rect(x, y, b.Max.X, b.Max.Y),
	}
}

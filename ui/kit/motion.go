package kit

// Motion is a movement in a list, a table or a text.
type Motion int

// The motions.
const (
	Stay Motion = iota
	LineUp
	LineDown
	PageUp
	PageDown
	HalfUp
	HalfDown
	Home
	End
)

// MotionOf returns the motion of a key as Bubble Tea names it, or Stay. Arrow
// keys and their vi twins are both there.
func MotionOf(key string) Motion {
	switch key {
	case "up", "k":
		return LineUp
	case "down", "j":
		return LineDown
	case "pgup", "ctrl+b":
		return PageUp
	case "pgdown", "ctrl+f":
		return PageDown
	case "ctrl+u":
		return HalfUp
	case "ctrl+d":
		return HalfDown
	case "home", "g":
		return Home
	case "end", "G":
		return End
	}
	return Stay
}

// Scroll is a window over n rows with a cursor in it. Its methods are given n
// and the height of the window each time, because both change under it.
type Scroll struct {
	Cursor int // row under the cursor
	Top    int // first row in the window
	// Half makes the window move by half its height when the cursor leaves it.
	// Beside a side panel a terminal cannot scroll a region, so few large moves
	// cost fewer bytes than many small ones.
	Half bool
}

// Move moves the cursor in a list of n rows shown h at a time, and the window
// after it. It reports whether anything changed.
func (s *Scroll) Move(m Motion, n, h int) bool {
	before := *s
	h = max(h, 1)
	s.Cursor = min(max(s.Cursor+step(m, n, h), 0), max(n-1, 0))
	switch m {
	case PageUp, PageDown, HalfUp, HalfDown:
		s.Top += step(m, n, h)
	}
	s.Top, _ = s.Window(n, h)
	return *s != before
}

// Shift moves a text without a cursor: only the window moves.
func (s *Scroll) Shift(m Motion, n, h int) bool {
	before := *s
	h = max(h, 1)
	s.Top = min(max(s.Top+step(m, n, h), 0), max(n-h, 0))
	s.Cursor = s.Top
	return *s != before
}

// step is the signed number of rows a motion asks for.
func step(m Motion, n, h int) int {
	switch m {
	case LineUp:
		return -1
	case LineDown:
		return 1
	case PageUp:
		return -h
	case PageDown:
		return h
	case HalfUp:
		return -max(h/2, 1)
	case HalfDown:
		return max(h/2, 1)
	case Home:
		return -n
	case End:
		return n
	}
	return 0
}

// Window returns the rows to show, first included, last not. The cursor is in
// it and there is no blank tail while there are rows to fill it. It changes
// nothing, so a view may ask.
func (s Scroll) Window(n, h int) (first, last int) {
	if n <= 0 || h <= 0 {
		return 0, 0
	}
	cursor := min(max(s.Cursor, 0), n-1)
	top := s.Top
	switch {
	case cursor < top && s.Half:
		top = min(top-max(h/2, 1), cursor)
	case cursor < top:
		top = cursor
	case cursor >= top+h && s.Half:
		top = max(top+max(h/2, 1), cursor-h+1)
	case cursor >= top+h:
		top = cursor - h + 1
	}
	top = max(0, min(top, n-h))
	return top, min(n, top+h)
}

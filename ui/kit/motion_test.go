package kit

import "testing"

func TestScroll(t *testing.T) {
	const n, h = 58, 10
	for _, tt := range []struct {
		name  string
		start Scroll
		keys  []string
		want  Scroll
	}{
		{"down inside the window", Scroll{}, []string{"down", "j"}, Scroll{Cursor: 2}},
		{"down at the edge scrolls one row", Scroll{Cursor: 9}, []string{"down"}, Scroll{Cursor: 10, Top: 1}},
		{"up at the edge scrolls one row", Scroll{Cursor: 5, Top: 5}, []string{"k"}, Scroll{Cursor: 4, Top: 4}},
		{"beside a panel it moves half a page", Scroll{Cursor: 9, Half: true}, []string{"down"}, Scroll{Cursor: 10, Top: 5, Half: true}},
		{"and back up likewise", Scroll{Cursor: 20, Top: 20, Half: true}, []string{"up"}, Scroll{Cursor: 19, Top: 15, Half: true}},
		{"not past the end", Scroll{Cursor: 57, Top: 48}, []string{"down", "pgdown"}, Scroll{Cursor: 57, Top: 48}},
		{"page", Scroll{}, []string{"pgdown"}, Scroll{Cursor: 10, Top: 10}},
		{"half a page", Scroll{Cursor: 3}, []string{"ctrl+d"}, Scroll{Cursor: 8, Top: 5}},
		{"page back", Scroll{Cursor: 12, Top: 10}, []string{"pgup"}, Scroll{Cursor: 2}},
		{"last and first", Scroll{Cursor: 3}, []string{"G", "g"}, Scroll{}},
		{"last", Scroll{Cursor: 3}, []string{"end"}, Scroll{Cursor: 57, Top: 48}},
		{"a key that is no motion", Scroll{Cursor: 3}, []string{"x"}, Scroll{Cursor: 3}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := tt.start
			for _, k := range tt.keys {
				before := s
				if moved := s.Move(MotionOf(k), n, h); moved != (s != before) {
					t.Errorf("Move(%q) says %v", k, moved)
				}
			}
			if s != tt.want {
				t.Errorf("%+v, want %+v", s, tt.want)
			}
		})
	}
}

func TestScrollKeepsItsPromises(t *testing.T) {
	r := random()
	s := Scroll{}
	for range 50000 {
		n, h := r.IntN(40), r.IntN(14)-1
		s.Half = r.IntN(2) == 0
		if r.IntN(10) == 0 {
			s.Cursor, s.Top = r.IntN(80)-20, r.IntN(80)-20
		}
		s.Move(Motion(r.IntN(10)), n, h)
		first, last := s.Window(n, h)
		switch {
		case n == 0 || h <= 0:
			if first != 0 || last != 0 {
				t.Fatalf("a window of %d..%d over nothing", first, last)
			}
		case s.Cursor < first || s.Cursor >= last:
			t.Fatalf("cursor %d outside %d..%d", s.Cursor, first, last)
		case last-first != min(n, h):
			t.Fatalf("%d of %d rows shown at height %d", last-first, n, h)
		}
	}
}

func TestShiftMovesTheWindowOnly(t *testing.T) {
	s := Scroll{}
	for _, tt := range []struct {
		m    Motion
		want int
	}{{LineDown, 1}, {PageDown, 11}, {End, 20}, {LineDown, 20}, {HalfUp, 15}, {Home, 0}, {LineUp, 0}} {
		s.Shift(tt.m, 30, 10)
		if s.Top != tt.want {
			t.Errorf("after %v the window begins at %d, want %d", tt.m, s.Top, tt.want)
		}
	}
}

package terminal

import (
	"slices"
	"testing"
)

// The expectations are those of ECMA-48 and, for scroll regions and repeated
// letters, of xterm's list of control sequences.
func TestScreen(t *testing.T) {
	for name, tt := range map[string]struct {
		send string
		want []string
	}{
		"text":             {"ab\r\ncd", []string{"ab", "cd", ""}},
		"wrapped":          {"abcdefgh", []string{"abcdef", "gh", ""}},
		"placed":           {"\x1b[2;3Hx\x1b[1Gy\x1b[3dz", []string{"", "y x", " z"}},
		"scrolled":         {"a\r\nb\r\nc\r\nd", []string{"b", "c", "d"}},
		"region":           {"a\r\nb\r\nc\x1b[1;2r\x1b[1;1H\x1bM", []string{"", "a", "c"}},
		"region up":        {"a\r\nb\r\nc\x1b[2;3r\x1b[S", []string{"a", "c", ""}},
		"lines in and out": {"a\r\nb\r\nc\x1b[1;1H\x1b[L\x1b[3;1H\x1b[M", []string{"", "a", ""}},
		"erased":           {"abcdef\x1b[1;3H\x1b[2X\x1b[1;6H\x1b[K", []string{"ab  e", "", ""}},
		"taken out":        {"abcdef\x1b[1;2H\x1b[2P\x1b[@", []string{"a def", "", ""}},
		"repeated":         {"x\x1b[3by", []string{"xxxxy", "", ""}},
		"wide":             {"田x\x1b[1;4Hz", []string{"田xz", "", ""}},
		"tabs":             {"\tx\x1b[Zy", []string{"y    x", "", ""}},
		"all erased":       {"ab\x1b[2Jc", []string{"  c", "", ""}},
		"other screen":     {"ab\x1b[?1049hc", []string{"c", "", ""}},
		"styles":           {"\x1b[1;31ma\x1b[m", []string{"a", "", ""}},
		"out of bounds":    {"\x1b[99;99Hx\x1b[1;99r\x1b[99Ta", []string{"a", "", ""}},
	} {
		whole, split := NewScreen(6, 3), NewScreen(6, 3)
		_, _ = whole.Write([]byte(tt.send))
		for i := range len(tt.send) { // any byte may be the last of a packet
			_, _ = split.Write([]byte{tt.send[i]})
		}
		for how, s := range map[string]*Screen{"at once": whole, "byte by byte": split} {
			if got := s.Rows(); !slices.Equal(got, tt.want) {
				t.Errorf("%s, %s: %q, want %q", name, how, got, tt.want)
			}
			if len(s.Strange()) != 0 {
				t.Errorf("%s: %q is not understood", name, s.Strange())
			}
		}
	}
	s := NewScreen(2, 2)
	_, _ = s.Write([]byte("a\x1b[?2026h\x1b[Hbc"))
	if got := s.Rows(); got[0] != "a" {
		t.Errorf("half a frame is shown: %q", got)
	}
	_, _ = s.Write([]byte("\x1b[?2026l"))
	if got := s.Rows(); got[0] != "bc" {
		t.Errorf("the whole frame is not shown: %q", got)
	}
	if _, _ = s.Write([]byte("\x1b[5v")); !slices.Equal(s.Strange(), []string{"5v"}) {
		t.Errorf("strange: %q", s.Strange())
	}
}

package theme

import "strings"

// Glyphs is one set of marks. Every mark is exactly one cell wide, so both sets
// share one layout.
type Glyphs struct {
	// ASCII says that this is the set of twins.
	ASCII bool
	_     [0]func() // nothing compares sets, and comparing so many marks would take kilobytes

	// Status, always followed by a word.
	Done, Warning, Missing, None, Unknown, Running string
	// Rows of a list.
	Cursor, Marked string
	// Days of a strip.
	Changed, Ordinary, Nothing string
	// Words and numbers.
	Cut, Dot, About, Up, Down, Left, Right, Plus, Minus, Dash string

	// Thin frame.
	TopLeft, TopRight, BottomLeft, BottomRight string
	Horizontal, Vertical                       string
	TeeDown, TeeUp, TeeRight, TeeLeft          string
	// Heavy frame of dialogs.
	HeavyTopLeft, HeavyTopRight, HeavyBottomLeft, HeavyBottomRight string
	HeavyHorizontal, HeavyVertical                                 string

	// Rule: full cell; its end on a track; left and right half; the track.
	Rule, RuleEnd, RuleLeft, RuleRight, Track string
	// Hero gauge: full cell, half cell (also the peak's tick), track, the limit.
	Hero, HeroHalf, HeroTrack, HeroLimit string
	// Crest holds the eighths of a cell, 1/8 first. Body is the shade below it,
	// Limit the dotted line.
	Crest       [8]string
	Body, Limit string
}

// Unicode returns the set for terminals that speak UTF-8.
func Unicode() Glyphs {
	return Glyphs{
		Done: "✓", Warning: "!", Missing: "✗", None: "–", Unknown: "?", Running: "▸",
		Cursor: "▌", Marked: "●",
		Changed: "◆", Ordinary: "▪", Nothing: "·",
		Cut: "…", Dot: "·", About: "≈", Up: "↑", Down: "↓", Left: "←", Right: "→",
		Plus: "+", Minus: "−", Dash: "–",
		TopLeft: "╭", TopRight: "╮", BottomLeft: "╰", BottomRight: "╯",
		Horizontal: "─", Vertical: "│",
		TeeDown: "┬", TeeUp: "┴", TeeRight: "├", TeeLeft: "┤",
		HeavyTopLeft: "┏", HeavyTopRight: "┓", HeavyBottomLeft: "┗", HeavyBottomRight: "┛",
		HeavyHorizontal: "━", HeavyVertical: "┃",
		Rule: "━", RuleEnd: "╾", RuleLeft: "╸", RuleRight: "╺", Track: "─",
		Hero: "▄", HeroHalf: "▖", HeroTrack: "▁", HeroLimit: "▌",
		Crest: [8]string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
		Body:  "░", Limit: "┄",
	}
}

// ASCII returns the twins: same fields, one ASCII character each.
func ASCII() Glyphs {
	return Glyphs{
		ASCII: true,
		Done:  "+", Warning: "!", Missing: "x", None: "-", Unknown: "?", Running: ">",
		Cursor: ">", Marked: "*",
		Changed: "*", Ordinary: "=", Nothing: ".",
		Cut: "~", Dot: ".", About: "~", Up: "^", Down: "v", Left: "<", Right: ">",
		Plus: "+", Minus: "-", Dash: "-",
		TopLeft: "+", TopRight: "+", BottomLeft: "+", BottomRight: "+",
		Horizontal: "-", Vertical: "|",
		TeeDown: "+", TeeUp: "+", TeeRight: "+", TeeLeft: "+",
		HeavyTopLeft: "+", HeavyTopRight: "+", HeavyBottomLeft: "+", HeavyBottomRight: "+",
		HeavyHorizontal: "=", HeavyVertical: "|",
		Rule: "=", RuleEnd: "-", RuleLeft: "-", RuleRight: "-", Track: "-",
		Hero: "#", HeroHalf: ":", HeroTrack: ".", HeroLimit: "|",
		Crest: [8]string{".", ".", ".", "#", "#", "#", "#", "#"},
		Body:  ":", Limit: ".",
	}
}

// twins turns the marks that stand inside ready-made words ("950 → 1,000",
// "a · b") into their ASCII twins. Letters of other scripts are left alone.
var twins = strings.NewReplacer(
	"✓", "+", "✗", "x", "–", "-", "▸", ">", "▌", ">", "●", "*", "◆", "*", "▪", "=",
	"·", ".", "…", "~", "≈", "~", "↑", "^", "↓", "v", "←", "<", "→", ">", "−", "-",
	"—", "-", "×", "x", "§", "#", "’", "'", "‘", "'", "“", "\"", "”", "\"", "\u00a0", " ",
)

// Text returns s with its marks replaced by twins when the set is ASCII, and s
// itself otherwise. Width does not change.
func (g *Glyphs) Text(s string) string {
	if !g.ASCII {
		return s
	}
	for i := range len(s) {
		if s[i] >= 0x80 {
			return twins.Replace(s)
		}
	}
	return s
}

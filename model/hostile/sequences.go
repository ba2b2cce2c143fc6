package hostile

import (
	"fmt"
	"strings"
)

// sequences: what terminals obey, introduced by ESC and by C1, ended in each
// way and not ended at all.
func sequences() []string {
	var out []string
	for _, body := range []string{
		"31m", "2J", "H", "6n", "c", ">c", "?1049h", "?25l", "?1000h", "?2004h", "8;1;1t", "21t", "20t", "1;1r", "3J", "4h", "?47h", "5i", "s", "u", "999999999;999999999H", "38;2;1;2;3m", "=c", ">q", "?u", "$p", "18t",
	} {
		out = append(out, around("\x1b["+body)...)
		out = append(out, "Ida \u009b"+body, "Ida \x9b"+body, "Ida \x1b["+strings.TrimRight(body, "mJHnchltrsu"))
	}
	strs := []string{
		"0;title", "2;title", "4;0;?", "8;;http://127.0.0.1/", "9;note", "10;?", "11;?", "50;?", "52;c;aGk=", "52;c;?", "133;A", "777;notify;a;b", "1337;File=name=eA==:AAAA", "99;;kitty",
	}
	for _, body := range strs {
		out = append(out, terminated("\x1b]", body)...)
		out = append(out, terminated("\u009d", body)...)
	}
	for _, intro := range []string{"\x1bP", "\x1b_", "\x1b^", "\x1bX", "\x1bk", "\u0090", "\u009f", "\u009e", "\u0098", "\x90", "\x9f"} {
		for _, body := range []string{"$qm", "+q544e", "q#0;2;0;0;0~", "Gf=24;AAAA", "tmux;\x1b\x1b]52;c;aGk=\x07"} {
			out = append(out, terminated(intro, body)...)
		}
	}
	for _, two := range []string{"7", "8", "c", "D", "E", "H", "M", "N", "O", "Z", "=", ">", "#8", "(0", ")0", "%G", "%@", "l", "|", "n", "o"} {
		out = append(out, "Ida \x1b"+two+" Lindqvist", "\x1b"+two)
	}
	return out
}

func terminated(intro, body string) []string {
	var out []string
	for _, end := range []string{"\x07", "\x1b\\", "\u009c", "\x9c", ""} {
		out = append(out, "Ida "+intro+body+end+" Lindqvist")
	}
	return out
}

// nested: sequences in sequences, split in the middle as two fields would.
func nested() []string {
	out := []string{
		"\x1b]0;\x1b[2J\x07", "\x1b[\x1b[\x1b[31m", "\x1bP\x1b]52;c;\x07\x1b\\", "\x1b\x1b[2J", "\x1b[3\x1b1m", "\x1b\x00[31m", "\x1b\u200b[31m", "\u009b\u200b31m",
		"\x1b]8;;http://a/\x1b\\link\x1b]8;;\x1b\\", "a\x1b", "[31mb", "]0;title\x07", "\\", "\x9b", "2J", "^[[31m", `\x1b[31m`, `\u001b[31m`, "%1b[31m", "&#27;[31m",
	}
	whole := "x\x1b]52;c;aGVsbG8=\x07y\x1b[31mz"
	for i := 1; i < len(whole); i++ {
		out = append(out, whole[:i], whole[i:])
	}
	return out
}

func marks() []string {
	var out []string
	for _, n := range []int{1, 2, 3, 4, 5, 6, 8, 10, 20, 50, 100, 250, 500} {
		for _, m := range []string{"\u0300", "\u0489", "\u20dd", "\u0e4d", "\u064b", "\u0363\u0364"} {
			out = append(out, "a"+strings.Repeat(m, n)+"b", strings.Repeat(m, n))
		}
	}
	return out
}

// broken: what is not UTF-8.
func broken() []string {
	pieces := []string{
		"\xff", "\xfe", "\xc0\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\x9b", "\xe0\x80\x80", "\xf0\x80\x80\x9b", "\xf0\x82\x82\xac", "\xed\xa0\x80", "\xed\xbf\xbf",
		"\xed\xa0\xbd\xed\xb8\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\x80", "\xbf", "\xc3\x28", "\xe2\x28\xa1", "\ufffd",
	}
	return append(each(pieces), strings.Repeat("\xff", 1000), strings.Repeat("\xc3", 257))
}

// motions: characters that move the cursor or break a line.
func motions() []string {
	return append(each([]string{"\r", "\n", "\r\n", "\t", "\b", "\v", "\f", "\x00", "\x7f", "\u0085", "\u2028", "\u2029"}),
		"root\radmin", "safe\b\b\b\bevil", "a\tb\tc", "name\n[info] forged line", "name\r\n\r\n{\"forged\":true}", strings.Repeat("\n", 500), strings.Repeat("\b", 500))
}

func widths() []string {
	return []string{
		"田中さくら", "김철수", "ＦＵＬＬＷＩＤＴＨ", "🇩🇪🇫🇷", "👍🏽", "①②③", "§±×÷", "ﷺ", "⸻", "𒐫", "꧅", "Ω≈ç√∫˜µ", "عائشة", "שלום", "مرحبا user", "ｱｲｳﾞ", "e\u0301", "각", "กำ", "क्षि", "\u1112\u1161\u11ab",
		strings.Repeat("田", 300), strings.Repeat("👍🏽", 200), strings.Repeat("ﷺ", 300), strings.Repeat("a\u0301", 300), "\u3000\u3000", "\u00a0", "\u2003", " ", "",
	}
}

// formulas: what a spreadsheet might run when a report is opened.
func formulas() []string {
	var out []string
	for _, p := range []string{"=", "+", "-", "@", ";", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%", "\"=", " =", "'=", ",="} {
		for _, f := range []string{"1+1", "cmd|' /C calc'!A0", "HYPERLINK(\"http://127.0.0.1\",\"x\")", "SUM(A1:A9)"} {
			out = append(out, p+f)
		}
	}
	return out
}

func sizes() []string {
	var out []string
	for n := 1; n <= 64<<10; n *= 4 {
		out = append(out, strings.Repeat("x", n), strings.Repeat("\x1b", n), strings.Repeat("é", n/2+1), strings.Repeat("\u202e", n/3+1))
	}
	for i := range 64 {
		out = append(out, fmt.Sprintf("user %d%c%s", i, rune(i%0x20), strings.Repeat("n", i*5)))
	}
	return append(out, "%s%n%x", "%!d(string=x)", "{{.}}", "$(id)", "`id`", "../../etc/passwd", "<script>", "a\"b'c", "\\", "NULL", "undefined", "null", "admin (you)")
}

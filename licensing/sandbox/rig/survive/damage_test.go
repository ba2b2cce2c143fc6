package survive

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// hurt is a way to damage a file or a folder.
type hurt struct {
	name string
	do   func(path string) error
}

var fileHurts = []hurt{
	{"deleted", os.Remove},
	{"emptied", func(p string) error { return os.Truncate(p, 0) }},
	{"cut in half", func(p string) error {
		info, err := os.Stat(p)
		if err != nil {
			return err
		}
		return os.Truncate(p, info.Size()/2)
	}},
	{"first byte flipped", func(p string) error { return flip(p, 0) }},
	{"middle byte flipped", func(p string) error { return flip(p, 0.5) }},
	{"last byte flipped", func(p string) error { return flip(p, 1) }},
	{"replaced by a folder", func(p string) error { return errors.Join(os.Remove(p), os.Mkdir(p, 0o700)) }},
}

var folderHurts = []hurt{
	{"deleted", os.RemoveAll},
	{"emptied", func(p string) error { return errors.Join(os.RemoveAll(p), os.Mkdir(p, 0o700)) }},
	{"replaced by a file", func(p string) error {
		return errors.Join(os.RemoveAll(p), os.WriteFile(p, []byte("not a folder"), 0o600))
	}},
}

// flip changes one byte at the given share of a file; an empty file gets one.
func flip(path string, at float64) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if len(b) == 0 {
		b = []byte{0}
	}
	b[int(at*float64(len(b)-1))] ^= 0xff
	return os.WriteFile(path, b, 0o600)
}

// victim is one file or folder of the cache and one way to damage it.
type victim struct {
	path string // from the cache folder
	hurt
}

func (v victim) String() string { return v.path + " " + v.name }

// inTheWay reports whether somebody's own thing now has the name of a lock or
// of the cache itself. The program removes nothing that others may be using: it
// works without a cache, and says what to type. Everything else must be
// repaired.
func (v victim) inTheWay() bool {
	switch v.name {
	case "replaced by a folder":
		return filepath.Ext(v.path) == ".lock"
	case "replaced by a file":
		return !strings.Contains(v.path, string(filepath.Separator))
	}
	return false
}

// victims lists every damage to everything that lies in a cache.
func victims(t *testing.T, cache string) (list []victim) {
	t.Helper()
	for _, path := range find(t, cache, "*") {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		hurts := fileHurts
		if info.IsDir() {
			hurts = folderHurts
		}
		rel, err := filepath.Rel(cache, path)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hurts {
			list = append(list, victim{rel, h})
		}
	}
	return list
}

// damageLab is a cache to be copied and damaged, and what is true of it.
type damageLab struct {
	model   *desk
	want    truth
	healthy map[string]bool // numbers on the console
	list    []victim
}

func newDamageLab(t *testing.T) *damageLab {
	t.Helper()
	d := plainDesk(t)
	d.exits(0, "status")
	d.exits(0, "users", "counts")
	l := &damageLab{model: d, want: d.kept(), list: victims(t, d.cache)}
	if l.want != truthOf(t, 0) {
		t.Fatal("what is kept is not what is true")
	}
	c := d.console("--offline")
	c.Until(headline)
	l.healthy = numbers(c.still())
	c.quit()
	return l
}

// headline is what the console shows of the first generation.
const headline = "of 2,100 seats taken"

// hurt is a desk with a damaged copy of the cache.
func (l *damageLab) hurt(t *testing.T, v victim) *desk {
	t.Helper()
	d := newDesk(t, l.model.in)
	copyTree(t, l.model.state, d.state)
	copyTree(t, l.model.cache, d.cache)
	if err := v.do(filepath.Join(d.cache, v.path)); err != nil {
		t.Fatal(err)
	}
	return d
}

// verbs checks what the verbs make of the damage, and that a refresh repairs it.
func (l *damageLab) verbs(t *testing.T, v victim) (kept bool) {
	t.Helper()
	d := l.hurt(t, v)
	got := d.kept()
	if got.facts != "" && got.facts != l.want.facts || got.rows != "" && got.rows != l.want.rows {
		t.Errorf("wrong numbers: %+v", got)
	}
	l.repaired(t, d, v)
	return got == l.want
}

// repaired refreshes and wants all to be as before, without a word after that.
func (l *damageLab) repaired(t *testing.T, d *desk, v victim) {
	t.Helper()
	r := d.exits(0, "users", "counts", "-o", "json")
	if rows(t, r.out) != l.want.rows {
		t.Errorf("the refresh shows %s", rows(t, r.out))
	}
	if v.inTheWay() {
		d.cleared(filepath.Join(d.cache, v.path), r, l.want)
		return
	}
	if len(r.said()) > 1 {
		t.Errorf("the refresh says %q", r.said())
	}
	if got := d.kept(); got != l.want {
		t.Errorf("the refresh does not repair: %+v", got)
	}
	if r := d.exits(0, "status"); len(r.said()) > 0 {
		t.Errorf("after the repair status says %q", r.said())
	}
}

// cleared wants one notice that tells what to type, and all well once that was
// typed.
func (d *desk) cleared(path string, r result, want truth) {
	d.t.Helper()
	put := "mv " + path + " " + path + ".old"
	once(d.t, r, put)
	words := strings.Fields(put)
	if err := os.Rename(words[1], words[2]); err != nil {
		d.t.Error(err)
	}
	d.exits(0, "users", "counts")
	if r := d.exits(0, "status"); len(r.said()) > 0 || d.kept() != want {
		d.t.Errorf("with nothing in the way it says %q", r.said())
	}
}

// once wants exactly one line beside the data, which names the trouble.
func once(t *testing.T, r result, about string) {
	t.Helper()
	if said := r.said(); len(said) != 1 || !strings.Contains(said[0], about) {
		t.Errorf("it says %q, want one line about %s", said, about)
	}
}

// screens checks what the console makes of the damage: first without, then with
// the instance.
func (l *damageLab) screens(t *testing.T, v victim) {
	t.Helper()
	d := l.hurt(t, v)
	c := d.console("--offline")
	c.Until("Subscription", "Sync history")
	shown := c.still()
	for n := range numbers(shown) {
		if !l.healthy[n] {
			t.Errorf("the console shows %q, which no healthy one shows:\n%s", n, strings.Join(shown, "\n"))
		}
	}
	if strings.Contains(c.talk(), "lists all") {
		t.Errorf("more than one notice: %q", c.talk())
	}
	c.quit()
	c = d.console()
	c.Until(headline, "accounts ─")
	c.still()
	c.quit()
	l.repaired(t, d, v)
}

// number is a number of two digits and more, not a time of the day.
var number = regexp.MustCompile(`\d[\d,.]*\d`)

// numbers are those in the panes: the header tells the time, and the rows below
// talk.
func numbers(rows []string) map[string]bool {
	found := map[string]bool{}
	clock := regexp.MustCompile(`\d\d:\d\d`)
	for _, row := range rows[1 : highRows-2] {
		for _, n := range number.FindAllString(clock.ReplaceAllString(row, ""), -1) {
			found[n] = true
		}
	}
	return found
}

// A few kinds of damage; the lab does them all.
func TestDamage(t *testing.T) {
	t.Parallel()
	l := newDamageLab(t)
	seen := map[string]bool{}
	for i, v := range l.list {
		if kind := filepath.Ext(v.path); seen[kind] || i%3 != 0 || v.name == "deleted" {
			continue
		} else {
			seen[kind] = true
		}
		t.Run(fmt.Sprint(v), func(t *testing.T) { l.verbs(t, v) })
		if len(seen) == 3 {
			break
		}
	}
	if i := slices.IndexFunc(l.list, func(v victim) bool { return strings.HasSuffix(v.path, ".sst") && v.name == "middle byte flipped" }); i >= 0 {
		l.screens(t, l.list[i])
	}
}

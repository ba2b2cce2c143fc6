package sandbox

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"strconv"
	"strings"
	"unicode/utf8"

	"seatdeck/assets"
)

// names are the word lists people, groups and bots are named from. A pair of
// positions in given and family is a person.
type names struct {
	given, family         []string
	givenPath, familyPath []string // as they appear in a username: ASCII, distinct
	groups, projects      []string
	bots                  []string
}

// loadNames reads the embedded lists.
func loadNames() (*names, error) {
	n := &names{}
	for _, l := range []struct {
		file string
		into *[]string
	}{
		{"given", &n.given}, {"family", &n.family}, {"groups", &n.groups}, {"projects", &n.projects}, {"bots", &n.bots},
	} {
		b, err := fs.ReadFile(assets.FS, "sandbox/"+l.file+".txt")
		if err != nil {
			return nil, err
		}
		if *l.into = strings.Split(strings.TrimSpace(string(b)), "\n"); len(*l.into) < 2 {
			return nil, fmt.Errorf("the list of %s has fewer than two lines", l.file)
		}
	}
	n.givenPath, n.familyPath = pathForms(n.given), pathForms(n.family)
	return n, nil
}

// pathForms gives each name its ASCII form, with a number behind a form that
// another name already has.
func pathForms(list []string) []string {
	used := map[string]int{}
	out := make([]string, len(list))
	for i, name := range list {
		form := asciiForm(name)
		used[form]++
		if n := used[form]; n > 1 {
			form += strconv.Itoa(n)
		}
		out[i] = form
	}
	return out
}

// letters maps the letters beyond ASCII that the lists use.
var letters = map[rune]string{
	'á': "a", 'à': "a", 'â': "a", 'ã': "a", 'ä': "a", 'å': "a", 'ą': "a", 'ă': "a", 'ầ': "a", 'ạ': "a", 'ấ': "a",
	'æ': "ae", 'ç': "c", 'ć': "c", 'č': "c", 'ď': "d", 'đ': "d", 'ð': "d", 'é': "e", 'è': "e", 'ê': "e", 'ë': "e", 'ę': "e", 'ě': "e", 'ễ': "e", 'ệ': "e",
	'ğ': "g", 'í': "i", 'ì': "i", 'î': "i", 'ï': "i", 'ı': "i", 'İ': "i", 'ł': "l", 'ñ': "n", 'ń': "n", 'ň': "n",
	'ó': "o", 'ò': "o", 'ô': "o", 'õ': "o", 'ö': "o", 'ø': "o", 'ő': "o", 'ơ': "o", 'ř': "r", 'ś': "s", 'š': "s", 'ş': "s", 'ß': "ss", 'ť': "t",
	'ú': "u", 'ù': "u", 'û': "u", 'ü': "u", 'ů': "u", 'ű': "u", 'ư': "u", 'ý': "y", 'ź': "z", 'ž': "z", 'ż': "z",
}

// asciiForm is what a username makes of a name: lower case, no accents, no
// blanks. A letter without a known form is left out.
func asciiForm(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9'):
			b.WriteRune(r)
		case letters[r] != "":
			b.WriteString(letters[r])
		}
	}
	return b.String()
}

// numbered names the n-th group or project: the list once around, then again
// with a number.
func (n *names) numbered(list []string, i int) string {
	if round := i / len(list); round > 0 {
		return list[i%len(list)] + "-" + strconv.Itoa(round+1)
	}
	return list[i]
}

// appendName appends an account's display name.
func (n *names) appendName(b []byte, a *account) []byte {
	switch a.kind {
	case human:
		if a.family == rootName {
			return append(b, "Administrator"...)
		}
		b = append(b, n.given[a.given]...)
		b = append(b, ' ')
		b = append(b, n.family[a.family]...)
		if a.again > 0 {
			b = append(b, ' ')
			b = strconv.AppendInt(b, int64(a.again)+1, 10)
		}
		return b
	case projectBot, serviceAccount:
		b = append(b, n.bots[int(a.given)%len(n.bots)]...)
		return append(b, " token"...)
	case ghost:
		return append(b, "Ghost User"...)
	case placeholder:
		return append(b, "Placeholder user"...)
	case importUser:
		return append(b, "Import User"...)
	}
	b = append(b, "GitLab "...)
	return append(b, strings.ReplaceAll(a.kind.String(), "_", " ")...)
}

// appendUsername appends an account's username; no two accounts share one.
func (n *names) appendUsername(b []byte, a *account) []byte {
	switch a.kind {
	case human:
		if a.family == rootName {
			return append(b, "root"...)
		}
		b = append(b, n.givenPath[a.given]...)
		b = append(b, '.')
		b = append(b, n.familyPath[a.family]...)
		if a.again > 0 {
			b = append(b, '_')
			b = strconv.AppendInt(b, int64(a.again)+1, 10)
		}
		return b
	case projectBot:
		b = append(b, "project_"...)
		b = strconv.AppendUint(b, uint64(a.id)*7%9000+100, 10)
		b = append(b, "_bot_"...)
	case serviceAccount:
		b = append(b, "service_account_"...)
	default:
		b = append(b, strings.ReplaceAll(a.kind.String(), "_", "-")...)
		b = append(b, '-')
	}
	return strconv.AppendUint(b, uint64(a.id)*0x9e3779b1, 36)
}

func (n *names) username(a *account) string { return string(n.appendUsername(nil, a)) }

// rootName marks the first administrator, who is named by neither list.
const rootName = ^uint16(0)

// mix turns a seed and a label into a number that looks random and never
// changes: what is derived from it needs no place in memory.
func mix(seed uint64, label string, n uint64) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d/%s/%d", seed, label, n) // a hash's Write never fails
	return scatter(h.Sum64())
}

// scatter is a cheap mixing of the bits of n, for work done once an account.
func scatter(n uint64) uint64 {
	n ^= n >> 33
	n *= 0xff51afd7ed558ccd
	n ^= n >> 33
	n *= 0xc4ceb9fe1a85ec53
	return n ^ n>>33
}

package model

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// validQueries are queries and their canonical form.
var validQueries = []struct{ in, canonical string }{
	{"", ""},
	{"   \t ", ""},
	{"anna", "anna"},
	{"  Anna   MARIA ", "anna maria"},
	{`"Anna Maria"`, `"anna maria"`},
	{`"plain"`, "plain"},
	{"-bot", "-bot"},
	{"--dash", `-"-dash"`},
	{`"-dash"`, `"-dash"`},
	{`"<3"`, `"<3"`},
	{"<3", `"<3"`},
	{`-"a b"`, `-"a b"`},
	{`"a:b"`, `"a:b"`},
	{`"a,b"`, `"a,b"`},
	{"o'neil", "o'neil"},
	{"anna@example.com", "anna@example.com"},
	{"Åsa", "åsa"},
	{"42", "42"},
	{"state:active", "state:active"},
	{"STATE:Active", "state:active"},
	{"state:blocked,banned", "state:blocked,banned"},
	{"state:blocked,blocked", "state:blocked"},
	{"state:blocked_pending_approval", "state:pending"},
	{"-state:ldap_blocked", "-state:ldap_blocked"},
	{"state:unknown", "state:unknown"},
	{"billable:yes", "billable:yes"},
	{"billable:true,unknown", "billable:yes,unknown"},
	{"recency:dormant,never", "recency:dormant,never"},
	{"idle:>90d", "idle:>90d"},
	{"idle:>=090d,never", "idle:>=90d,never"},
	{"idle:<0d", "idle:<0d"},
	{"created:2026", "created:2026"},
	{"created:2026-03", "created:2026-03"},
	{"created:2024-02-29", "created:2024-02-29"},
	{"created:>=2026-03,<2020", "created:>=2026-03,<2020"},
	{"created:<=30D", "created:<=30d"},
	{"created:unknown", "created:unknown"},
	{"signed-in:never", "signed-in:never"},
	{"signed-in:<2026-01-31", "signed-in:<2026-01-31"},
	{"signed-in:>365d", "signed-in:>365d"},
	{"kind:bots", "kind:bot"},
	{"-kind:human", "-kind:human"},
	{"role:developer,minimal_access", "role:developer,minimal"},
	{"admin:y", "admin:yes"},
	{"external:false", "external:no"},
	{"2fa:no", "2fa:no"},
	{"provider:LDAPmain,none", "provider:ldapmain,none"},
	{`provider:"two words"`, `provider:"two words"`},
	{`provider:"<odd"`, `provider:"<odd"`},
	{"domain:@Example.COM", "domain:example.com"},
	{"domain:none", "domain:none"},
	{"why:every-active", "why:every-active"},
	{"why:role-not-listed,bot", "why:role-not-listed,bot"},
	{"id:007", "id:7"},
	{"id:1,2,3", "id:1,2,3"},
	{"billable:yes -kind:bot idle:>90d anna", "billable:yes -kind:bot idle:>90d anna"},
}

func TestParseQueryValid(t *testing.T) {
	for _, c := range validQueries {
		q, err := ParseQuery(c.in)
		if err != nil {
			t.Errorf("%q: %v", c.in, err)
			continue
		}
		if got := q.String(); got != c.canonical {
			t.Errorf("%q is %q, want %q", c.in, got, c.canonical)
		}
		again, err := ParseQuery(q.String())
		if err != nil || !slices.EqualFunc(again.terms, q.terms, QueryTerm.equal) {
			t.Errorf("%q does not come back from %q: %v", c.in, q, err)
		}
	}
}

// invalidQueries are queries, the part a caret must stand under, and what is
// suggested in its place.
var invalidQueries = []struct{ in, part, suggest string }{
	{"-", "-", ""},
	{"anna - maria", "-", ""},
	{`"open`, `"open`, ""},
	{`anna "open again`, `"open again`, ""},
	{`""`, `""`, ""},
	{`a"b"`, `"`, ""},
	{`"a"b`, "b", ""},
	{`"a":b`, ":b", ""},
	{"a,b", "a,b", `"a,b"`},
	{":x", ":", ""},
	{"anna :active", ":", ""},
	{"stat:active", "stat", "state"},
	{"satte:active", "satte", "state"},
	{"bilable:yes", "bilable", "billable"},
	{"signedin:never", "signedin", "signed-in"},
	{"mfa:yes", "mfa", "2fa"},
	{"colour:red", "colour", ""},
	{"http://example.com", "http", ""},
	{"state:", "", ""},
	{"state: active", "", ""},
	{"state:,active", "", ""},
	{"state:active,", "", ""},
	{"state:actve", "actve", "active"},
	{"anna state:active,bocked", "bocked", "blocked"},
	{"state:sleeping", "sleeping", ""},
	{"state:>90d", ">", ""},
	{"billable:maybe", "maybe", ""},
	{"recency:dorment", "dorment", "dormant"},
	{"recency:active", "active", ""},
	{"idle:90d", "90d", ">=90d"},
	{"idle:>90", ">90", ">90d"},
	{"idle:2026-01", "2026-01", ""},
	{"idle:>2026-01-01", ">2026-01-01", ""},
	{"idle:>", ">", ""},
	{"idle:>d", ">d", ""},
	{"idle:>-5d", ">-5d", ""},
	{"idle:>100000d", ">100000d", ""},
	{"created:30d", "30d", "<=30d"},
	{"created:=<30d", "=<30d", "<=30d"},
	{"created:=2026", "=2026", "2026"},
	{"created:<>2026", "<>", ""},
	{"created:2026-13", "2026-13", ""},
	{"created:2025-02-29", "2025-02-29", ""},
	{"created:26-01-01", "26-01-01", ""},
	{"created:0000", "0000", ""},
	{"created:yesterday", "yesterday", ""},
	{"signed-in:nver", "nver", "never"},
	{"kind:robot", "robot", "bot"},
	{"role:developr", "developr", "developer"},
	{"role:>guest", ">", ""},
	{"admin:1", "1", ""},
	{"2fa:noo", "noo", "no"},
	{"provider:", "", ""},
	{`provider:""`, `""`, ""},
	{`provider:a"b`, `"`, ""},
	{"provider:a:b", "a:b", `"a:b"`},
	{"domain:anna@example.com", "anna@example.com", "example.com"},
	{"domain:@", "@", ""},
	{"why:every-actve", "every-actve", "every-active"},
	{"id:anna", "anna", ""},
	{"id:0", "0", ""},
	{"id:-1", "-1", ""},
	{"id:9999999999999999999", "9999999999999999999", ""},
	{"id:>5", ">", ""},
	{`state:"active"x`, "x", ""},
}

func TestParseQueryInvalid(t *testing.T) {
	for _, c := range invalidQueries {
		q, err := ParseQuery(c.in)
		var qe *QueryError
		if !errors.As(err, &qe) {
			t.Errorf("%q was read as %q, error %v", c.in, q, err)
			continue
		}
		if ExitCode(err) != 2 {
			t.Errorf("%q: exit code %d, want 2", c.in, ExitCode(err))
		}
		if got := c.in[qe.Start:qe.End]; got != c.part {
			t.Errorf("%q: the caret is under %q, want %q (%v)", c.in, got, c.part, err)
		}
		if qe.Suggest != c.suggest {
			t.Errorf("%q: suggests %q, want %q", c.in, qe.Suggest, c.suggest)
		}
		if c.suggest != "" {
			if mended := c.in[:qe.Start] + qe.Suggest + c.in[qe.End:]; !parses(mended) {
				t.Errorf("%q: the suggestion gives %q, which is not valid either", c.in, mended)
			}
		}
	}
}

func parses(s string) bool {
	_, err := ParseQuery(s)
	return err == nil
}

func TestParseQueryTooLong(t *testing.T) {
	_, err := ParseQuery(strings.Repeat("a ", maxQuery))
	if ExitCode(err) != 2 {
		t.Errorf("error %v", err)
	}
	if _, err := ParseQuery(strings.Repeat("a ", maxQuery/2)); err != nil {
		t.Errorf("as long as allowed: %v", err)
	}
}

func TestQueryErrorCaret(t *testing.T) {
	_, err := ParseQuery("žofie stat:x")
	var qe *QueryError
	if !errors.As(err, &qe) {
		t.Fatal(err)
	}
	line, carets := qe.Caret()
	if line != "žofie stat:x" || carets != "      ^^^^" {
		t.Errorf("caret:\n%s|\n%s|", line, carets)
	}
	if want := "filter: there is no key stat — did you mean state?"; err.Error() != want {
		t.Errorf("message %q, want %q", err, want)
	}
	_, err = ParseQuery("\x1b[2J:x")
	if !errors.As(err, &qe) {
		t.Fatal(err)
	}
	if line, _ := qe.Caret(); strings.ContainsRune(line+err.Error(), 0x1b) {
		t.Errorf("an escape character got through: %q %q", line, err)
	}
}

func TestQueryEdits(t *testing.T) {
	q := mustQuery(t, "anna state:active -bot")
	if got := q.Without(1).String(); got != "anna -bot" {
		t.Errorf("without the second term: %q", got)
	}
	if got := q.And(mustQuery(t, "-bot idle:>90d")).String(); got != "anna state:active -bot idle:>90d" {
		t.Errorf("with two more terms: %q", got)
	}
	if q.String() != "anna state:active -bot" || len(q.Terms()) != 3 || !q.Uses(QueryState) || q.Uses(QueryIdle) {
		t.Errorf("the query changed: %q", q)
	}
	if !(Query{}).Empty() || q.Empty() {
		t.Error("Empty is wrong")
	}
}

func mustQuery(t testing.TB, s string) Query {
	t.Helper()
	q, err := ParseQuery(s)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestQueryNarrows(t *testing.T) {
	for _, c := range []struct {
		q, old string
		want   bool
	}{
		{"anna", "", true},
		{"", "anna", false},
		{"anna", "ann", true},
		{"ann", "anna", false},
		{"joanna", "anna", true},
		{"anna maria", "maria", true},
		{"-an", "-anna", true},
		{"-anna", "-an", false},
		{"-anna", "anna", false},
		{"state:active", "state:active,blocked", true},
		{"state:active,blocked", "state:active", false},
		{"-state:active,blocked", "-state:active", true},
		{"-state:active", "-state:active,blocked", false},
		{"idle:>90d", "idle:>30d", false}, // true, but not told from the texts
		{"anna state:active kind:bot", "ann state:active", true},
	} {
		if got := mustQuery(t, c.q).Narrows(mustQuery(t, c.old)); got != c.want {
			t.Errorf("%q narrows %q: %v, want %v", c.q, c.old, got, c.want)
		}
	}
}

func TestCompleteQuery(t *testing.T) {
	for _, c := range []struct {
		in   string // | is the cursor
		want []string
	}{
		{"sta|", []string{"state:"}},
		{"anna -bil|", []string{"-billable:"}},
		{"state:b|", []string{"state:blocked", "state:banned"}},
		{"STATE:B|", []string{"state:blocked", "state:banned"}},
		{"state:blocked,b|", []string{"state:blocked,banned"}},
		{"billable:| anna", []string{"billable:yes", "billable:no", "billable:unknown"}},
		{"re| state:active", []string{"recency:"}},
		{"idle:>9|", []string{"idle:>90d"}},
		{"signed-in:n|", []string{"signed-in:never"}},
		{"role:m|", []string{"role:minimal", "role:maintainer"}},
		{"why:every|", []string{"why:every-active"}},
		{"zzz|", nil},
		{"zzz:a|", nil},
		{"id:4|", nil},
		{`"sta|`, nil},
		{`provider:"a b|`, nil},
	} {
		cursor := strings.IndexByte(c.in, '|')
		s := c.in[:cursor] + c.in[cursor+1:]
		got := CompleteQuery(s, cursor, nil)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.in, got, c.want)
		}
	}
	if got := CompleteQuery("", 0, nil); len(got) != len(queryKeys()) {
		t.Errorf("an empty line offers %d keys", len(got))
	}
	if got := CompleteQuery("x", 99, nil); got != nil {
		t.Errorf("a cursor behind the end gives %q", got)
	}
}

// Identity providers come from the accounts, but for names that need quotes.
func TestCompleteQueryKnowsProviders(t *testing.T) {
	var accounts []Account
	for i, name := range []string{"saml", "LDAPmain", "", "two words", "ldapmain", "none", "-x", "oauth2_generic"} {
		accounts = append(accounts, Account{ID: int64(i + 1), Provider: Clean(name)})
	}
	r := NewRoster(accounts, sampleAsOf(), true)
	for in, want := range map[string][]string{
		"provider:":          {"provider:none", "provider:ldapmain", "provider:oauth2_generic", "provider:saml"},
		"-provider:saml,L":   {"-provider:saml,ldapmain"},
		"provider:saml,none": {"provider:saml,none"},
		"provider:two":       nil,
	} {
		got := CompleteQuery(in, len(in), r)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
		for _, q := range got {
			if !parses(q) {
				t.Errorf("the completion %q is not valid", q)
			}
		}
	}
}

// Every completion of a value is a valid query, and so is every example.
func TestCompletionsAreValid(t *testing.T) {
	for _, k := range queryKeys() {
		if !parses(k.example) {
			t.Errorf("the example %q is not valid", k.example)
		}
		for _, c := range CompleteQuery(string(k.key)+":", len(k.key)+1, nil) {
			if !parses(c) {
				t.Errorf("the completion %q is not valid", c)
			}
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, c := range validQueries {
		f.Add(c.in)
	}
	for _, c := range invalidQueries {
		f.Add(c.in)
	}
	f.Add("-\"\u202e\" \xff\xfe İ:x")
	f.Fuzz(func(t *testing.T, s string) {
		for at := range min(len(s), 64) {
			CompleteQuery(s, at, nil)
		}
		q, err := ParseQuery(s)
		var qe *QueryError
		if errors.As(err, &qe) {
			if qe.Start < 0 || qe.Start > qe.End || qe.End > len(s) {
				t.Fatalf("%q: caret at %d to %d", s, qe.Start, qe.End)
			}
			qe.Caret()
			return
		}
		text := q.String()
		if Clean(text).String() != text && utf8.RuneCountInString(text) <= textMax {
			t.Fatalf("%q has the unclean canonical form %q", s, text)
		}
		again, err := ParseQuery(text)
		if len(text) <= maxQuery && (err != nil || !slices.EqualFunc(again.terms, q.terms, QueryTerm.equal)) {
			t.Fatalf("%q is %q, which comes back as %q: %v", s, text, again, err)
		}
	})
}

package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"seatdeck/licensing/sandbox"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

func TestInert(t *testing.T) {
	for _, s := range []string{"=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", ";x", "＝1", "＋1", "－1", "＠x", "  =1", "\"=1", "'=1", "\u00a0=1", "\u3000＝1", " \t=1"} {
		if got := inert(s); got != "'"+s {
			t.Errorf("inert(%q) = %q, want an apostrophe before it", s, got)
		}
	}
	for _, s := range []string{"", " ", "ida", "ida=1", "a-b", "1", "Ünal", "'", `"quoted"`} {
		if got := inert(s); got != s {
			t.Errorf("inert(%q) = %q, want it as it is", s, got)
		}
	}
}

func TestEscapeJSON(t *testing.T) {
	in := "a\u007f\u0085\u202e\u200b\u2028\U000e0041é漢😀z"
	var b bytes.Buffer
	if err := writeJSON(&b, map[string]string{"k": in}, false); err != nil {
		t.Fatal(err)
	}
	want := `{"k":"a\u007f\u0085\u202e\u200b\u2028\udb40\udc41é漢😀z"}` + "\n"
	if b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	var back map[string]string
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || back["k"] != in {
		t.Errorf("reads back as %q, %v", back["k"], err)
	}
}

func FuzzEscapeJSON(f *testing.F) {
	f.Add("plain")
	f.Add("\u202e\x7f\U000e0001")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip("JSON has no such text")
		}
		var b bytes.Buffer
		if err := writeJSON(&b, s, false); err != nil {
			t.Fatal(err)
		}
		for _, r := range b.String() {
			if r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e {
				t.Fatalf("%U came through in %q", r, b.String())
			}
		}
		var back string
		if err := json.Unmarshal(b.Bytes(), &back); err != nil || back != s {
			t.Fatalf("%q reads back as %q, %v", s, back, err)
		}
	})
}

// TestDocuments: what every JSON object promises.
func TestDocuments(t *testing.T) {
	b := newBench(t, rig.Options{})
	lines := []string{"users show 2 --memberships", "instances list", "instances test", "config show", "config init", "journal verify", "journal forget --before 2020-01-01", "cache show", "cache purge -y", "version"}
	for line := range everyVerb {
		lines = append(lines, line)
	}
	for _, line := range lines {
		out, _ := b.must(0, append(strings.Fields(line), "-o", "json")...)
		var doc map[string]any
		if err := json.Unmarshal([]byte(out), &doc); err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		if s, _ := doc["schema"].(string); !strings.HasPrefix(s, "seatdeck.") || doc["version"] != 1.0 {
			t.Errorf("%s: schema %v, version %v", line, doc["schema"], doc["version"])
		}
		checkTimes(t, line, "", doc)
	}
}

// checkTimes: every moment is in UTC, and no zero time stands for an unknown one.
func checkTimes(t *testing.T, line, key string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, m := range v {
			checkTimes(t, line, key+"."+k, m)
		}
	case []any:
		for _, m := range v {
			checkTimes(t, line, key, m)
		}
	case string:
		if len(v) >= 20 && v[4] == '-' && v[10] == 'T' && (!strings.HasSuffix(v, "Z") || strings.HasPrefix(v, "0001")) {
			t.Errorf("%s: %s is %q, want a time in UTC, or null", line, key, v)
		}
	}
}

func TestListForms(t *testing.T) {
	b := newBench(t, rig.Options{})
	out, _ := b.must(0, "users", "list", "-o", "csv", "--sort", "username", "--desc", "--columns", "username,billable,last_activity_on")
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(rows) != 61 || strings.Join(rows[0], " ") != "username billable last_activity_on" {
		t.Fatalf("%d rows, head %v, %v", len(rows), rows[0], err)
	}
	for i := 2; i < len(rows); i++ {
		if strings.ToLower(rows[i][0]) > strings.ToLower(rows[i-1][0]) {
			t.Errorf("%s stands behind %s", rows[i][0], rows[i-1][0])
		}
	}
	plain, _ := b.must(0, "users", "list", "-o", "plain", "--limit", "1", "--columns", "id,username,provider")
	if plain != "1\troot\t\n" {
		t.Errorf("plain is %q", plain)
	}
	found, _ := b.must(0, "users", "list", "-o", "plain", "--columns", "username", "--search", rows[1][0])
	wants(t, found, rows[1][0])
	none, _ := b.must(0, "users", "list", "-o", "json", "--search", "nobody-has-this")
	wants(t, none, `"matched": 0`, `"users": []`)
}

func TestASCII(t *testing.T) {
	b := newBench(t, rig.Options{})
	for _, line := range []string{"status", "registration show", "registration features", "sync history", "license show", "users counts"} {
		out, _ := b.must(0, append(strings.Fields(line), "--ascii")...)
		for _, r := range out {
			if r > 0x7e {
				t.Errorf("%s --ascii prints %q", line, r)
				break
			}
		}
	}
}

func TestExport(t *testing.T) {
	b := newBench(t, rig.Options{})
	dir := t.TempDir()
	for _, tt := range []struct{ name, form, starts string }{
		{"u.csv", "", "id,username,"}, {"u.json", "", "{\n"}, {"u.jsonl", "", `{"id":`}, {"u", "", "id,username,"}, {"u.txt", "json", "{\n"},
	} {
		args := []string{"users", "export", "--file", filepath.Join(dir, tt.name)}
		if tt.form != "" {
			args = append(args, "-o", tt.form)
		}
		out, errOut := b.must(0, args...)
		if out != "" {
			t.Errorf("%s: %q on stdout", tt.name, out)
		}
		wants(t, errOut, "60 accounts written")
		file, err := os.ReadFile(filepath.Join(dir, tt.name))
		if err != nil || !strings.HasPrefix(string(file), tt.starts) {
			t.Errorf("%s starts with %.20q (%v), want %q", tt.name, file, err, tt.starts)
		}
		if i, err := os.Stat(filepath.Join(dir, tt.name)); err != nil || i.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v (%v), want 0600", tt.name, i.Mode(), err)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 5 {
		t.Errorf("%d files are there, want the 5 exports and no traces (%v)", len(left), err)
	}
}

func TestExportOverwritesNothing(t *testing.T) {
	b := newBench(t, rig.Options{})
	file := filepath.Join(t.TempDir(), "u.csv")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, errOut := b.must(4, "users", "export", "--file", file)
	wants(t, errOut, "already", "--force")
	if got, _ := os.ReadFile(file); string(got) != "mine" {
		t.Errorf("the file holds %q now", got)
	}
	b.must(0, "users", "export", "--file", file, "--force", "--filter", "id:1")
	if got, _ := os.ReadFile(file); strings.Count(string(got), "\n") != 2 {
		t.Errorf("the file holds %q, want a head and one account", got)
	}
	_, errOut = b.must(1, "users", "export", "--file", filepath.Join(file, "below"))
	wants(t, errOut, "not a directory")
}

func TestPurgeAsks(t *testing.T) {
	b := newBench(t, rig.Options{})
	b.must(0, "users", "list")
	kept := func() bool { code, _, _ := b.run("users", "list", "--offline"); return code == 0 }
	_, errOut := b.must(3, "cache", "purge")
	wants(t, errOut, "nobody can be asked", "--yes")
	b.deps.InTTY = true
	for _, answer := range []string{"", "n\n", "no\n", "yess\n"} {
		b.in = answer
		_, errOut := b.must(3, "cache", "purge")
		wants(t, errOut, "Forget what was fetched from prod", "[y/N]")
	}
	if !kept() {
		t.Fatal("the cache is gone without a yes")
	}
	b.in = "Y\n"
	b.must(0, "cache", "purge")
	if kept() {
		t.Error("the cache is still there")
	}
	b.in, b.deps.InTTY = "", false
	b.must(0, "cache", "purge", "--yes")
}

func TestServePrintsOneLine(t *testing.T) {
	b := newBench(t, rig.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	b.deps.Serve = func(ctx context.Context, o SandboxOptions, ready func(url, token, scenario string)) error {
		if o.Seed != 7 || o.Users != 50 || len(o.Set) != 2 || o.Listen != "127.0.0.1:0" {
			t.Errorf("options are %+v", o)
		}
		ready("http://127.0.0.1:1", "made-up", "ultimate")
		wants(t, b.out.String(), `"url":"http://127.0.0.1:1"`) // flushed before it goes on
		cancel()
		<-ctx.Done()
		return ctx.Err()
	}
	code, out, _ := b.runIn(ctx, "sandbox", "serve", "--users", "50", "--seed", "7", "--set", "portal=down", "--set", "portal=ok")
	if code != 0 || out != `{"schema":"seatdeck.sandbox","version":1,"url":"http://127.0.0.1:1","token":"made-up","scenario":"ultimate"}`+"\n" {
		t.Errorf("exit %d, %q", code, out)
	}
	help, _ := b.must(0, "sandbox", "serve", "--help")
	wants(t, help, "Scenarios", "premium", "Knobs", "portal")
}

func TestInstanceChecks(t *testing.T) {
	b := newBench(t, rig.Options{})
	shapes := filepath.Join(t.TempDir(), "shapes")
	out, _ := b.must(0, "instances", "test", "prod", "--shapes", shapes)
	wants(t, out, "token from file prod.token", "✓ reach", "answers")
	if got, err := os.ReadFile(shapes); err != nil || string(got) != "{\"path\":\"version\"}\n" {
		t.Errorf("shapes are %q, %v", got, err)
	}
	b.must(4, "instances", "test", "--shapes", shapes)
	b.deps.TokenSource = func(context.Context, string) (string, error) {
		return "", model.Fail(model.ClassConfig, "find the token", "the file prod.token is open to others", "chmod 600 prod.token")
	}
	_, errOut := b.must(78, "instances", "test")
	wants(t, errOut, "chmod 600")
}

func TestJournalThatWasAltered(t *testing.T) {
	b := newBench(t, rig.Options{})
	b.deps.VerifyJournal = func(context.Context, string) (model.JournalReport, error) {
		return model.JournalReport{Dir: "journal", Verdict: "altered", Records: 2, Problems: []string{"line 2 \x1b[31mdiffers"}}, nil
	}
	out, errOut := b.must(1, "journal", "verify")
	wants(t, out, "✗ altered", "line 2 ¿[31mdiffers")
	wants(t, errOut, "the record is altered")
}

func TestMemberships(t *testing.T) {
	b := newBench(t, rig.Options{Scenario: sandbox.DefaultScenario})
	out, _ := b.must(0, "users", "show", "2", "--memberships", "-o", "json")
	var doc struct{ Memberships []map[string]any }
	if err := json.Unmarshal([]byte(out), &doc); err != nil || len(doc.Memberships) == 0 {
		t.Fatalf("%v: %d memberships", err, len(doc.Memberships))
	}
	_, errOut := b.must(2, "users", "show", "nobody\x1b[31m")
	wants(t, errOut, `no account is called "nobody¿[31m"`)
}

// TestColumnsLineUp: wide and combining characters take the cells they take.
func TestColumnsLineUp(t *testing.T) {
	var b bytes.Buffer
	err := tableBlocks(&b, []block{{rows: [][]string{{"漢字", "1"}, {"e\u0301", "2"}, {"long name", "3"}, {"", "4"}}}})
	want := "漢字       1\ne\u0301          2\nlong name  3\n           4\n"
	if err != nil || b.String() != want {
		t.Errorf("%v\n%q, want\n%q", err, b.String(), want)
	}
}

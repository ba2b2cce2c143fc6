package cli

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// walk visits every verb and noun below cmd.
func walk(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	for _, c := range cmd.Commands() {
		walk(c, visit)
	}
}

func treeOf(t *testing.T) *cobra.Command {
	t.Helper()
	return newApp(newBench(t, rig.Options{}).deps, nil).root()
}

func TestEveryVerbIsDocumented(t *testing.T) {
	n := 0
	walk(treeOf(t), func(cmd *cobra.Command) {
		n++
		if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s: Short is %q, want a phrase without a full stop", cmd.CommandPath(), cmd.Short)
		}
		if cmd.Example == "" {
			t.Errorf("%s has no example", cmd.CommandPath())
		}
		if _, ok := cmd.Annotations[outputKey]; !ok {
			t.Errorf("%s does not declare its forms of output", cmd.CommandPath())
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" {
				t.Errorf("%s: --%s is not explained", cmd.CommandPath(), f.Name)
			}
		})
	})
	if n < 30 {
		t.Errorf("only %d verbs and nouns were found", n)
	}
}

// TestExamplesParse lets every example find its verb and parse its flags.
func TestExamplesParse(t *testing.T) {
	walk(treeOf(t), func(cmd *cobra.Command) {
		for _, line := range strings.Split(cmd.Example, "\n") {
			_, line, _ = strings.Cut(line, "seatdeck")
			line, _, _ = strings.Cut(line, ")")
			line, _, _ = strings.Cut(strings.NewReplacer(" > ", "|", " | ", "|").Replace(line), "|")
			args := shellWords(line)
			found, rest, err := treeOf(t).Find(args)
			if err == nil {
				err = found.ParseFlags(rest)
			}
			if err == nil && found.Args != nil {
				err = found.Args(found, found.Flags().Args())
			}
			if err != nil {
				t.Errorf("%s: example %q: %v", cmd.CommandPath(), line, err)
			}
		}
	})
}

// shellWords splits at blanks outside of single quotes.
func shellWords(line string) []string {
	var out []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			out = append(out, part)
		} else {
			out = append(out, strings.Fields(part)...)
		}
	}
	return out
}

// TestVerbs holds the tree against the list of verbs there are. One that changes
// something needs the write engine and must not appear before it.
func TestVerbs(t *testing.T) {
	want := []string{
		"cache purge", "cache show", "completion", "config init", "config show", "help", "instances list", "instances test",
		"journal forget", "journal verify", "license history", "license show", "registration disable", "registration enable", "registration features", "registration optional", "registration preview", "registration show", "sandbox dump", "sandbox serve",
		"status", "sync drivers", "sync history", "sync run", "sync show", "sync timer print", "sync watch",
		"users breakdown", "users counts", "users export", "users list", "users promotions", "users recount", "users roles", "users show", "users views delete", "users views list", "users views rename", "users views save", "users what-if", "users why", "users will-fit", "version",
	}
	root := treeOf(t)
	root.InitDefaultHelpCmd()
	var got []string
	walk(root, func(cmd *cobra.Command) {
		if !cmd.HasSubCommands() {
			got = append(got, strings.TrimPrefix(cmd.CommandPath(), "seatdeck "))
		}
	})
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("verbs are\n%s\nwant\n%s", strings.Join(got, ", "), strings.Join(want, ", "))
	}
}

// TestOneNounIsBuiltAsInTheWholeTree asks for every noun by itself: nothing of it
// may be missing or differ from the tree that help and completion show.
func TestOneNounIsBuiltAsInTheWholeTree(t *testing.T) {
	described := func(noun *cobra.Command) (out []string) {
		walk(noun, func(cmd *cobra.Command) {
			out = append(out, cmd.CommandPath()+": "+cmd.Short+" "+strings.Join(cmd.Aliases, " ")+"\n"+cmd.Flags().FlagUsages()+cmd.PersistentFlags().FlagUsages())
		})
		return out
	}
	deps := newBench(t, rig.Options{}).deps
	whole := newApp(deps, nil).root().Commands()
	if len(whole) != len(nouns) {
		t.Fatalf("the whole tree has %d nouns, want %d", len(whole), len(nouns))
	}
	for _, want := range whole {
		got := newApp(deps, []string{want.Name(), "--help"}).root().Commands()
		if len(got) != 1 {
			t.Errorf("%s: %d nouns were built for it, want 1", want.Name(), len(got))
			continue
		}
		if a, b := described(got[0]), described(want); !slices.Equal(a, b) {
			t.Errorf("%s is built as\n%s\nand in the whole tree as\n%s", want.Name(), strings.Join(a, "\n"), strings.Join(b, "\n"))
		}
	}
	for _, line := range [][]string{{"licence", "show"}, {"help", "users"}, {"-q", "status"}, {"stats"}, {cobra.ShellCompRequestCmd, "users", ""}, {}} {
		if got := newApp(deps, line).root().Commands(); len(got) < len(nouns) {
			t.Errorf("%q: %d nouns were built, want all %d", line, len(got), len(nouns))
		}
	}
}

func TestExitCodesAreTheDocumentedOnes(t *testing.T) {
	want, err := os.ReadFile("../../assets/help/exit-codes.txt")
	if err != nil {
		t.Fatal(err)
	}
	out, _ := newBench(t, rig.Options{}).must(0, "help", "exit-codes")
	if out != string(want) {
		t.Errorf("help exit-codes prints\n%s\nwant\n%s", out, want)
	}
}

// TestHelpShowsExamplesFirst asks every verb for help in both ways.
func TestHelpShowsExamplesFirst(t *testing.T) {
	b := newBench(t, rig.Options{})
	walk(treeOf(t), func(cmd *cobra.Command) {
		path := strings.Fields(cmd.CommandPath())[1:]
		if len(path) > 0 && path[0] == "help" {
			return
		}
		flag, _ := b.must(0, append(slices.Clone(path), "--help")...)
		verb, _ := b.must(0, append([]string{"help"}, path...)...)
		if flag != verb {
			t.Errorf("%s: --help and help differ:\n%s\n%s", cmd.CommandPath(), flag, verb)
		}
		if ex, us := strings.Index(flag, "\nExamples\n"), strings.Index(flag, "\nUsage\n"); ex < 0 || us < ex {
			t.Errorf("%s: examples do not come first:\n%s", cmd.CommandPath(), flag)
		}
	})
}

func TestCompletionScripts(t *testing.T) {
	b := newBench(t, rig.Options{})
	for shell, piece := range map[string]string{"bash": "__seatdeck_", "zsh": "#compdef seatdeck", "fish": "complete -c seatdeck"} {
		out, _ := b.must(0, "completion", shell)
		wants(t, out, piece)
	}
	_, errOut := b.must(2, "completion", "bosh")
	wants(t, errOut, "did you mean bash?")
}

// TestCompletion: values of flags, filters and accounts come from what is kept;
// the instance is not asked.
func TestCompletion(t *testing.T) {
	b := newBench(t, rig.Options{Token: "glpat-sandbox-admin"})
	b.must(0, "users", "counts")
	asked := len(b.Sandbox.Requests())
	for line, want := range map[string]string{
		"users list --filter bill":                     "billable:",
		"users list --filter state:active,bl":          "state:active,blocked",
		"users list --filter billable:yes recency:dor": "billable:yes recency:dormant",
		"users list --filter anna -provider:sa":        "anna -provider:saml",
		"users list --sort use":                        "username",
		"users list --columns id,use":                  "id,username",
		"users what-if --plan u":                       "ultimate",
		"users what-if --do b":                         "block",
		"users what-if root=gu":                        "root=guest",
		"users will-fit 3 --role dev":                  "developer",
		"users why roo":                                "root",
		"sync run --driver ho":                         "host",
		"sandbox serve --scenario ulti":                "ultimate",
		"sandbox serve --set por":                      "portal=",
		"status --theme high":                          "high-contrast",
		"instances test p":                             "prod",
		"sync show l":                                  "latest",
		"help ex":                                      "exit-codes",
		"help users wh":                                "why",
		"status --instance p":                          "prod",
	} {
		args := strings.Fields(line)
		if k := slices.Index(args, "--filter"); k > 0 {
			args = append(args[:k+1], strings.Join(args[k+1:], " "))
		}
		out, _ := b.must(0, append([]string{"__completeNoDesc"}, args...)...)
		if offered := strings.Split(out, "\n"); !slices.Contains(offered, want) {
			t.Errorf("%s: %q", line, offered)
		}
	}
	if out, _ := b.must(0, "__completeNoDesc", "users", "export", "--file", ""); !strings.Contains(out, ":0\n") {
		t.Errorf("a file is not completed as one: %q", out)
	}
	if n := len(b.Sandbox.Requests()); n != asked {
		t.Errorf("%d requests for completions", n-asked)
	}
}

// TestEveryFlagCompletes: a flag whose values are known offers them. Those of the
// others are anybody's, and no file is offered for what is none.
func TestEveryFlagCompletes(t *testing.T) {
	b := newBench(t, rig.Options{Token: "glpat-sandbox-admin"})
	b.must(0, "users", "counts")
	b.must(0, "users", "views", "save", "quiet", "--filter", "recency:dormant")
	files, open := []string{"file", "shapes"}, []string{"search", "confirm", "listen", "token", "before"}
	seen := 0
	walk(treeOf(t), func(cmd *cobra.Command) {
		path := strings.Fields(cmd.CommandPath())[1:]
		each := func(f *pflag.Flag) {
			if f.Value.Type() == "bool" || f.Hidden {
				return
			}
			out, _ := b.must(0, append(append([]string{"__completeNoDesc"}, path...), "--"+f.Name, "")...)
			offers, directive, _ := strings.Cut("\n"+out, "\n:")
			closed := strings.HasPrefix(f.Value.Type(), "string") && !slices.Contains(open, f.Name) && !slices.Contains(files, f.Name)
			if closed && offers == "" && (f.Name != "output" || len(formsOf(cmd)) > 0) {
				t.Errorf("%s --%s offers nothing", cmd.CommandPath(), f.Name)
			}
			if strings.HasPrefix(directive, "0\n") != slices.Contains(files, f.Name) {
				t.Errorf("%s --%s: directive %s", cmd.CommandPath(), f.Name, directive)
			}
			seen++
		}
		cmd.LocalNonPersistentFlags().VisitAll(each)
		if cmd.Name() == "status" {
			cmd.InheritedFlags().VisitAll(each)
		}
	})
	if seen < 20 {
		t.Errorf("only %d flags", seen)
	}
}

func TestThemes(t *testing.T) {
	_, errOut := newBench(t, rig.Options{}).must(2, "status", "--theme", "hihg-contrast")
	wants(t, errOut, "did you mean high-contrast?")
}

func TestVersion(t *testing.T) {
	b := newBench(t, rig.Options{})
	for _, args := range [][]string{{"version"}, {"--version"}, {"version", "-o", "json"}} {
		out, _ := b.must(0, args...)
		wants(t, out, "1.2.3")
	}
}

// TestFilterHelp: the examples are filters, and every key is explained.
func TestFilterHelp(t *testing.T) {
	out, _ := newBench(t, rig.Options{}).must(0, "help", "filter")
	_, rest, _ := strings.Cut(out, "Examples\n")
	examples, keys, _ := strings.Cut(rest, "\n\nKeys\n")
	n := 0
	for _, line := range strings.Split(examples, "\n") {
		text, _, _ := strings.Cut(strings.TrimSpace(line), "   ")
		if q, err := model.ParseQuery(text); err != nil || q.Empty() {
			t.Errorf("example %q: %v", text, err)
		}
		n++
	}
	if n < 8 {
		t.Errorf("only %d examples", n)
	}
	for _, key := range model.CompleteQuery("", 0, nil) {
		key, _, _ = strings.Cut(key, ":")
		if !strings.Contains(keys, "  "+key) && !strings.Contains(keys, ", "+key) {
			t.Errorf("the key %s is not explained", key)
		}
	}
}

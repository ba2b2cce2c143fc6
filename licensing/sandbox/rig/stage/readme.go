package stage

import (
	"os"
	"strings"
	"testing"
)

// readmeCommands are the lines that a README lets people type: those that
// begin with "$ seatdeck" in its console blocks.
func readmeCommands(t *testing.T, text string) (commands []string) {
	t.Helper()
	inside := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```console"
		case inside && strings.HasPrefix(line, "$ seatdeck"):
			command, _, _ := strings.Cut(strings.TrimPrefix(line, "$ "), " #")
			commands = append(commands, strings.TrimSpace(command))
		}
	}
	return commands
}

// ReadmeWorks demands that every command of a README works on the built-in
// instance. What runs until a signal is asked for its help instead.
func ReadmeWorks(t *testing.T, file string) {
	t.Parallel()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	commands := readmeCommands(t, string(b))
	if len(commands) < 15 {
		t.Fatalf("only %d commands were found", len(commands))
	}
	for _, line := range commands {
		words := shellWords(line)[1:]
		if len(words) > 1 && words[0] == "sandbox" && words[1] == "serve" {
			words = append(words, "--help")
		}
		t.Run(strings.Join(words, "_"), func(t *testing.T) {
			t.Parallel()
			runProgram(t, nil, words...) // fails unless it exits with 0
		})
	}
}

// ReadmeNamesVerbs demands that every verb of the program stands in a README.
func ReadmeNamesVerbs(t *testing.T, file string) {
	t.Parallel()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, noun := range verbsOf(runProgram(t, nil, "help")) {
		subs := verbsOf(runProgram(t, nil, "help", noun))
		if len(subs) == 0 && !strings.Contains(text, "`"+noun) {
			t.Errorf("%s does not name %s", file, noun)
		}
		for _, verb := range subs {
			if !strings.Contains(text, noun+" "+verb) && !namesTogether(text, noun, verb) {
				t.Errorf("%s does not name %s %s", file, noun, verb)
			}
		}
	}
}

// namesTogether reports whether a row of the table has the noun with the verb
// after it.
func namesTogether(text, noun, verb string) bool {
	for line := range strings.Lines(text) {
		if verbs, ok := strings.CutPrefix(line, "| `"+noun+"` "); ok && strings.Contains(verbs, "`"+verb+"`") {
			return true
		}
	}
	return false
}

// verbsOf reads the verbs from a help.
func verbsOf(help string) (verbs []string) {
	_, list, found := strings.Cut(help, "\nVerbs\n")
	if !found {
		return nil
	}
	for line := range strings.Lines(list) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name == "" {
			break
		}
		if name != "help" {
			verbs = append(verbs, name)
		}
	}
	return verbs
}

// shellWords splits a command as a shell does, as far as the README uses one.
func shellWords(line string) (words []string) {
	word, quoted, open := "", false, false
	for _, r := range line {
		switch {
		case r == '\'':
			quoted, open = !quoted, true
		case r == ' ' && !quoted:
			if open {
				words = append(words, word)
			}
			word, open = "", false
		default:
			word, open = word+string(r), true
		}
	}
	if open {
		words = append(words, word)
	}
	return words
}

// Package secret finds the access token of an instance: a systemd credential, a
// command, a file, the environment, or a question to the person.
//
// It never takes a token from the command line or from config.toml, never
// prints one, and never tries the next source when a configured one fails: a
// token from elsewhere than the person believes is worse than none.
//
// Invariants: the token leaves this package only inside a [Token]; a helper
// never sees SEATDECK_TOKEN; nothing a helper says on its error output is shown.
package secret

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"seatdeck/model"
)

// EnvToken is the environment variable that may hold the token.
const EnvToken = "SEATDECK_TOKEN"

// tokenMax is the most bytes a source may give, the end of line included.
const tokenMax = 4 << 10

const op = "get the token"

// Kind is the kind of a source.
type Kind string

// The kinds of sources, in the order in which they are asked.
const (
	KindCredential Kind = "systemd credential"
	KindCommand    Kind = "command"
	KindFile       Kind = "plain file"
	KindEnv        Kind = "environment"
	KindPrompt     Kind = "typed in"
)

// Source says where a token came from, for status.
type Source struct {
	Kind   Kind       `json:"kind"`
	Detail model.Text `json:"detail"` // file, credential or program name; never arguments
}

// String is such as "plain file /home/a/prod.token".
func (s Source) String() string {
	if s.Detail.Empty() {
		return string(s.Kind)
	}
	return string(s.Kind) + " " + s.Detail.String()
}

// Request is what is asked for and where to look. Command and File come from
// the profile; at most one of them is set.
type Request struct {
	Instance string   // name in the profile
	Command  []string // program and arguments, run without a shell
	File     string   // absolute path
	UID      int      // who asks: a token file must belong to this account

	Lookup  func(key string) (string, bool) // the environment as it was at the start
	Environ []string                        // environment for the command; EnvToken is taken out
	// UseEnv tells that EnvToken is meant for this instance. A token in the
	// environment has no name on it, and must not go to another host.
	UseEnv bool
	Unset  func(key string) error // takes a variable out of our own environment

	Prompt func(ctx context.Context, instance string) (string, error) // nil = nobody to ask
}

// Find returns the token and where it came from. The first source that is
// there decides. Errors are *model.Error: denied when a source fails, config
// when there is none.
//
// A token in the environment is taken out of our own whether it is used or not,
// so that nothing started later inherits it; Lookup still knows it.
func Find(ctx context.Context, r Request) (Token, Source, error) {
	inEnv, _ := r.Lookup(EnvToken)
	if inEnv != "" {
		if err := r.Unset(EnvToken); err != nil {
			return Token{}, Source{}, model.Fail(model.ClassInternal, op, EnvToken+" cannot be taken out of the environment", "").Because(err)
		}
	}
	if path := r.credential(); path != "" {
		return r.result(Source{KindCredential, model.Clean(lastElement(path))}, func() ([]byte, error) { return readCredential(path) })
	}
	switch {
	case len(r.Command) > 0:
		return r.result(Source{KindCommand, model.Clean(lastElement(r.Command[0]))}, func() ([]byte, error) { return r.run(ctx) })
	case r.File != "":
		return r.result(Source{KindFile, model.Clean(r.File)}, func() ([]byte, error) { return readFile(r.File, r.UID) })
	}
	if inEnv != "" && r.UseEnv {
		return r.result(Source{KindEnv, model.Clean(EnvToken)}, func() ([]byte, error) { return []byte(inEnv), nil })
	}
	if r.Prompt != nil {
		return r.result(Source{Kind: KindPrompt}, func() ([]byte, error) {
			s, err := r.Prompt(ctx, r.Instance)
			return []byte(s), err
		})
	}
	return Token{}, Source{}, model.Fail(model.ClassConfig, op, fmt.Sprintf("there is no token for %s", r.Instance),
		fmt.Sprintf("set token_file or token_command under [instances.%s] in config.toml, or %s", r.Instance, EnvToken))
}

// result reads a source and judges what it gave.
func (r Request) result(s Source, read func() ([]byte, error)) (Token, Source, error) {
	b, err := read()
	if err != nil {
		if _, ok := errors.AsType[*model.Error](err); ok || errors.Is(err, context.Canceled) {
			return Token{}, s, model.AsError(op, err)
		}
		return Token{}, s, denied(s.String()+": cannot be read", "look at it, or name another source in config.toml").Because(err)
	}
	text, fact := accept(b)
	if fact != "" {
		return Token{}, s, denied(s.String()+": "+fact, "it must give the token alone, on one line")
	}
	return NewToken(text), s, nil
}

// accept returns the token in b without one end of line, or what is wrong with
// it. What is wrong never quotes it.
func accept(b []byte) (token, fact string) {
	if len(b) > tokenMax {
		return "", fmt.Sprintf("more than %d bytes", tokenMax)
	}
	s := strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r")
	if s == "" {
		return "", "it is empty"
	}
	if strings.ContainsAny(s, "\r\n") {
		return "", "more than one line"
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return "", "not a token: it holds blanks or unprintable characters"
		}
	}
	return s, ""
}

func denied(msg, next string) *model.Error { return model.Fail(model.ClassDenied, op, msg, next) }

func lastElement(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

package secret

import (
	"context"
	"strings"

	"seatdeck/model"
)

// FindCode returns the activation code that the request's command or file gives.
// It is as secret as a token, has the same rules for its source, and no other
// source is ever tried.
func FindCode(ctx context.Context, r Request) (Token, error) {
	var code Token
	var err error
	switch {
	case len(r.Command) > 0:
		code, _, err = r.result(Source{KindCommand, model.Clean(lastElement(r.Command[0]))}, func() ([]byte, error) { return r.run(ctx) })
	case r.File != "":
		code, _, err = r.result(Source{KindFile, model.Clean(r.File)}, func() ([]byte, error) { return readFile(r.File, r.UID) })
	default:
		return Token{}, model.Fail(model.ClassConfig, opCode, "there is no source of an activation code for "+r.Instance,
			"set activation_code_file or activation_code_command under [instances."+r.Instance+"] in config.toml")
	}
	if e := model.AsError(opCode, err); e != nil {
		return Token{}, model.Fail(e.Class, opCode, codeWords.Replace(e.Msg.String()), codeWords.Replace(e.Next.String())).Because(e)
	}
	return code, nil
}

// CodeSource returns how the code of a command or a file is asked for; nil when
// neither is set.
func CodeSource(r Request, command []string, file string) func(context.Context) (string, error) {
	if r.Command, r.File = command, file; command == nil && file == "" {
		return nil
	}
	return func(ctx context.Context) (string, error) {
		code, err := FindCode(ctx, r)
		return code.Reveal(), err
	}
}

const opCode = "get the activation code"

// codeWords names the keys and the thing as they are called for a code: the
// sources and their rules are those of a token.
var codeWords = strings.NewReplacer(
	"token_command", "activation_code_command", "token_file", "activation_code_file", "token file", "code file", "the token", "the code")

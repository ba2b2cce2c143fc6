package host

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"

	"seatdeck/assets"
)

// programs are the parts of each program, in their order.
var programs = map[string][]string{
	"check":   {"prelude", "jobs", "eligibility", "check"},
	"packet":  {"prelude", "jobs", "eligibility", "packet", "preview"},
	"sync":    {"prelude", "jobs", "eligibility", "packet", "sync"},
	"observe": {"prelude", "jobs", "observe"},
	"pins":    {"prelude", "pins"},
	"roles":   {"prelude", "roles"},
}

// Schema is the version of what programs answer; their prelude has the same.
const schema = 1

// source returns a program. Its first line names it, for whoever plays the
// server in a test.
func source(name string) (string, error) {
	var b strings.Builder
	b.WriteString("# seatdeck program: " + name + "\n")
	for _, part := range programs[name] {
		text, err := assets.FS.ReadFile("ruby/" + part + ".rb")
		if err != nil {
			return "", err
		}
		b.Write(text)
	}
	return b.String(), nil
}

// words are the arguments of a program: a nonce of 32 hexadecimal digits and the
// parameters as base64url of JSON. Neither has anything in it that a shell or an
// option parser could take for something else.
func words(params map[string]any) (nonce, packed string, err error) {
	seed := make([]byte, 16)
	if _, err := rand.Read(seed); err != nil {
		return "", "", err
	}
	text, err := json.Marshal(params)
	return hex.EncodeToString(seed), base64.RawURLEncoding.EncodeToString(text), err
}

// argv is the whole command line.
func argv(command []string, nonce, packed string) []string {
	out := append([]string(nil), command...)
	if out[len(out)-1] != "-" {
		out = append(out, "runner", "-")
	}
	return append(out, nonce, packed)
}

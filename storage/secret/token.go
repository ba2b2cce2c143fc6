package secret

import (
	"fmt"
	"io"
	"log/slog"
)

// redacted is what every printed form of a token says.
const redacted = "(secret)"

// Token is an access token that cannot be printed by accident: every formatted,
// encoded or logged form of it is a fixed word. It holds a function instead of
// the text, because fmt prints the unexported fields of a struct around it
// without asking its methods.
type Token struct{ reveal func() string }

// NewToken wraps a token.
func NewToken(s string) Token { return Token{func() string { return s }} }

// Reveal returns the token itself. Only the transport calls it, for the header.
func (t Token) Reveal() string {
	if t.reveal == nil {
		return ""
	}
	return t.reveal()
}

// IsZero reports whether there is no token.
func (t Token) IsZero() bool { return t.Reveal() == "" }

// String is a fixed word.
func (Token) String() string { return redacted }

// GoString is a fixed word.
func (Token) GoString() string { return redacted }

// Format writes a fixed word for every verb.
func (Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalJSON writes a fixed word.
func (Token) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalText writes a fixed word.
func (Token) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue is a fixed word.
func (Token) LogValue() slog.Value { return slog.StringValue(redacted) }

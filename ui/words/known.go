package words

import (
	"strings"

	"seatdeck/model"
)

// KnownAnyway returns what an instance tells even a token without the rights of
// an administrator: its version, and whose token it is. What was not read is
// left out.
func KnownAnyway(f *model.Facts) []Field {
	var out []Field
	if v := f.Metadata.Value; f.Metadata.Known() && v.Version.Known() {
		edition := "Community Edition"
		if v.EE() {
			edition = "Enterprise Edition"
		}
		out = append(out, Field{"version", v.Version.String() + " · " + edition})
	}
	if o := f.Operator.Value; f.Operator.Known() && !o.Username.Empty() {
		whose := "no administrator"
		if o.Admin {
			whose = "an administrator"
		}
		out = append(out, Field{"token of", o.Username.String() + " · " + whose})
	}
	if t := f.Token.Value; f.Token.Known() {
		out = append(out, Field{"its scopes", strings.Join(t.Scopes, ", ")}, Field{"it ends", Date(t.Expires)})
	}
	return out
}

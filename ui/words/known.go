package words

import (
	"strings"

	"seatdeck/model"
)

// KnownAnyway says what an instance tells even a token without the rights of an
// administrator: its version, and whose token it is. What was not read is left
// out.
func KnownAnyway(f *model.Facts) string {
	var list []string
	if v := &f.Metadata.Value; f.Metadata.Known() && v.Version.Known() {
		list = append(list, "GitLab "+v.Version.String())
	}
	if o := &f.Operator.Value; f.Operator.Known() {
		whose := ", no administrator"
		if o.Admin {
			whose = ", an administrator"
		}
		list = append(list, "the token of "+o.Username.String()+whose)
	}
	if f.Token.Known() {
		list = append(list, "its scopes "+List(f.Token.Value.Scopes))
	}
	if len(list) == 0 {
		return ""
	}
	return "Known without it: " + strings.Join(list, "; ") + "."
}

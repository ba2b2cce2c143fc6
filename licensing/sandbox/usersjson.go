package sandbox

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// userShape is which members of a user are shown.
type userShape uint8

const (
	shapePublic  userShape = iota // what anybody sees in a list
	shapeProfile                  // what anybody sees of one user
	shapeOwn                      // what a person sees of itself
	shapeAdmin                    // what an administrator sees in a list
	shapeDetails                  // what an administrator sees of one user
)

// userWriter writes users as JSON by hand: pages of users are the bulk of the
// traffic, and clients are timed against them.
type userWriter struct {
	s       *Server
	base    string
	rules   seatRules
	auditor bool // the licence has the auditor feature
	ee      bool
	scratch []byte
}

func (c *call) userWriter() *userWriter {
	r := c.s.rules()
	return &userWriter{s: c.s, base: c.base, rules: r, auditor: r.licensed, ee: c.s.knobs.edition == "ee"}
}

// append writes one user in a shape.
func (u *userWriter) append(b []byte, a *account, shape userShape) []byte {
	n := u.s.world.names
	u.scratch = n.appendUsername(u.scratch[:0], a)
	b = append(b, `{"id":`...)
	b = strconv.AppendUint(b, uint64(a.id), 10)
	b = append(b, `,"username":"`...)
	b = append(b, u.scratch...)
	b = append(b, `","public_email":`...)
	b = u.appendEmailIf(b, a, a.has(flagPublicEmail))
	b = append(b, `,"name":`...)
	u.scratch = n.appendName(u.scratch[:0], a)
	b = appendText(b, u.scratch)
	b = append(b, `,"state":"`...)
	b = append(b, a.state.String()...)
	b = append(b, '"')
	if u.s.knobs.version.atLeast(16, 0) {
		b = appendBool(b, "locked", a.has(flagLocked))
	}
	b = append(b, `,"avatar_url":`...)
	if a.kind == human && a.id%3 == 0 {
		b = append(b, '"')
		b = append(b, u.base...)
		b = append(b, `/uploads/-/system/user/avatar/`...)
		b = strconv.AppendUint(b, uint64(a.id), 10)
		b = append(b, `/avatar.png"`...)
	} else {
		b = append(b, "null"...)
	}
	b = append(b, `,"web_url":"`...)
	b = append(b, u.base...)
	b = append(b, '/')
	b = n.appendUsername(b, a)
	b = append(b, '"')
	if shape >= shapeProfile && (shape >= shapeOwn || !a.has(flagPrivate)) {
		b = u.appendProfile(b, a)
	}
	if shape >= shapeOwn {
		b = u.appendOwn(b, a)
	}
	if shape >= shapeAdmin {
		b = u.appendAdmin(b, a)
	}
	if shape == shapeDetails {
		b = append(b, `,"current_sign_in_ip":`...)
		b = u.appendIP(b, a, "current")
		b = append(b, `,"last_sign_in_ip":`...)
		b = u.appendIP(b, a, "last")
	}
	return append(b, '}')
}

func (u *userWriter) appendProfile(b []byte, a *account) []byte {
	b = append(b, `,"created_at":`...)
	b = appendTime(b, a.created)
	b = append(b, `,"bio":"","location":null,"linkedin":"","twitter":"","skype":"","website_url":"","organization":null,"job_title":"","pronouns":null`...)
	return appendBool(b, "bot", a.kind.isBot())
}

func (u *userWriter) appendOwn(b []byte, a *account) []byte {
	last := u.lastSignIn(a)
	b = append(b, `,"last_sign_in_at":`...)
	b = appendTime(b, last)
	b = append(b, `,"confirmed_at":`...)
	if a.has(flagUnconfirmed) {
		b = append(b, "null"...)
	} else {
		b = appendTime(b, a.created+41_000)
	}
	b = append(b, `,"last_activity_on":`...)
	if day, ok := a.activeOn(); ok {
		b = append(b, '"')
		b = day.AppendFormat(b, "2006-01-02")
		b = append(b, '"')
	} else {
		b = append(b, "null"...)
	}
	b = append(b, `,"email":`...)
	b = u.appendEmailIf(b, a, true)
	b = append(b, `,"theme_id":3,"color_scheme_id":1,"projects_limit":100000,"current_sign_in_at":`...)
	b = appendTime(b, int64(a.signIn)*1000)
	b = append(b, `,"identities":[`...)
	b = u.appendIdentity(b, a)
	b = append(b, `],"can_create_group":`...)
	b = strconv.AppendBool(b, !a.has(flagExternal))
	b = appendBool(b, "can_create_project", !a.has(flagExternal))
	b = appendBool(b, "two_factor_enabled", a.has(flagTwoFactor))
	b = appendBool(b, "external", a.has(flagExternal))
	b = appendBool(b, "private_profile", a.has(flagPrivate))
	b = append(b, `,"commit_email":`...)
	return u.appendEmailIf(b, a, true)
}

// appendIdentity writes the account's external login, if it has one.
func (u *userWriter) appendIdentity(b []byte, a *account) []byte {
	n := u.s.world.names
	switch {
	case a.has(flagLDAP):
		b = append(b, `{"provider":"ldapmain","extern_uid":"uid=`...)
		b = n.appendUsername(b, a)
		b = append(b, `,ou=people,dc=nordhafen,dc=example`...)
	case a.has(flagSAML):
		b = append(b, `{"provider":"saml","extern_uid":"`...)
		b = n.appendEmail(b, a)
	default:
		return b
	}
	return append(b, `","saml_provider_id":null}`...)
}

func (u *userWriter) appendAdmin(b []byte, a *account) []byte {
	b = appendBool(b, "is_admin", a.has(flagAdmin))
	b = append(b, `,"note":`...)
	if a.has(flagNote) {
		b = append(b, `"Contract reviewed with the team lead"`...)
	} else {
		b = append(b, "null"...)
	}
	b = append(b, `,"namespace_id":`...)
	b = strconv.AppendUint(b, uint64(a.id)+uint64(u.s.world.groups), 10)
	b = append(b, `,"created_by":null,"email_reset_offered_at":null`...)
	if !u.ee {
		return b
	}
	b = appendBool(b, "using_license_seat", u.rules.flagged(u.s.world, a, u.s.lagging(a)))
	if u.auditor {
		b = appendBool(b, "is_auditor", a.has(flagAuditor))
		b = append(b, `,"provisioned_by_group_id":null,"enterprise_group_id":null`...)
	}
	return b
}

func (u *userWriter) appendEmailIf(b []byte, a *account, show bool) []byte {
	if !show {
		return append(b, "null"...)
	}
	b = append(b, '"')
	b = u.s.world.names.appendEmail(b, a)
	return append(b, '"')
}

// lastSignIn is the sign-in before the newest one, in Unix milliseconds; a
// person who signed in once has the same moment twice.
func (u *userWriter) lastSignIn(a *account) int64 {
	if a.signIn == 0 {
		return 0
	}
	earlier := int64(a.signIn) - int64(scatter(uint64(a.id))%(9*86400))
	if earlier*1000 < a.created {
		return int64(a.signIn) * 1000
	}
	return earlier * 1000
}

func (u *userWriter) appendIP(b []byte, a *account, which string) []byte {
	if a.signIn == 0 {
		return append(b, "null"...)
	}
	r := scatter(uint64(a.id)*31 + uint64(len(which)))
	b = append(b, `"192.0.2.`...) // the range for documentation
	b = strconv.AppendUint(b, r%254+1, 10)
	return append(b, '"')
}

func appendBool(b []byte, name string, v bool) []byte {
	b = append(b, ',', '"')
	b = append(b, name...)
	b = append(b, '"', ':')
	return strconv.AppendBool(b, v)
}

// appendTime writes a moment given in Unix milliseconds; 0 is null.
func appendTime(b []byte, ms int64) []byte {
	if ms == 0 {
		return append(b, "null"...)
	}
	t := time.UnixMilli(ms).UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	b = append(b, '"')
	b = appendDigits(b, year, 4)
	b = appendDigits(append(b, '-'), int(month), 2)
	b = appendDigits(append(b, '-'), day, 2)
	b = appendDigits(append(b, 'T'), hour, 2)
	b = appendDigits(append(b, ':'), minute, 2)
	b = appendDigits(append(b, ':'), second, 2)
	b = appendDigits(append(b, '.'), int(ms%1000), 3)
	return append(b, 'Z', '"')
}

// appendDigits writes a number with leading zeros. Page after page of dates
// is most of what a client is timed against; a layout is read anew each time.
func appendDigits(b []byte, n, width int) []byte {
	for range width {
		b = append(b, '0')
	}
	for i := len(b) - 1; n > 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return b
}

// appendText writes a JSON string. What is not UTF-8 becomes the replacement
// character, as encoders do.
func appendText(b, text []byte) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < 0x20 || r == '<' || r == '>' || r == '&':
			b = append(b, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
		text = text[size:]
	}
	return append(b, '"')
}

package gitlab

import (
	"bytes"
	"errors"
	"math/bits"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"seatdeck/model"
)

// errReduced says that a row came without is_admin: the public shape.
var errReduced = errors.New("the public shape of an account")

// lacksError names a member that a row must have and does not.
type lacksError struct{ member string }

func (e lacksError) Error() string { return "lacks " + e.member }

// fast is how pages of accounts are decoded: duplicate names are found by our
// own bit for each kept member, which costs less than remembering all names.
var fast = []jsontext.Options{jsontext.AllowDuplicateNames(true), lax}

// The members that are kept of an account, as bits to tell which came.
const (
	hasID = 1 << iota
	hasUsername
	hasName
	hasEmail
	hasState
	hasCreated
	hasActivity
	hasSignIn
	hasBot
	hasAdmin
	hasExternal
	hasAuditor
	hasLocked
	has2FA
	hasSeat
	hasConfirmed
	hasPrivate
	hasIdentities
)

// memberNames are the kept members, in the order of their bits.
var memberNames = [...]string{"id", "username", "name", "email", "state", "created_at", "last_activity_on", "last_sign_in_at",
	"bot", "is_admin", "external", "is_auditor", "locked", "two_factor_enabled", "using_license_seat", "confirmed_at", "private_profile", "identities"}

// flagMembers are the yes/no members and the flags they set.
var flagMembers = map[string]struct {
	bit  int
	flag model.Flags
}{
	`"bot"`:                {hasBot, model.FlagBot},
	`"is_admin"`:           {hasAdmin, model.FlagAdmin},
	`"external"`:           {hasExternal, model.FlagExternal},
	`"is_auditor"`:         {hasAuditor, model.FlagAuditor},
	`"locked"`:             {hasLocked, model.FlagLocked},
	`"two_factor_enabled"`: {has2FA, model.Flag2FA},
	`"using_license_seat"`: {hasSeat, model.FlagSeat},
	`"private_profile"`:    {hasPrivate, model.FlagPrivate},
}

// decodeAccounts reads a page of at most size accounts straight into the
// model's type; members outside the allow-list are skipped unread.
func decodeAccounts(body *bytes.Buffer, size int) ([]model.Account, []time.Time, error) {
	d := jsontext.NewDecoder(body, fast...)
	if err := open(d, '['); err != nil {
		return nil, nil, err
	}
	accounts, created := make([]model.Account, 0, size), make([]time.Time, 0, size)
	for d.PeekKind() != ']' {
		a, made, err := readAccount(d)
		if err != nil {
			return nil, nil, err
		}
		accounts, created = append(accounts, a), append(created, made)
	}
	if err := shut(d); err != nil {
		return nil, nil, err
	}
	return accounts, created, endOf(d)
}

func decodeAccount(body *bytes.Buffer) (model.Account, error) {
	d := jsontext.NewDecoder(body, fast...)
	a, _, err := readAccount(d)
	if err != nil {
		return model.Account{}, err
	}
	return a, endOf(d)
}

// readAccount reads one account object.
func readAccount(d *jsontext.Decoder) (a model.Account, made time.Time, err error) {
	if err := open(d, '{'); err != nil {
		return a, made, err
	}
	seen := 0
	for d.PeekKind() != '}' {
		name, err := d.ReadValue()
		if err != nil {
			return a, made, err
		}
		bit, err := readMember(d, name, &a, &made)
		if errors.Is(err, errKind) {
			return a, made, wrongError{memberNames[bits.TrailingZeros(uint(bit))]}
		}
		if err != nil {
			return a, made, err
		}
		if seen&bit != 0 {
			return a, made, jsontext.ErrDuplicateName
		}
		seen |= bit
	}
	if err := shut(d); err != nil {
		return a, made, err
	}
	if seen&hasSeat != 0 {
		a.Flags |= model.FlagSeatKnown
	}
	return a, made, complete(a, made, seen)
}

// complete holds a row against what every row must have.
func complete(a model.Account, made time.Time, seen int) error {
	switch {
	case a.ID <= 0:
		return lacksError{"id"}
	case a.Username.Empty():
		return lacksError{"username"}
	case seen&hasState == 0:
		return lacksError{"state"}
	case seen&hasAdmin == 0:
		return errReduced
	case made.IsZero():
		return lacksError{"created_at"}
	}
	return nil
}

// readMember reads the value after a member's name and returns the member's
// bit, 0 for one that is not kept.
func readMember(d *jsontext.Decoder, name jsontext.Value, a *model.Account, made *time.Time) (bit int, err error) {
	switch string(name) {
	case `"id"`:
		var n number
		raw, err := d.ReadValue()
		if err == nil {
			err = n.read(raw)
		}
		a.ID = n.v
		return hasID, err
	case `"username"`:
		return hasUsername, readName(d, &a.Username)
	case `"name"`:
		return hasName, readName(d, &a.Name)
	case `"email"`:
		return hasEmail, readName(d, &a.Email)
	case `"state"`:
		return hasState, readState(d, &a.State)
	case `"created_at"`:
		raw, err := d.ReadValue()
		if err != nil {
			return hasCreated, err
		}
		m, err := readMoment(raw)
		*made, a.Created = m.v, model.DayOf(m.v)
		return hasCreated, err
	case `"last_activity_on"`:
		return hasActivity, readInto(d, &a.LastActivity)
	case `"last_sign_in_at"`:
		return hasSignIn, readInto(d, &a.LastSignIn)
	case `"confirmed_at"`:
		raw, err := d.ReadValue()
		if err == nil && raw.Kind() == 'n' {
			a.Flags |= model.FlagUnconfirmed
		}
		return hasConfirmed, err
	case `"identities"`:
		return hasIdentities, readIdentity(d, &a.Provider)
	}
	f, kept := flagMembers[string(name)]
	if !kept {
		return 0, d.SkipValue()
	}
	raw, err := d.ReadValue()
	if err != nil {
		return f.bit, err
	}
	v, err := readFlag(raw)
	if v.v {
		a.Flags |= f.flag
	}
	if err == nil && !v.known {
		return 0, nil // null says as little as an absent member
	}
	return f.bit, err
}

func readName(d *jsontext.Decoder, to *model.Text) error {
	var t text
	raw, err := d.ReadValue()
	if err == nil {
		err = t.read(raw)
	}
	*to = t.v
	return err
}

func readState(d *jsontext.Decoder, to *model.State) error {
	raw, err := d.ReadValue()
	if err != nil {
		return err
	}
	s, err := unquote(raw)
	*to = model.ParseState(s)
	return err
}

func readInto(d *jsontext.Decoder, to *model.Day) error {
	raw, err := d.ReadValue()
	if err != nil {
		return err
	}
	*to, err = readDay(raw)
	return err
}

// readIdentity keeps the provider of the first identity. GitLab sends an array
// and documents a single object (contract §14).
func readIdentity(d *jsontext.Decoder, to *model.Text) error {
	switch d.PeekKind() {
	case 'n':
		return d.SkipValue()
	case '{':
		return readProvider(d, to)
	}
	if err := open(d, '['); err != nil {
		return err
	}
	read := readProvider
	for d.PeekKind() != ']' {
		if err := read(d, to); err != nil {
			return err
		}
		read = func(d *jsontext.Decoder, _ *model.Text) error { return d.SkipValue() }
	}
	return shut(d)
}

// readProvider reads one identity object.
func readProvider(d *jsontext.Decoder, to *model.Text) error {
	if err := open(d, '{'); err != nil {
		return err
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadValue()
		switch {
		case err != nil:
		case string(name) == `"provider"`:
			err = readName(d, to)
		default:
			err = d.SkipValue()
		}
		if err != nil {
			return err
		}
	}
	return shut(d)
}

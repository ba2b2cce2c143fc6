package gitlab

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"seatdeck/model"
)

// The scalars of GitLab's answers, as tolerant as contract §14 asks: what is
// documented as one type and sent as another is read either way. null and an
// absent member are both unknown. Anything else is an error.

// number is a count or an id: 12, "12", "1,234" (contract §5.5).
type number struct {
	v     int64
	known bool
}

func (n number) count() model.Opt[int] {
	if !n.known {
		return model.None[int]()
	}
	return model.Some(int(n.v))
}

// read takes a number in any of its forms.
func (n *number) read(raw jsontext.Value) (err error) {
	*n = number{}
	switch raw.Kind() {
	case 'n':
		return nil
	case '0':
		n.v, err = whole(string(raw))
	case '"':
		var s string
		if s, err = unquote(raw); err == nil {
			n.v, err = whole(strings.ReplaceAll(strings.TrimSpace(s), ",", ""))
		}
	default:
		err = errKind
	}
	n.known = err == nil
	return err
}

// whole reads an integer; 12.0 is one too, 12.5 is not.
func whole(s string) (int64, error) {
	if v, err := strconv.ParseInt(s, 10, 64); err == nil {
		return v, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, errKind
	}
	return int64(f), nil
}

// flag is a yes or no: true, "true" (contract §14).
type flag struct{ v, known bool }

func (f flag) opt() model.Opt[bool] {
	if !f.known {
		return model.None[bool]()
	}
	return model.Some(f.v)
}

// read takes a boolean, also as text.
func (f *flag) read(raw jsontext.Value) (err error) {
	*f, err = readFlag(raw)
	return err
}

func readFlag(raw jsontext.Value) (flag, error) {
	switch string(raw) {
	case "null":
		return flag{}, nil
	case "true", `"true"`:
		return flag{true, true}, nil
	case "false", `"false"`:
		return flag{false, true}, nil
	}
	return flag{}, errKind
}

// text is remote text, cleaned.
type text struct {
	v     model.Text
	known bool
}

// read takes a string and cleans it.
func (t *text) read(raw jsontext.Value) error {
	*t = text{}
	if raw.Kind() == 'n' {
		return nil
	}
	s, err := unquote(raw)
	if err != nil {
		return err
	}
	*t = text{model.Clean(s), true}
	return nil
}

// day is a date: YYYY-MM-DD or a time (contract §14, last_activity_on).
type day struct{ v model.Day }

// read takes a date.
func (d *day) read(raw jsontext.Value) (err error) {
	d.v, err = readDay(raw)
	return err
}

func readDay(raw jsontext.Value) (model.Day, error) {
	if raw.Kind() == 'n' {
		return 0, nil
	}
	s, err := unquote(raw)
	if err != nil || s == "" {
		return 0, err
	}
	if len(s) > 10 && s[10] == 'T' && s[len(s)-1] == 'Z' {
		s = s[:10] // a UTC time: its date is its day
	}
	v, err := model.ParseDay(s)
	if err != nil {
		return 0, errKind
	}
	return v, nil
}

// moment is a point in time.
type moment struct {
	v     time.Time
	known bool
}

func (m moment) opt() model.Opt[time.Time] {
	if !m.known {
		return model.None[time.Time]()
	}
	return model.Some(m.v)
}

// read takes a time.
func (m *moment) read(raw jsontext.Value) (err error) {
	*m, err = readMoment(raw)
	return err
}

// momentForms are the spellings of a time GitLab uses besides RFC 3339: Ruby's
// own, and a bare date.
var momentForms = []string{time.RFC3339, "2006-01-02 15:04:05 UTC", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", time.DateOnly}

func readMoment(raw jsontext.Value) (moment, error) {
	if raw.Kind() == 'n' {
		return moment{}, nil
	}
	s, err := unquote(raw)
	if err != nil || s == "" {
		return moment{}, err
	}
	for _, form := range momentForms {
		if t, err := time.Parse(form, s); err == nil {
			return moment{t.UTC(), true}, nil
		}
	}
	return moment{}, errKind
}

// unquote returns the text of a JSON string.
func unquote(raw jsontext.Value) (string, error) {
	if raw.Kind() != '"' {
		return "", errKind
	}
	inner := raw[1 : len(raw)-1]
	for _, b := range inner {
		if b == '\\' {
			b, err := jsontext.AppendUnquote(nil, raw)
			if err != nil && b == nil {
				return "", errKind
			}
			return string(b), nil
		}
	}
	return string(inner), nil
}

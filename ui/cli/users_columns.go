package cli

import (
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"seatdeck/licensing"
	"seatdeck/model"
)

// userColumn is one thing that lists and exports of accounts can show.
type userColumn struct {
	column
	cell func(u *userRow) any
}

// userRow is an account with what the rules say about it.
type userRow struct {
	model.Account
	verdict *model.SeatVerdict
	recency model.Recency
	role    model.Opt[model.Role]
	today   model.Day
}

// userColumns is every column, in the order of [model.AccountColumns].
var userColumns = []userColumn{
	{column{"id", "id", true}, func(u *userRow) any { return u.ID }},
	{column{"username", "username", false}, func(u *userRow) any { return u.Username }},
	{column{"name", "name", false}, func(u *userRow) any { return u.Name }},
	{column{"email", "e-mail", false}, func(u *userRow) any { return u.Email }},
	{column{"state", "state", false}, func(u *userRow) any { return u.State.String() }},
	{column{"billable", "billable", false}, func(u *userRow) any { return u.verdict.Counted() }},
	{column{"why", "why", false}, func(u *userRow) any { return u.verdict.Rule.ID }},
	{column{"recency", "recency", false}, func(u *userRow) any { return u.recency.String() }},
	{column{"last_activity_on", "last activity", false}, func(u *userRow) any { return u.LastActivity }},
	{column{"last_sign_in_on", "last sign-in", false}, func(u *userRow) any { return u.LastSignIn }},
	{column{"created_on", "created", false}, func(u *userRow) any { return u.Created }},
	{column{"admin", "admin", false}, flag(model.FlagAdmin)},
	{column{"auditor", "auditor", false}, flag(model.FlagAuditor)},
	{column{"external", "external", false}, flag(model.FlagExternal)},
	{column{"two_factor", "2fa", false}, flag(model.Flag2FA)},
	{column{"bot", "bot", false}, flag(model.FlagBot)},
	{column{"locked", "locked", false}, flag(model.FlagLocked)},
	{column{"provider", "provider", false}, func(u *userRow) any { return u.Provider }},
	{column{"role", "role", false}, func(u *userRow) any { return u.role.Or(model.RoleUnknown).Word() }},
	{column{"idle_days", "days", true}, func(u *userRow) any { return u.IdleDays(u.today) }},
}

// listColumns are what a table of accounts shows unless asked otherwise.
const listColumns = "id,username,name,state,billable,recency,last_activity_on"

// flag tells one yes/no fact.
//
//go:noinline
func flag(f model.Flags) func(*userRow) any {
	return func(u *userRow) any { return model.Some(u.Is(f)) }
}

// chooseColumns reads a list of column keys; an empty one means every column.
func chooseColumns(list string) ([]userColumn, error) {
	if list == "" {
		return userColumns, nil
	}
	keys, err := model.ParseColumns(strings.Split(list, ","))
	out := make([]userColumn, len(keys))
	for i, key := range keys {
		out[i] = userColumns[slices.IndexFunc(userColumns, func(c userColumn) bool { return c.key == key })]
	}
	return out, err
}

// userSheet shows rows of a roster in columns. A row holds until the next one.
func userSheet(v *licensing.View, r *model.Roster, idx model.Index, cols []userColumn) sheet {
	env := v.QueryEnv(r)
	s := sheet{n: len(idx), cols: columnsOf(cols)}
	aged := append(s.cols[:len(s.cols):len(s.cols)], column{key: "as_of"}, column{key: "source"})
	u, row := &userRow{today: env.Today}, make([]any, len(aged))
	if at := r.AsOf(); !at.IsZero() {
		row[len(cols)] = at.At.UTC().Format(time.RFC3339Nano)
		row[len(cols)+1] = string(at.Source)
	}
	s.row = func(i int) []any {
		at := int(idx[i])
		u.Account, u.verdict, u.role = r.At(at), env.Seats.Of(at), env.Seats.Role(at)
		u.recency = model.RecencyOf(u.LastActivity, u.LastSignIn, env.Today, env.DormantDays)
		for k, c := range cols {
			row[k] = c.cell(u)
		}
		return row[:len(cols)]
	}
	s.item = func(i int) any {
		s.row(i)
		return object{aged, row}
	}
	return s
}

func columnsOf(cols []userColumn) []column {
	out := make([]column, len(cols))
	for k, c := range cols {
		out[k] = c.column
	}
	return out
}

// object is a row of cells as a JSON object, its members in the order of the
// columns.
type object struct {
	cols []column
	row  []any
}

// MarshalJSON writes the object.
func (o object) MarshalJSON() ([]byte, error) { return o.append(nil) }

// write writes the object between two texts; line is memory to use for it.
func (o object) write(w io.Writer, line []byte, before, after string) ([]byte, error) {
	line, err := o.append(append(line[:0], before...))
	if err != nil {
		return nil, unwritable(err)
	}
	line = append(line, after...)
	_, err = w.Write(escapeJSON(line))
	return line, err
}

// append writes the object behind b.
func (o object) append(b []byte) ([]byte, error) {
	b = append(b, '{')
	for k, c := range o.cols {
		if k > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), c.key...), '"', ':')
		var err error
		if b, err = appendCell(b, o.row[k]); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

// appendCell writes a cell as encoding/json does. What most cells of most
// accounts are is written without it: there may be a million rows of them.
func appendCell(b []byte, cell any) ([]byte, error) {
	switch c := cell.(type) {
	case int64:
		return strconv.AppendInt(b, c, 10), nil
	case string:
		if standsForItself(c) {
			return append(append(append(b, '"'), c...), '"'), nil
		}
	case model.Text:
		if standsForItself(c.String()) {
			return append(append(append(b, '"'), c.String()...), '"'), nil
		}
	case model.Opt[bool]:
		if v, ok := c.Get(); ok {
			return strconv.AppendBool(b, v), nil
		}
		return append(b, "null"...), nil
	case model.Opt[int]:
		if v, ok := c.Get(); ok {
			return strconv.AppendInt(b, int64(v), 10), nil
		}
		return append(b, "null"...), nil
	case model.Opt[string]:
		v, ok := c.Get()
		switch {
		case !ok:
			return append(b, "null"...), nil
		case standsForItself(v):
			return append(append(append(b, '"'), v...), '"'), nil
		}
	case model.Day:
		if c.Known() {
			return append(c.Time().AppendFormat(append(b, '"'), time.DateOnly), '"'), nil
		}
		return append(b, "null"...), nil
	case time.Time:
		cell = c.UTC()
	}
	v, err := json.Marshal(cell)
	return append(b, v...), err
}

// standsForItself tells that nothing in a text is escaped in JSON.
func standsForItself(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return false
		}
	}
	return true
}

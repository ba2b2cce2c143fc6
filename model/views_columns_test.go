package model

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestParseColumns(t *testing.T) {
	for in, want := range map[string]string{
		"id": "id", " Username ,ROLE": "username,role", strings.Join(AccountColumns(), ","): strings.Join(AccountColumns(), ","),
	} {
		if got, err := ParseColumns(strings.Split(in, ",")); err != nil || strings.Join(got, ",") != want {
			t.Errorf("%q: %v, %v; want %s", in, got, err, want)
		}
	}
	for in, said := range map[string]string{
		"usernme":     `there is no column "usernme"|did you mean username?`,
		"id,":         `there is no column ""|there are id, username,`,
		"id,role,id":  `the column "id" is named twice|there are id, username,`,
		"e-mail":      `there is no column "e-mail"|did you mean email?`,
		"zzzzzzzzzzz": `there is no column "zzzzzzzzzzz"|there are id, username,`,
	} {
		_, err := ParseColumns(strings.Split(in, ","))
		var e *Error
		if !errors.As(err, &e) || e.Class != ClassUsage {
			t.Fatalf("%q: %v", in, err)
		}
		msg, next, _ := strings.Cut(said, "|")
		if e.Msg.String() != msg || !strings.HasPrefix(e.Next.String(), next) {
			t.Errorf("%q: %s · %s; want %s", in, e.Msg, e.Next, said)
		}
	}
	if got, err := ParseColumns(nil); err != nil || got != nil {
		t.Errorf("no columns: %v, %v", got, err)
	}
	if list := AccountColumns(); !slices.Equal(list, slices.Compact(slices.Clone(list))) {
		t.Error("a column twice")
	}
}

// A view with columns that nobody knows is neither kept nor applied.
func TestCheckColumnsOfView(t *testing.T) {
	v := SavedView{Name: "q", Columns: []string{"username", "role"}}
	if err := v.Check(); err != nil {
		t.Error(err)
	}
	for _, bad := range [][]string{{"nmae"}, {"id", "id"}} {
		v.Columns = bad
		if e := AsError("", v.Check()); e == nil || e.Class != ClassUsage {
			t.Errorf("%v: %v", bad, e)
		}
	}
}

func TestIdleDays(t *testing.T) {
	today := Day(20_000)
	for _, c := range []struct {
		activity, signIn Day
		want             Opt[int]
	}{
		{0, 0, None[int]()}, {today - 7, today - 9, Some(7)}, {0, today - 9, Some(9)}, {today + 2, 0, Some(0)}, {today, today - 400, Some(0)},
	} {
		if got := (Account{LastActivity: c.activity, LastSignIn: c.signIn}).IdleDays(today); got != c.want {
			t.Errorf("%v, %v: %v, want %v", c.activity, c.signIn, got, c.want)
		}
	}
}

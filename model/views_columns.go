package model

import (
	"fmt"
	"slices"
	"strings"
)

// accountColumns are the columns that accounts are shown in, in the order of
// exports. The names are stable: files, scripts and saved views rely on them.
var accountColumns = [...]string{
	"id", "username", "name", "email", "state", "billable", "why", "recency", "last_activity_on", "last_sign_in_on", "created_on",
	"admin", "auditor", "external", "two_factor", "bot", "locked", "provider", "role", "idle_days",
}

// AccountColumns returns the names of the columns that accounts are shown in, in
// the order of exports.
func AccountColumns() []string { return slices.Clone(accountColumns[:]) }

// ParseColumns reads names of columns as a person writes them. The error is a
// *[Error] of class usage: a name that there is not, with the nearest, or one
// that stands there twice.
func ParseColumns(names []string) ([]string, error) {
	var out []string
	for _, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		fault, next := "", "there are "+strings.Join(accountColumns[:], ", ")
		if slices.Contains(out, name) {
			fault = "the column %q is named twice"
		} else if !slices.Contains(accountColumns[:], name) {
			fault = "there is no column %q"
			if near := Nearest(name, accountColumns[:]); near != "" {
				next = "did you mean " + near + "?"
			}
		}
		if fault != "" {
			return nil, Fail(ClassUsage, "", fmt.Sprintf(fault, CleanN(name, maxViewName)), next)
		}
		out = append(out, name)
	}
	return out, nil
}

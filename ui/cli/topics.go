package cli

import (
	"fmt"
	"slices"
	"strings"

	"seatdeck/model"
)

// topics are the texts of "seatdeck help TOPIC".
func topics() map[string]string {
	return map[string]string{"exit-codes": exitCodes(), "filter": filterHelp}
}

func topicNames() []string { return []string{"exit-codes", "filter"} }

// exitMeanings says what each exit code means, by a class that has it. The codes
// themselves are the model's.
var exitMeanings = []struct {
	class model.Class // "" = no failure
	text  string
}{
	{"", "done, also when nothing had to change"},
	{model.ClassFailed, "failed"},
	{model.ClassUsage, "usage: the command line was not understood"},
	{model.ClassPartial, "partly done, not sent, or a confirmation is missing"},
	{model.ClassDenied, "denied or refused: token, scope, Admin Mode, instance"},
	{model.ClassChanged, "changed since the plan, unconfirmed, or outcome unknown"},
	{model.ClassOffline, "offline, and nothing in the cache"},
	{model.ClassInternal, "internal error: please report it"},
	{model.ClassLocked, "locked or limited: try again later"},
	{model.ClassConfig, "configuration"},
	{model.ClassCancelled, "cancelled"},
}

// exitCodes is the table of exit codes.
func exitCodes() string {
	var b strings.Builder
	for _, m := range exitMeanings {
		code := 0
		if m.class != "" {
			code = m.class.ExitCode()
		}
		fmt.Fprintf(&b, "%-5d%s\n", code, m.text)
	}
	return b.String()
}

// sortKeyNames are the names --sort takes.
func sortKeyNames() []string {
	var names []string
	for _, k := range model.SortKeys() {
		names = append(names, k.String())
	}
	return slices.Clip(names)
}

// filterHelp is the language of filters for people; the grammar is that of
// [model.ParseQuery].
const filterHelp = `A filter chooses accounts. All its terms must hold; their order is free.

Examples
  ida                                 username, name, e-mail or id has "ida" in it
  "van dijk"                          words with blanks stand in quotes
  state:blocked,deactivated           one of several values
  billable:yes recency:dormant        billable users nobody has seen for long
  idle:>180d kind:human               people quiet for more than 180 days
  created:>=2026-01 -domain:example.com
  -2fa:yes admin:yes                  administrators without a second factor
  signed-in:never billable:yes        seats nobody ever used

Keys
  state      active, blocked, ldap_blocked, deactivated, pending, banned, unknown
  billable   yes, no, unknown: what the instance counts
  recency    recent, idle, dormant, never
  idle       days since last seen, such as >90d, or never
  created    a date or an age: 2026, 2026-03, >=2026-03-31, <90d
  signed-in  the last sign-in, as created, or never
  kind       human, bot
  admin, external, 2fa     yes, no
  provider   name of the first identity's provider
  domain     of the e-mail address
  why        the rule that decides about the seat
  role       highest role: none, minimal, guest, planner, reporter, developer,
             maintainer, owner, unknown; once seatdeck users roles read them
  id         the account id

A leading - turns a term round: it holds wherever the plain term does not,
accounts with an unknown value among them.
`

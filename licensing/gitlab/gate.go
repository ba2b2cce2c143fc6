package gitlab

import (
	"encoding/json"
	"net/http"
	"strings"

	"seatdeck/model"
)

// route is one kind of request an operation may make. A star stands for one
// numeric path element.
type route struct{ method, path string }

// routes is the allow-list: what each operation may ask. A request outside it
// never leaves, whatever its method (faults S-13). Operations on the server
// itself have none.
var routes = map[string][]route{
	model.OpMetadata.Name:           {{"GET", "metadata"}, {"GET", "version"}},
	model.OpToken.Name:              {{"GET", "personal_access_tokens/self"}},
	model.OpOperator.Name:           {{"GET", "user"}, {"GET", "users"}},
	model.OpLicense.Name:            {{"GET", "license"}, {"POST", "graphql"}},
	model.OpLicenses.Name:           {{"GET", "licenses"}, {"POST", "graphql"}},
	model.OpFuture.Name:             {{"POST", "graphql"}},
	model.OpAddOns.Name:             {{"POST", "graphql"}},
	model.OpPromotions.Name:         {{"POST", "graphql"}},
	model.OpUsers.Name:              {{"GET", "users"}},
	model.OpUser.Name:               {{"GET", "users/*"}},
	model.OpMemberships.Name:        {{"GET", "users/*/memberships"}},
	model.OpSettings.Name:           {{"GET", "application/settings"}},
	model.OpStatistics.Name:         {{"GET", "application/statistics"}},
	model.OpPing.Name:               {{"GET", "usage_data/service_ping"}},
	model.OpUsageExport.Name:        {{"GET", "license/usage_export.csv"}},
	model.OpUsageExportOffline.Name: {{"GET", "license/usage_export.csv"}},
	model.OpSettingsWrite.Name:      {{"PUT", "application/settings"}},
	model.OpRecount.Name:            {{"PUT", "license/*/refresh_billable_users"}},
	model.OpActivate.Name:           {{"POST", "graphql"}},
}

// admit holds a request against mode, origin and routes. It is the one gate:
// everything that leaves has passed it.
func (t *transport) admit(req *http.Request, c *call, payload []byte) *model.Error {
	switch {
	case c == nil:
		return model.Fail(model.ClassInternal, "ask the instance", "a request without an operation was stopped", "report this as a bug")
	case !t.site.holds(req.URL):
		return model.Fail(model.ClassInternal, c.op.What, "a request to another address was stopped", "report this as a bug")
	}
	if err := t.mode.Allow(c.op); err != nil {
		return err
	}
	path, ok := t.site.route(req.URL.EscapedPath())
	if !ok || !listed(c.op, req.Method, path) {
		return model.Fail(model.ClassInternal, c.op.What, "a request outside the list of operations was stopped", "report this as a bug")
	}
	if allowed := onlyQueries; path == "graphql" {
		if c.op.Writes {
			allowed = onlyActivation
		}
		if !allowed(payload) {
			return model.Fail(model.ClassInternal, c.op.What, "a GraphQL document outside what the operation may ask was stopped", "report this as a bug")
		}
	}
	if c.op.Writes && t.dead.Load() {
		return model.Fail(model.ClassDenied, c.op.What, "the instance no longer accepts the token, so nothing that changes is sent", "renew the token, then start again")
	}
	return nil
}

func listed(op model.Operation, method, path string) bool {
	for _, r := range routes[op.Name] {
		if r.method == method && matches(r.path, path) {
			return true
		}
	}
	return false
}

func matches(pattern, path string) bool {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return false
	}
	for i := range want {
		if want[i] == "*" && digits(have[i]) {
			continue
		}
		if want[i] != have[i] {
			return false
		}
	}
	return true
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// onlyQueries reports whether a GraphQL payload holds a document whose every
// top-level definition is a query or a fragment.
func onlyQueries(payload []byte) bool {
	var p struct {
		Query string `json:"query"`
	}
	if json.Unmarshal(payload, &p) != nil {
		return false
	}
	return queriesOnly(p.Query)
}

// queriesOnly walks a GraphQL document outside of comments and strings. At the
// top level only "query", "fragment" and a bare selection may begin a
// definition, brackets must match, and block strings, which no document here
// has, are not admitted.
func queriesOnly(doc string) bool {
	if strings.Contains(doc, `"""`) {
		return false
	}
	var open []byte // the closing brackets that are due
	definitions, within := 0, false
	for i := 0; i < len(doc); {
		ch := doc[i]
		top := len(open) == 0 && !within
		switch {
		case ch == '#':
			i = skipLine(doc, i)
			continue
		case top && letter(ch):
			word := doc[i : i+wordLen(doc[i:])]
			if word != "query" && word != "fragment" {
				return false
			}
			definitions, within = definitions+1, true
			i += len(word)
			continue
		case top && ch == '{':
			definitions, within = definitions+1, true
			open = append(open, '}')
		case top:
			if !strings.ContainsRune(" \t\r\n,", rune(ch)) {
				return false
			}
		case ch == '"':
			i = skipString(doc, i)
			continue
		case closing[ch] != 0:
			open = append(open, closing[ch])
		case ch == '}' || ch == ')' || ch == ']':
			if len(open) == 0 || open[len(open)-1] != ch {
				return false
			}
			open = open[:len(open)-1]
			within = len(open) > 0 || ch != '}'
		}
		i++
	}
	return definitions > 0 && !within && len(open) == 0
}

var closing = map[byte]byte{'{': '}', '(': ')', '[': ']'}

func letter(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }

func wordLen(s string) int {
	n := 0
	for n < len(s) && (letter(s[n]) || s[n] >= '0' && s[n] <= '9') {
		n++
	}
	return n
}

func skipLine(s string, i int) int {
	if n := strings.IndexAny(s[i:], "\r\n"); n >= 0 {
		return i + n
	}
	return len(s)
}

// skipString returns the index after the string at i.
func skipString(s string, i int) int {
	for i++; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"', '\n':
			return i + 1
		}
	}
	return len(s)
}

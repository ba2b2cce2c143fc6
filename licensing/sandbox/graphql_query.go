package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"seatdeck/licensing/sandbox/graphqlrun"
)

// gqlRun is one operation being run: what the fields of Query and Mutation are
// asked of.
type gqlRun struct {
	c            *call
	score, limit int
}

// rooted is a field of Query or Mutation.
func rooted(answer func(r *gqlRun, args graphqlrun.Args) (any, error)) graphqlrun.Resolver {
	return func(on any, args graphqlrun.Args) (any, error) { return answer(on.(*gqlRun), args) }
}

// errNotAvailable is the one answer to everything that is missing or not
// permitted: nobody learns which.
const errNotAvailable = sentence(resourceNotAvailable)

// sentence is an error in the words of the wire, capital letter and all.
type sentence string

func (s sentence) Error() string { return string(s) }

// queryFields answer Query.
func queryFields() map[string]graphqlrun.Resolver {
	return map[string]graphqlrun.Resolver{
		"currentUser":                            graphqlrun.Node((*gqlRun).currentUser),
		"metadata":                               graphqlrun.Node((*gqlRun).metadata),
		"queryComplexity":                        graphqlrun.Value(func(r *gqlRun) *gqlRun { return r }),
		"echo":                                   rooted((*gqlRun).echo),
		"currentLicense":                         rooted((*gqlRun).currentLicense),
		"licenseHistoryEntries":                  rooted((*gqlRun).licenseHistory),
		"subscriptionFutureEntries":              rooted((*gqlRun).futureEntries),
		"addOnPurchases":                         graphqlrun.List((*gqlRun).addOnPurchases),
		"addOnPurchase":                          rooted((*gqlRun).addOnPurchase),
		"selfManagedUsersQueuedForRolePromotion": rooted((*gqlRun).queuedForPromotion),
	}
}

// currentUser is whom the token stands for; null without one.
func (r *gqlRun) currentUser() *userResolver {
	if r.c.user == nil {
		return nil
	}
	return &userResolver{r.c, r.c.user}
}

// metadata needs a signed-in user.
func (r *gqlRun) metadata() *metadataResolver {
	if r.c.user == nil {
		return nil
	}
	return &metadataResolver{r.c.s}
}

// echo repeats a text to show who is asking.
func (r *gqlRun) echo(args graphqlrun.Args) (any, error) {
	name := "nil"
	if r.c.user != nil {
		name = strconv.Quote(r.c.s.world.names.username(r.c.user))
	}
	return name + " says: " + *args.Text("text"), nil
}

// currentLicense is for effective administrators; null without a licence.
func (r *gqlRun) currentLicense(graphqlrun.Args) (any, error) {
	if !r.c.effectiveAdmin() {
		return nil, errNotAvailable
	}
	return graphqlrun.OrNull(r.c.currentLicense()), nil
}

func (c *call) currentLicense() *licenseResolver {
	l := c.s.subscription.current(c.now)
	if l == nil {
		return nil
	}
	return &licenseResolver{c, l}
}

// licenseHistory has the licence rows by start, then by when they were
// added, then by end, newest first (contract §2.3).
func (r *gqlRun) licenseHistory(args graphqlrun.Args) (any, error) {
	c := r.c
	if !c.effectiveAdmin() {
		return nil, errNotAvailable
	}
	rows := slices.Clone(c.s.subscription.licenses)
	slices.SortStableFunc(rows, func(a, b *license) int {
		for _, by := range [...]int{b.starts.Compare(a.starts), b.created.Compare(a.created), b.expires.Compare(a.expires)} {
			if by != 0 {
				return by
			}
		}
		return 0
	})
	all := make([]*licenseResolver, len(rows))
	for i, l := range rows {
		all[i] = &licenseResolver{c, l}
	}
	return paginate(all, args), nil
}

// futureEntries are the terms that start later.
func (r *gqlRun) futureEntries(args graphqlrun.Args) (any, error) {
	if !r.c.effectiveAdmin() {
		return nil, errNotAvailable
	}
	return paginate(r.c.futureTerms(), args), nil
}

func (c *call) futureTerms() []*futureResolver {
	all := make([]*futureResolver, len(c.s.subscription.future))
	for i := range c.s.subscription.future {
		all[i] = &futureResolver{c, c.s.subscription.future[i]}
	}
	return all
}

// addOnPurchases are the active ones; others than administrators see none.
func (r *gqlRun) addOnPurchases() []*addOnResolver {
	out := []*addOnResolver{}
	if r.c.effectiveAdmin() && r.c.s.subscription.current(r.c.now) != nil {
		for _, a := range r.c.s.subscription.addOns {
			out = append(out, &addOnResolver{a})
		}
	}
	return out
}

// addOnPurchase is one purchase by its name, in either case.
func (r *gqlRun) addOnPurchase(args graphqlrun.Args) (any, error) {
	for _, a := range r.addOnPurchases() {
		if strings.EqualFold(a.a.name, *args.Text("addOnName")) {
			return a, nil
		}
	}
	return nil, nil
}

// queuedForPromotion needs the approval of promotions,
// which comes with Ultimate, and an administrator (contract §2.7).
func (r *gqlRun) queuedForPromotion(args graphqlrun.Args) (any, error) {
	c := r.c
	if !c.s.promotionsManaged(c.now) || !c.effectiveAdmin() {
		return nil, errNotAvailable
	}
	var all []*promotionResolver
	for _, p := range c.s.promotions.waiting(c.s.world, c.s.seed) {
		if a, ok := c.s.world.at(int(p.user)); ok {
			all = append(all, &promotionResolver{c, a, p.level})
		}
	}
	return paginate(all, args), nil
}

// idIn is the number in a global id, gid://gitlab/<Model>/<id>, if it is one of
// that model.
func idIn(globalID *string, model string) (int, bool) {
	if globalID == nil {
		return 0, false
	}
	text, ok := strings.CutPrefix(*globalID, "gid://gitlab/"+model+"/")
	n, err := strconv.Atoi(text)
	return n, ok && err == nil
}

// gqlDay is a day, YYYY-MM-DD, or null.
func gqlDay(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	d := date(t)
	return &d
}

func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func globalIDOf(model string, n int) string {
	return "gid://gitlab/" + model + "/" + strconv.Itoa(n)
}

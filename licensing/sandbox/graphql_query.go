package sandbox

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	graphql "github.com/graph-gophers/graphql-go"
)

// gqlRun is one operation being run. Resolvers find it in their context.
type gqlRun struct {
	c            *call
	score, limit int
}

type gqlRunKey struct{}

func runOf(ctx context.Context) *gqlRun { return ctx.Value(gqlRunKey{}).(*gqlRun) }

// errNotAvailable is the one answer to everything that is missing or not
// permitted: nobody learns which.
const errNotAvailable = sentence(resourceNotAvailable)

// sentence is an error in the words of the wire, capital letter and all.
type sentence string

func (s sentence) Error() string { return string(s) }

// rootResolver splits the fields of Query from those of Mutation.
type rootResolver struct{}

// Query gives the resolver of the query type.
func (*rootResolver) Query() *queryResolver { return &queryResolver{} }

// Mutation gives the resolver of the mutation type.
func (*rootResolver) Mutation() *mutationResolver { return &mutationResolver{} }

// queryResolver answers the fields of Query; each method has a field's name.
type queryResolver struct{}

// CurrentUser is whom the token stands for; null without one.
func (*queryResolver) CurrentUser(ctx context.Context) *userResolver {
	r := runOf(ctx)
	if r.c.user == nil {
		return nil
	}
	return &userResolver{r.c, r.c.user}
}

// Metadata needs a signed-in user.
func (*queryResolver) Metadata(ctx context.Context) *metadataResolver {
	r := runOf(ctx)
	if r.c.user == nil {
		return nil
	}
	return &metadataResolver{r.c.s}
}

// QueryComplexity tells what this very query costs.
func (*queryResolver) QueryComplexity(ctx context.Context) *complexityResolver {
	return &complexityResolver{runOf(ctx)}
}

// Echo repeats a text to show who is asking.
func (*queryResolver) Echo(ctx context.Context, args struct{ Text string }) string {
	c := runOf(ctx).c
	name := "nil"
	if c.user != nil {
		name = strconv.Quote(c.s.world.names.username(c.user))
	}
	return name + " says: " + args.Text
}

// CurrentLicense is for effective administrators; null without a licence.
func (*queryResolver) CurrentLicense(ctx context.Context) (*licenseResolver, error) {
	c := runOf(ctx).c
	if !c.effectiveAdmin() {
		return nil, errNotAvailable
	}
	return c.currentLicense(), nil
}

func (c *call) currentLicense() *licenseResolver {
	l := c.s.subscription.current(c.now)
	if l == nil {
		return nil
	}
	return &licenseResolver{c, l}
}

// LicenseHistoryEntries are the licence rows by start, then by when they were
// added, then by end, newest first (contract §2.3).
func (*queryResolver) LicenseHistoryEntries(ctx context.Context, args pageArgs) (*connection[licenseResolver], error) {
	c := runOf(ctx).c
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

// SubscriptionFutureEntries are the terms that start later.
func (*queryResolver) SubscriptionFutureEntries(ctx context.Context, args pageArgs) (*connection[futureResolver], error) {
	c := runOf(ctx).c
	if !c.effectiveAdmin() {
		return nil, errNotAvailable
	}
	return paginate(c.futureTerms(), args), nil
}

func (c *call) futureTerms() []*futureResolver {
	all := make([]*futureResolver, len(c.s.subscription.future))
	for i := range c.s.subscription.future {
		all[i] = &futureResolver{c, c.s.subscription.future[i]}
	}
	return all
}

// AddOnPurchases are the active purchases; others than administrators see none.
func (*queryResolver) AddOnPurchases(ctx context.Context, _ struct{ NamespaceID *globalID }) *[]*addOnResolver {
	c := runOf(ctx).c
	out := []*addOnResolver{}
	if c.effectiveAdmin() && c.s.subscription.current(c.now) != nil {
		for _, a := range c.s.subscription.addOns {
			out = append(out, &addOnResolver{a})
		}
	}
	return &out
}

// AddOnPurchase is one purchase by its name, in either case.
func (q *queryResolver) AddOnPurchase(ctx context.Context, args struct {
	AddOnName   string
	NamespaceID *globalID
}) *addOnResolver {
	for _, a := range *q.AddOnPurchases(ctx, struct{ NamespaceID *globalID }{}) {
		if strings.EqualFold(a.a.name, args.AddOnName) {
			return a
		}
	}
	return nil
}

// SelfManagedUsersQueuedForRolePromotion needs the approval of promotions,
// which comes with Ultimate, and an administrator (contract §2.7).
func (*queryResolver) SelfManagedUsersQueuedForRolePromotion(ctx context.Context, args pageArgs) (*connection[promotionResolver], error) {
	c := runOf(ctx).c
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

// The wire forms of GitLab's own scalars.

// gqlDate is a day, YYYY-MM-DD.
type gqlDate string

// ImplementsGraphQLType names the scalar.
func (gqlDate) ImplementsGraphQLType(name string) bool { return name == "Date" }

// UnmarshalGraphQL refuses: nothing here takes a date.
func (*gqlDate) UnmarshalGraphQL(any) error { return errNotAvailable }

// gqlTime is a moment to the second.
type gqlTime string

// ImplementsGraphQLType names the scalar.
func (gqlTime) ImplementsGraphQLType(name string) bool { return name == "Time" }

// UnmarshalGraphQL refuses: nothing here takes a time.
func (*gqlTime) UnmarshalGraphQL(any) error { return errNotAvailable }

// globalID is gid://gitlab/<Model>/<id>.
type globalID string

// ImplementsGraphQLType names the scalars that are global ids.
func (globalID) ImplementsGraphQLType(name string) bool {
	return name != "ID" && strings.HasSuffix(name, "ID")
}

// UnmarshalGraphQL takes any text; what it names is decided where it is used.
func (id *globalID) UnmarshalGraphQL(input any) error {
	text, ok := input.(string)
	if !ok {
		return errNotAvailable
	}
	*id = globalID(text)
	return nil
}

// number is the id of a model, if the global id is one of that model.
func (id globalID) number(model string) (int, bool) {
	text, ok := strings.CutPrefix(string(id), "gid://gitlab/"+model+"/")
	n, err := strconv.Atoi(text)
	return n, ok && err == nil
}

func gqlDay(t time.Time) *gqlDate {
	if t.IsZero() {
		return nil
	}
	d := gqlDate(date(t))
	return &d
}

func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func globalIDOf(model string, n int) graphql.ID {
	return graphql.ID("gid://gitlab/" + model + "/" + strconv.Itoa(n))
}

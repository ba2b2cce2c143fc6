package sandbox

import (
	"slices"
	"time"

	"seatdeck/licensing/sandbox/graphqlrun"
)

// mutationFields answer Mutation.
func mutationFields() map[string]graphqlrun.Resolver {
	return map[string]graphqlrun.Resolver{
		"echoCreate":                          rooted((*gqlRun).echoCreate),
		"gitlabSubscriptionActivate":          rooted((*gqlRun).activateSubscription),
		"processUserBillablePromotionRequest": rooted((*gqlRun).processPromotion),
	}
}

// mayMutate is what every mutation asks first: that the instance takes writes,
// then that there is a user whose token may write. Maintenance mode is a
// top-level error (contract §11.7).
func (r *gqlRun) mayMutate() error {
	switch {
	case r.c.s.knobs.maintenance:
		return sentence(readOnlyMessage)
	case r.c.user == nil || !r.c.token.can(writing):
		return errNotAvailable
	}
	return nil
}

// echoCreate repeats what it is given; it is there to test clients with.
func (r *gqlRun) echoCreate(args graphqlrun.Args) (any, error) {
	if err := r.mayMutate(); err != nil {
		return nil, err
	}
	in := args.Object("input")
	return &mutationPayload{
		clientMutationID: in.Text("clientMutationId"), errors: in.Texts("errors"), echoes: in.Texts("messages"),
	}, nil
}

// activateSubscription exchanges an activation code with the portal inside the
// request (contract §2.4).
func (r *gqlRun) activateSubscription(args graphqlrun.Args) (any, error) {
	if err := r.mayMutate(); err != nil {
		return nil, err
	}
	if !r.c.effectiveAdmin() {
		return nil, errNotAvailable
	}
	in := args.Object("input")
	p := &mutationPayload{clientMutationID: in.Text("clientMutationId"), errors: r.c.s.activate(*in.Text("activationCode"))}
	if len(p.errors) == 0 {
		p.license, p.future = r.c.currentLicense(), r.c.futureTerms()
	}
	return p, nil
}

// processPromotion decides what one person asked for.
func (r *gqlRun) processPromotion(args graphqlrun.Args) (any, error) {
	if err := r.mayMutate(); err != nil {
		return nil, err
	}
	in := args.Object("input")
	id, ok := idIn(in.Text("userId"), "User")
	if !ok || !r.c.s.promotionsManaged(r.c.now) || !r.c.effectiveAdmin() {
		return nil, errNotAvailable
	}
	a, ok := r.c.s.world.at(id)
	if !ok {
		return nil, errNotAvailable
	}
	r.c.s.promotions.decide(r.c.s.world, r.c.s.seed, a, *in.Text("status"))
	return &mutationPayload{clientMutationID: in.Text("clientMutationId"), result: "SUCCESS"}, nil
}

// mutationPayload is the answer of a mutation: what all have, and what some have
// besides.
type mutationPayload struct {
	clientMutationID *string
	errors           []string // what the operation itself refused

	echoes  []string          // echoCreate
	license *licenseResolver  // gitlabSubscriptionActivate
	future  []*futureResolver // gitlabSubscriptionActivate
	result  string            // processUserBillablePromotionRequest
}

// payloadFields answer a payload: the fields of every one, whose errors are never
// null, and one kind's own.
func payloadFields(own map[string]graphqlrun.Resolver) map[string]graphqlrun.Resolver {
	own["clientMutationId"] = graphqlrun.Maybe(func(p *mutationPayload) *string { return p.clientMutationID })
	own["errors"] = graphqlrun.List(func(p *mutationPayload) []string { return append([]string{}, p.errors...) })
	return own
}

// promotions are the role promotions that wait for an administrator: a few
// people without a seat whom somebody wants to give a role with one.
type promotions struct {
	filled bool
	queue  []promotion
}

type promotion struct {
	user  uint32
	level uint8 // the highest that was asked for
}

// queuedPeople is how many wait when the instance is born.
const queuedPeople = 5

// promotionsManaged: approval of promotions comes with Ultimate (contract §6.7).
func (s *Server) promotionsManaged(now time.Time) bool {
	l := s.subscription.current(now)
	return l != nil && l.plan == "ultimate" && !l.expired(now)
}

// waiting gives the queue, which is filled when somebody first looks.
func (p *promotions) waiting(w *world, seed uint64) []promotion {
	if p.filled {
		return p.queue
	}
	p.filled = true
	levels := [...]uint8{developer, reporter, developer, maintainer}
	n := len(w.accounts)
	from := int(mix(seed, "promotions", 0) % uint64(n))
	for i := 0; i < n && len(p.queue) < queuedPeople; i++ {
		a := &w.accounts[(from+i)%n]
		if st := w.standingOf(a); a.kind == human && a.state == active && !a.has(flagGone) && st.highest == guest && !st.elevated {
			p.queue = append(p.queue, promotion{a.id, levels[len(p.queue)%len(levels)]})
		}
	}
	return p.queue
}

// decide takes a person off the queue and, if that was approved, gives the
// role. Pending leaves everything as it is.
func (p *promotions) decide(w *world, seed uint64, a *account, status string) {
	i := slices.IndexFunc(p.waiting(w, seed), func(q promotion) bool { return q.user == a.id })
	if i < 0 || status == "PENDING" {
		return
	}
	if rows := w.membershipsOf(a); status == "APPROVED" {
		granted := slices.IndexFunc(rows, func(m membership) bool { return m.flags&memberRequest == 0 })
		rows[granted].level = p.queue[i].level
		w.revision++
	}
	p.queue = slices.Delete(p.queue, i, i+1)
}

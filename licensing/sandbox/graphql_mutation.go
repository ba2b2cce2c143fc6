package sandbox

import (
	"context"
	"slices"
	"time"
)

// mutationResolver answers the fields of Mutation; each method has a field's
// name.
type mutationResolver struct{}

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

// EchoCreate repeats what it is given; it is there to test clients with.
func (*mutationResolver) EchoCreate(ctx context.Context, args struct {
	Input struct {
		Errors           *[]string
		Messages         *[]string
		ClientMutationID *string
	}
}) (*echoPayload, error) {
	if err := runOf(ctx).mayMutate(); err != nil {
		return nil, err
	}
	p := &echoPayload{mutationPayload{args.Input.ClientMutationID, nil}, args.Input.Messages}
	if args.Input.Errors != nil {
		p.errors = *args.Input.Errors
	}
	return p, nil
}

// GitlabSubscriptionActivate exchanges an activation code with the portal
// inside the request (contract §2.4).
func (*mutationResolver) GitlabSubscriptionActivate(ctx context.Context, args struct {
	Input struct {
		ActivationCode   string
		ClientMutationID *string
	}
}) (*activatePayload, error) {
	r := runOf(ctx)
	if err := r.mayMutate(); err != nil {
		return nil, err
	}
	if !r.c.effectiveAdmin() {
		return nil, errNotAvailable
	}
	p := &activatePayload{mutationPayload: mutationPayload{args.Input.ClientMutationID, r.c.s.activate(args.Input.ActivationCode)}}
	if len(p.errors) == 0 {
		p.license, p.future = r.c.currentLicense(), r.c.futureTerms()
	}
	return p, nil
}

// ProcessUserBillablePromotionRequest decides what one person asked for.
func (*mutationResolver) ProcessUserBillablePromotionRequest(ctx context.Context, args struct {
	Input struct {
		ClientMutationID *string
		Status           string
		UserID           globalID
	}
}) (*promotionPayload, error) {
	r := runOf(ctx)
	if err := r.mayMutate(); err != nil {
		return nil, err
	}
	id, ok := args.Input.UserID.number("User")
	if !ok || !r.c.s.promotionsManaged(r.c.now) || !r.c.effectiveAdmin() {
		return nil, errNotAvailable
	}
	a, ok := r.c.s.world.at(id)
	if !ok {
		return nil, errNotAvailable
	}
	r.c.s.promotions.decide(r.c.s.world, r.c.s.seed, a, args.Input.Status)
	result := "SUCCESS"
	return &promotionPayload{mutationPayload{clientMutationID: args.Input.ClientMutationID}, &result}, nil
}

// mutationPayload is what every answer of a mutation has.
type mutationPayload struct {
	clientMutationID *string
	errors           []string
}

// ClientMutationID comes back as it was sent.
func (p *mutationPayload) ClientMutationID() *string { return p.clientMutationID }

// Errors are what the operation itself refused; never null.
func (p *mutationPayload) Errors() []string { return append([]string{}, p.errors...) }

type echoPayload struct {
	mutationPayload
	messages *[]string
}

func (p *echoPayload) Echoes() *[]string { return p.messages }

type activatePayload struct {
	mutationPayload
	license *licenseResolver
	future  []*futureResolver
}

func (p *activatePayload) License() *licenseResolver { return p.license }

func (p *activatePayload) FutureSubscriptions() *[]*futureResolver {
	future := append([]*futureResolver{}, p.future...)
	return &future
}

type promotionPayload struct {
	mutationPayload
	result *string
}

func (p *promotionPayload) Result() *string { return p.result }

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

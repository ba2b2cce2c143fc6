package sandbox

import (
	"math/rand/v2"
	"time"
)

// worldPlan is what a crowd is generated from.
type worldPlan struct {
	seed        uint64
	users       int
	born        time.Time
	plannerRole bool // the instance knows the Planner role
}

// cast is the part an account plays in the story.
type cast uint8

const (
	castMember     cast = iota // works: a role above Guest
	castElevated               // a Guest whose custom role occupies a seat
	castGuest                  // Guest memberships only
	castMinimal                // Minimal Access only
	castLoner                  // no membership at all
	castRequest                // has asked for access and waits
	castBlocked                // left; blocked by an administrator
	castLDAP                   // left; blocked by LDAP
	castRetired                // deactivated
	castBanned                 //
	castPending                // signed up, waits for approval
	castProjectBot             //
	castService                // service account
	castInternal               // the instance's own bots
	castImported               // placeholder and import users
)

// parts says how many of defaultUsers play each part; castMember takes the
// rest. It makes 962 accounts that need a seat on Ultimate.
var parts = map[cast]int{
	castElevated: 12, castGuest: 96, castMinimal: 14, castLoner: 18, castRequest: 4,
	castBlocked: 30, castLDAP: 12, castRetired: 28, castBanned: 3, castPending: 7,
	castProjectBot: 22, castService: 9, castInternal: 5, castImported: 4,
}

// crowd builds a world account by account.
type crowd struct {
	worldPlan
	w     *world
	rnd   *rand.Rand
	today int64 // days since 1970

	members int // castMember so far
}

// newWorld generates the accounts and memberships of an instance.
func newWorld(plan worldPlan, n *names) *world {
	w := &world{
		names: n, groups: 20 + plan.users/40, projects: 100 + plan.users/6,
		accounts: make([]account, 0, plan.users), members: make([]membership, 0, plan.users*2), live: plan.users,
	}
	c := &crowd{worldPlan: plan, w: w, rnd: rand.New(rand.NewPCG(plan.seed, 0x5ea7dec)), today: plan.born.Unix() / 86400}
	times := newBirthdays(plan, c.rnd)
	id := uint32(0)
	for i, part := range c.casting() {
		id++
		if i > 0 && c.rnd.IntN(12) == 0 {
			id += uint32(1 + c.rnd.IntN(3)) // accounts that were deleted since
		}
		a := account{id: id, created: times.next(i), members: uint32(len(w.members))}
		c.name(&a, i)
		c.play(&a, part)
		if i == 0 {
			c.makeRoot(&a)
		}
		a.count = uint8(uint32(len(w.members)) - a.members)
		w.accounts = append(w.accounts, a)
	}
	return w
}

// casting deals the parts; the first account is always a member.
func (c *crowd) casting() []cast {
	out := make([]cast, c.users)
	at := 1
	for part := castElevated; part <= castImported; part++ {
		for range max(1, parts[part]*c.users/defaultUsers) {
			out[at] = part
			at++
		}
	}
	rest := out[1:]
	c.rnd.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	return out
}

// name picks the i-th pair of names. The step is coprime to the number of
// pairs, so each pair comes once before any comes again.
func (c *crowd) name(a *account, i int) {
	pairs := len(c.w.names.given) * len(c.w.names.family)
	step := 7919
	for gcd(step, pairs) != 1 {
		step++
	}
	pair := (i*step + int(c.seed%uint64(pairs))) % pairs
	a.given, a.family = uint16(pair/len(c.w.names.family)), uint16(pair%len(c.w.names.family))
	a.again = uint8(i / pairs)
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// play gives an account its state, its kind, its memberships and its days.
func (c *crowd) play(a *account, part cast) {
	switch part {
	case castProjectBot, castService, castInternal, castImported:
		c.playBot(a, part)
		return
	case castElevated:
		c.join(guest, memberElevated)
	case castGuest:
		for range 1 + c.rnd.IntN(3) {
			c.join(guest, 0)
		}
	case castMinimal:
		c.w.members = append(c.w.members, membership{source: uint32(1 + c.rnd.IntN(c.w.groups)), level: minimalAccess})
	case castRequest:
		c.join(developer, memberRequest)
	case castLoner, castPending:
	default:
		c.work()
	}
	a.state = [...]state{castBlocked: blocked, castLDAP: ldapBlocked, castRetired: deactivated, castBanned: banned, castPending: pendingApproval}[min(part, castPending)]
	c.decorate(a, part)
	c.live(a, part)
}

// playBot makes one of the accounts nobody sits behind.
func (c *crowd) playBot(a *account, part cast) {
	switch part {
	case castProjectBot:
		a.kind = projectBot
		c.w.members = append(c.w.members, membership{source: uint32(c.w.groups + 1 + c.rnd.IntN(c.w.projects)), level: maintainer})
	case castService:
		a.kind = serviceAccount
		c.join(developer, 0)
	case castInternal:
		a.kind = [...]kind{ghost, supportBot, alertBot, securityBot, duoReviewBot}[c.rnd.IntN(5)]
	default:
		a.kind = [...]kind{placeholder, importUser}[c.rnd.IntN(2)]
	}
	if !a.kind.isInternal() && c.rnd.IntN(4) > 0 {
		a.activity = c.dayNear(a, c.rnd.Int64N(25))
	}
}

// work gives a member a role above Guest somewhere, and lesser ones beside it.
func (c *crowd) work() {
	level := uint8(developer)
	switch p := c.rnd.IntN(100); {
	case p < 6 && c.plannerRole:
		level = planner
	case p < 18:
		level = reporter
	case p < 34:
		level = maintainer
	case p < 39:
		level = owner
	}
	c.join(level, 0)
	for range c.rnd.IntN(3) {
		c.join(min(level, [...]uint8{guest, reporter, developer}[c.rnd.IntN(3)]), 0)
	}
	if c.rnd.IntN(30) == 0 {
		c.join(maintainer, memberRequest)
	}
}

// join adds one membership, mostly of a project.
func (c *crowd) join(level uint8, flags memberFlag) {
	source := 1 + c.rnd.IntN(c.w.groups)
	if c.rnd.IntN(3) > 0 {
		source = c.w.groups + 1 + c.rnd.IntN(c.w.projects)
	}
	c.w.members = append(c.w.members, membership{source: uint32(source), level: level, flags: flags})
}

// decorate sets the facts that have no effect on a seat.
func (c *crowd) decorate(a *account, part cast) {
	chance := func(percent int, f flag) {
		if c.rnd.IntN(100) < percent {
			a.flags |= f
		}
	}
	chance(42, flagTwoFactor)
	chance(6, flagExternal)
	chance(4, flagPrivate)
	chance(5, flagNote)
	chance(20, flagPublicEmail)
	switch identity := c.rnd.IntN(100); {
	case part == castLDAP || identity < 45:
		a.flags |= flagLDAP
	case identity < 75:
		a.flags |= flagSAML
	}
	if part == castMember {
		c.members++
		switch c.members % 400 { // a few of each, however small the crowd and whatever the seed
		case 15, 200:
			a.flags |= flagAdmin
		case 30:
			a.flags |= flagAuditor
		case 40:
			a.flags |= flagLocked
		}
	}
	if part == castPending {
		chance(40, flagUnconfirmed)
	}
}

// live gives an account its newest sign-in and activity. Recent, idle, dormant
// and never are all common enough to be seen.
func (c *crowd) live(a *account, part cast) {
	var ago int64
	switch p := c.rnd.IntN(100); {
	case part == castPending || part <= castElevated && p < 4:
		return // never signed in
	case part == castRetired:
		ago = 95 + c.rnd.Int64N(400)
	case part >= castBlocked:
		ago = 20 + c.rnd.Int64N(700)
	case p < 74:
		ago = c.rnd.Int64N(30)
	case p < 87:
		ago = 30 + c.rnd.Int64N(60)
	case p < 97:
		ago = 90 + c.rnd.Int64N(500)
	default:
		return
	}
	a.activity = c.dayNear(a, ago)
	signIn := int64(a.activity)*86400 - c.rnd.Int64N(12)*86400 + 6*3600 + c.rnd.Int64N(12*3600)
	a.signIn = uint32(min(max(signIn, a.created/1000+60), c.born.Unix()))
}

// dayNear is the day so many days ago, but never before the account existed.
func (c *crowd) dayNear(a *account, ago int64) uint16 {
	return uint16(max(c.today-ago, a.created/1000/86400))
}

// makeRoot turns the first account into the administrator the tokens belong to.
func (c *crowd) makeRoot(a *account) {
	a.family = rootName
	a.flags = flagAdmin | flagTwoFactor
	a.activity, a.signIn = c.dayNear(a, 0), uint32(c.born.Add(-3*time.Hour).Unix())
	a.state = active
}

// birthdays gives creation times that never fall: four years of growth with
// one bulk import, in which an eighth of all accounts came in twenty minutes.
type birthdays struct {
	start, end, burst  int64 // Unix milliseconds
	users, first, last int   // positions of the import
	previous           int64
	rnd                *rand.Rand
}

func newBirthdays(plan worldPlan, rnd *rand.Rand) *birthdays {
	day := plan.born.Truncate(24 * time.Hour)
	first := plan.users * 3 / 10
	b := &birthdays{
		start: day.AddDate(-4, 0, 0).UnixMilli(), end: day.AddDate(0, 0, -2).UnixMilli(),
		users: plan.users, first: first, last: first + plan.users/8, rnd: rnd,
	}
	b.burst = b.at(first) + int64(2*time.Hour/time.Millisecond)
	return b
}

// at is the time the i-th account would have come without the import.
func (b *birthdays) at(i int) int64 {
	return b.start + int64(float64(b.end-b.start)*float64(i)/float64(b.users))
}

func (b *birthdays) next(i int) int64 {
	t := b.at(i) + b.rnd.Int64N(40*60*1000)
	if i >= b.first && i < b.last {
		t = b.burst + int64(20*60*1000)*int64(i-b.first)/int64(b.last-b.first)
	}
	b.previous = max(t, b.previous)
	return b.previous
}

package model

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// sampleToday is the day all samples are seen from.
var sampleToday = Date(2026, time.November, 21)

var (
	sampleFirst   = strings.Fields("Ida Tomasz Grace Henrik Priya Luc Sabine Danilo Aoife Yusuf Marta Olu Jonas Chloé Viktor Hannah Marco Sofía İbrahim Leila Erik ΑΘΗΝΆ Омар 鈴木 Straße ÅSA")
	sampleLast    = strings.Fields("Lindqvist Wójcik Mbeki Sørensen Raghavan Moreau Köhler Ferri Brennan DEMİR Garcia Novák Álvarez Zahra Petrov Weiss Bianchi Haddad O'Neil Kazlauskas")
	sampleDomains = strings.Fields("example.com example.org mail.example.net Corp.Example lab.example.edu münchen.example")
	sampleVia     = []string{"", "ldapmain", "saml", "Google_OAuth2", "ldapsecondary"}
)

// sampleAccount makes up an account. About one in eight has an odd value: no
// e-mail, no dates, a name that is empty or long.
func sampleAccount(rng *rand.Rand, id int64) Account {
	first, last := sampleFirst[rng.IntN(len(sampleFirst))], sampleLast[rng.IntN(len(sampleLast))]
	user := fmt.Sprintf("%.1s%s%d", strings.ToLower(first), strings.ToLower(last), id)
	a := Account{
		ID: id, Username: Clean(user), Name: Clean(first + " " + last),
		Email:   Clean(user + "@" + sampleDomains[rng.IntN(len(sampleDomains))]),
		State:   State(rng.IntN(int(StateBanned) + 1)),
		Flags:   Flags(rng.IntN(int(FlagPrivate) << 1)),
		Created: sampleToday.Add(-rng.IntN(1200)), Provider: Clean(sampleVia[rng.IntN(len(sampleVia))]),
		LastActivity: sampleToday.Add(-rng.IntN(500)), LastSignIn: sampleToday.Add(-rng.IntN(500)),
	}
	if rng.IntN(3) > 0 {
		a.State = StateActive
	}
	switch rng.IntN(24) {
	case 0:
		a.Email = Text{}
	case 1:
		a.Name = Clean(strings.Repeat("long name ", 40))
	case 2:
		a.Name, a.Created = Text{}, 0
	}
	if rng.IntN(6) == 0 {
		a.LastActivity = 0
	}
	if rng.IntN(6) == 0 {
		a.LastSignIn = 0
	}
	return a
}

// sampleAccounts returns n accounts with ids that have gaps, ascending.
func sampleAccounts(rng *rand.Rand, n int) []Account {
	out := make([]Account, n)
	id := int64(0)
	for i := range out {
		id += 1 + int64(rng.IntN(3))
		out[i] = sampleAccount(rng, id)
	}
	return out
}

func sampleAsOf() AsOf { return Live(time.Date(2026, 11, 21, 9, 41, 0, 123, time.UTC)) }

func sampleRoster(rng *rand.Rand, n int) *Roster {
	return NewRoster(sampleAccounts(rng, n), sampleAsOf(), true)
}

func sampleRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }

package model

import (
	"fmt"
	"strings"
	"time"
)

// Consent is a person's yes to exactly one plan. Only [ChangePlan.Agree] and
// [ChangePlan.AgreeByFlag] make one; the zero Consent covers nothing. Whether the
// words were typed by hand, and not pasted or typed ahead, is what front ends
// watch over.
type Consent struct {
	hash PlanHash
	how  string
}

// The ways of consenting, as the journal keeps them.
const (
	consentPhrase = "phrase"
	consentFlag   = "--yes"
)

// Phrase returns what has to be typed to agree to the plan: "y", the object's
// name, or "N on host". It is empty when nothing can agree to it.
func (p ChangePlan) Phrase() string {
	switch {
	case p.Empty():
		return ""
	case p.Level == DangerOne:
		return "y"
	case p.Level == DangerName:
		return p.Object
	case p.Level == DangerMany && p.Instance.Host != "":
		return fmt.Sprintf("%d on %s", len(p.Steps), p.Instance.Host)
	}
	return ""
}

// Agree gives consent when the phrase is the right one for the plan's level,
// letter by letter; level 1 also takes "yes", and capitals. An expired plan
// takes no consent.
func (p ChangePlan) Agree(phrase string, now time.Time) (Consent, *Error) {
	want := p.Phrase()
	right := want != "" && phrase == want
	if p.Level == DangerOne && want != "" {
		right = strings.EqualFold(phrase, "y") || strings.EqualFold(phrase, "yes")
	}
	if !right {
		next := "nothing was sent"
		if want != "" {
			next = "nothing was sent; it takes exactly: " + want
		}
		return Consent{}, Fail(ClassPartial, "confirm the plan", "this is not the confirmation of the plan", next)
	}
	return p.consent(consentPhrase, now)
}

// AgreeByFlag is the consent of a --yes on the command line. It is enough for
// level 1 only.
func (p ChangePlan) AgreeByFlag(now time.Time) (Consent, *Error) {
	if p.Level != DangerOne || p.Empty() {
		return Consent{}, Fail(ClassPartial, "confirm the plan", "--yes is not enough for this plan", "nothing was sent; use --confirm '"+p.Phrase()+"'")
	}
	return p.consent(consentFlag, now)
}

func (p ChangePlan) consent(how string, now time.Time) (Consent, *Error) {
	if err := p.Check(now, p.Instance, p.Operator); err != nil {
		return Consent{}, err
	}
	return Consent{p.Hash(), how}, nil
}

// Covers reports whether the consent was given to this plan as it is now.
func (c Consent) Covers(p ChangePlan) bool {
	return c.how != "" && c.hash != (PlanHash{}) && c.hash == p.Hash()
}

// How says how the consent was given: "phrase" or "--yes"; empty when none was.
func (c Consent) How() string { return c.how }

package model

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

const applyPlan = "apply the plan"

// PlanHash is the SHA-256 over everything a plan says. The zero value is that
// of no plan.
type PlanHash [sha256.Size]byte

// String returns the hash in hexadecimal digits.
func (h PlanHash) String() string { return hex.EncodeToString(h[:]) }

// Hash returns the hash of the plan: any change to any field changes it. It is
// the zero hash when the plan cannot be written down.
func (p ChangePlan) Hash() PlanHash {
	p.Made, p.Expires = p.Made.UTC(), p.Expires.UTC()
	b, err := json.Marshal(p) // fields in their order, names of states sorted: one form for one plan
	if err != nil {
		return PlanHash{}
	}
	return sha256.Sum256(append([]byte("seatdeck plan 1\n"), b...))
}

// ReceiptOf returns the receipt for a text that is put before a person.
func ReceiptOf(title string, shown []byte) Receipt {
	sum := sha256.Sum256(shown)
	return Receipt{Title: title, Bytes: len(shown), SHA256: hex.EncodeToString(sum[:])}
}

// Check tells why the plan may not be applied now on this instance with this
// token's account; nil when it may.
func (p ChangePlan) Check(now time.Time, instance PlanInstance, operator PlanOperator) *Error {
	if err := p.wellFormed(); err != nil {
		return err
	}
	switch {
	case p.Instance.Key != instance.Key, !p.Instance.UUID.Empty() && !instance.UUID.Empty() && p.Instance.UUID != instance.UUID:
		return Fail(ClassRefused, applyPlan, fmt.Sprintf("it was made for another instance (%s)", p.Instance.Host), "make the plan anew on this instance")
	case p.Operator.ID != operator.ID:
		return Fail(ClassRefused, applyPlan, fmt.Sprintf("it was made with the token of %s, and the token in use is that of %s", p.Operator.Username, operator.Username), "make the plan anew")
	case now.Before(p.Made):
		return Fail(ClassChanged, applyPlan, "by this machine's clock it was made in the future", "check the clock, then make the plan anew")
	case !now.Before(p.Expires):
		return Fail(ClassChanged, applyPlan, "it has expired at "+p.Expires.UTC().Format("2006-01-02 15:04 MST"), "make the plan anew")
	}
	return nil
}

// wellFormed tells what no plan may lack. That it fails is our fault.
func (p ChangePlan) wellFormed() *Error {
	why := ""
	switch {
	case p.Schema != PlanSchema || p.Version != PlanVersion:
		return Fail(ClassUsage, applyPlan, "this version does not know plans of this form", "make the plan anew")
	case p.ID == "" || p.Kind == "" || p.Title == "" || p.Instance.Key == "" || p.Operator.ID == 0:
		why = "it lacks its id, kind, title, instance or account"
	case p.Level < DangerOne || p.Level > DangerMany:
		why = "its level is none"
	case p.Level != DangerMany && len(p.Steps) > 1:
		why = "several steps need the consent for many"
	case p.Expires.Before(p.Made) || p.Expires.Sub(p.Made) > planLife:
		why = "it would live for more than a day"
	default:
		for _, s := range p.Steps {
			if op, ok := OperationNamed(s.Operation); !ok || !op.Writes || s.Target == "" {
				why = fmt.Sprintf("a step %q is no change of a target", s.Operation)
			}
		}
	}
	if why == "" && p.Hash() == (PlanHash{}) {
		why = "it cannot be written down"
	}
	if why == "" {
		return nil
	}
	return Fail(ClassInternal, applyPlan, "the plan is not sound: "+why, "report this as a bug")
}

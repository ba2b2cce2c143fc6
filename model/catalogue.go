package model

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Tier is the licence list in GitLab's source that a feature belongs to. The
// starter list is sold as Premium today (contract §8).
type Tier string

// The tiers.
const (
	TierStarter  Tier = "starter"
	TierPremium  Tier = "premium"
	TierUltimate Tier = "ultimate"
)

// Title returns the plan that sells the tier today.
func (t Tier) Title() string {
	if t == TierUltimate {
		return "Ultimate"
	}
	return "Premium"
}

// InPlan reports whether a licence of the plan includes the tier.
func (t Tier) InPlan(p Plan) bool {
	switch p {
	case PlanUltimate, "gold":
		return true
	case PlanPremium, "silver":
		return t == TierStarter || t == TierPremium
	case PlanStarter, "bronze":
		return t == TierStarter
	}
	return false
}

// Release is a GitLab release by its two numbers. The zero value is unknown.
type Release struct{ Major, Minor int }

// Known reports whether there is a release.
func (r Release) Known() bool { return r.Major > 0 }

// String returns 16.5, or "–" when unknown.
func (r Release) String() string {
	if !r.Known() {
		return "–"
	}
	return fmt.Sprintf("%d.%d", r.Major, r.Minor)
}

// MarshalJSON writes "16.5" or null.
func (r Release) MarshalJSON() ([]byte, error) {
	if !r.Known() {
		return []byte("null"), nil
	}
	return []byte(strconv.Quote(r.String())), nil
}

// UnmarshalJSON reads "16.5" or null.
func (r *Release) UnmarshalJSON(b []byte) error {
	*r = Release{}
	if string(b) == "null" {
		return nil
	}
	major, minor, ok := strings.Cut(strings.Trim(string(b), `"`), ".")
	m, err1 := strconv.ParseUint(major, 10, 8)
	n, err2 := strconv.ParseUint(minor, 10, 8)
	if !ok || err1 != nil || err2 != nil || m == 0 {
		return fmt.Errorf("%s is not a release like 16.5", b)
	}
	*r = Release{int(m), int(n)}
	return nil
}

// Feature is one registration feature.
type Feature struct {
	Name       string   `json:"name"`
	Since      Release  `json:"since"` // first release with it as a registration feature; unknown where nobody documents it
	Keys       []string `json:"keys"`  // names in GitLab's licensed feature lists
	Tier       Tier     `json:"tier"`
	Brief      string   `json:"brief"`      // what it does in a few words, at most [BriefCols] cells
	What       string   `json:"what"`       // the same as one sentence
	Documented bool     `json:"documented"` // in GitLab's own table of registration features
}

// BriefCols is the room of a feature's few words in a list.
const BriefCols = 20

// Catalogue is the dated list of registration features (contract §8).
type Catalogue struct {
	AsOf     Day       `json:"as_of"`
	Source   string    `json:"source"`
	Features []Feature `json:"features"`
}

// ParseCatalogue reads the embedded list (catalogue/features.json), strictly:
// unknown members, unknown tiers, doubled names or keys are errors.
func ParseCatalogue(data []byte) (Catalogue, error) {
	var doc struct {
		Schema  string `json:"schema"`
		Version int    `json:"version"`
		Catalogue
	}
	if err := strictJSON(data, &doc); err != nil {
		return Catalogue{}, fmt.Errorf("feature catalogue: %w", err)
	}
	if doc.Schema != "seatdeck.features" || doc.Version != 1 {
		return Catalogue{}, errors.New("feature catalogue: not a catalogue of version 1")
	}
	if !doc.AsOf.Known() || len(doc.Features) == 0 {
		return Catalogue{}, errors.New("feature catalogue: date or features are missing")
	}
	seen := map[string]bool{}
	for _, f := range doc.Features {
		if err := f.check(seen); err != nil {
			return Catalogue{}, fmt.Errorf("feature catalogue: %w", err)
		}
	}
	return doc.Catalogue, nil
}

func (f Feature) check(seen map[string]bool) error {
	if f.Name == "" || f.Brief == "" || f.What == "" || len(f.Keys) == 0 {
		return fmt.Errorf("feature %q lacks its name, words or keys", f.Name)
	}
	if n := utf8.RuneCountInString(f.Brief); n > BriefCols {
		return fmt.Errorf("feature %q says in %d letters what it does, not in %d", f.Name, n, BriefCols)
	}
	switch f.Tier {
	case TierStarter, TierPremium, TierUltimate:
	default:
		return fmt.Errorf("feature %q has the unknown tier %q", f.Name, f.Tier)
	}
	for _, k := range append([]string{f.Name}, f.Keys...) {
		if seen[k] {
			return fmt.Errorf("%q is there twice", k)
		}
		seen[k] = true
	}
	return nil
}

package model

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Version is a GitLab version such as 19.5.1-ee.
type Version struct {
	Major, Minor, Patch int
	Suffix              string // "ee", "ce", "pre" or empty
}

// ParseVersion reads the version member of GET /metadata (contract §9), such as
// 19.5.1-ee.
func ParseVersion(s string) (Version, error) {
	num, suffix, _ := strings.Cut(strings.TrimSpace(s), "-")
	parts := strings.Split(num, ".")
	if len(parts) < 2 || len(parts) > 3 {
		return Version{}, fmt.Errorf("%q is not a GitLab version", Clean(s))
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.ParseUint(p, 10, 16)
		if err != nil {
			return Version{}, fmt.Errorf("%q is not a GitLab version", Clean(s))
		}
		n[i] = int(v)
	}
	if n[0] == 0 {
		return Version{}, fmt.Errorf("%q is not a GitLab version", Clean(s))
	}
	return Version{n[0], n[1], n[2], CleanN(suffix, 40).String()}, nil
}

// Known reports whether the version was read.
func (v Version) Known() bool { return v.Major > 0 }

// AtLeast reports whether v is major.minor or newer. An unknown version is not.
func (v Version) AtLeast(major, minor int) bool {
	return v.Known() && (v.Major > major || v.Major == major && v.Minor >= minor)
}

// String returns 19.5.1-ee, or "–" when unknown.
func (v Version) String() string {
	if !v.Known() {
		return "–"
	}
	s := fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch)
	if v.Suffix != "" {
		s += "-" + v.Suffix
	}
	return s
}

// Short returns major.minor, as documentation names versions.
func (v Version) Short() string {
	if !v.Known() {
		return "–"
	}
	return fmt.Sprintf("%d.%d", v.Major, v.Minor)
}

// MarshalJSON writes the version as text, or null.
func (v Version) MarshalJSON() ([]byte, error) {
	if !v.Known() {
		return []byte("null"), nil
	}
	return json.Marshal(v.String())
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Version) UnmarshalJSON(b []byte) error {
	*v = Version{}
	if string(b) == "null" {
		return nil
	}
	var s string
	if err := DecodeJSON(b, &s); err != nil {
		return err
	}
	p, err := ParseVersion(s)
	*v = p
	return err
}

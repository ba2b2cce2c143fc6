package sandbox

import (
	"fmt"
	"strconv"
	"strings"
)

// version is a GitLab version. The zero value is older than everything.
type version struct {
	major, minor, patch int
}

// parseVersion reads "18.4.1" with an optional "-ee" or "-ce" at its end.
func parseVersion(s string) (version, error) {
	core, _, _ := strings.Cut(s, "-")
	parts := strings.Split(core, ".")
	if len(parts) < 2 || len(parts) > 3 {
		return version{}, fmt.Errorf("%q is not a version such as 19.5.1-ee", s)
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || v < 0 {
			return version{}, fmt.Errorf("%q is not a version such as 19.5.1-ee", s)
		}
		n[i] = v
	}
	return version{n[0], n[1], n[2]}, nil
}

// atLeast reports whether v is major.minor or newer.
func (v version) atLeast(major, minor int) bool {
	return v.major > major || v.major == major && v.minor >= minor
}

// String gives the bare number, without an edition.
func (v version) String() string {
	return fmt.Sprintf("%d.%d.%d", v.major, v.minor, v.patch)
}

// The eras that change behaviour. Each names one change, so that a handler
// reads as a sentence. Sources: contract §1.10, §5.1, §5.2, §6.1, §7.1, §7.7,
// §9, §11.7.

// hasUserKeyset: keyset paging of /users.
func (v version) hasUserKeyset() bool { return v.atLeast(16, 5) }

// hasOffsetLimit: offset paging refused beyond 50,000 users.
func (v version) hasOffsetLimit() bool { return v.atLeast(17, 0) }

// hasServicePing: the cached payload has an endpoint.
func (v version) hasServicePing() bool { return v.atLeast(16, 9) }

// hasOptionalMetrics: the switch for optional metrics is in the API, and the
// registration features depend on it.
func (v version) hasOptionalMetrics() bool { return v.atLeast(16, 10) }

// hasUsageExport: the seat history can be had as CSV.
func (v version) hasUsageExport() bool { return v.atLeast(16, 4) }

// hasMetadata: /metadata exists beside /version.
func (v version) hasMetadata() bool { return v.atLeast(15, 2) }

// hasTokenSelf: a token can describe itself.
func (v version) hasTokenSelf() bool { return v.atLeast(15, 5) }

// hasAdminModeScope: administration with a token needs a scope of its own
// when Admin Mode is on.
func (v version) hasAdminModeScope() bool { return v.atLeast(15, 8) }

// maintenanceIs503: maintenance mode answers 503 instead of 403.
func (v version) maintenanceIs503() bool { return v.atLeast(18, 3) }

// minimalAccessFree: Minimal Access takes no seat on any plan.
func (v version) minimalAccessFree() bool { return v.atLeast(18, 9) }

// rateHeadersAlways: throttling headers are on every answer, not on 429 only.
func (v version) rateHeadersAlways() bool { return v.atLeast(18, 0) }

package gitlab

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"seatdeck/model"
)

// busy reports whether a status says "not now".
func busy(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// passing reports whether an error may go away by itself: a lost connection
// may; a certificate that does not fit, a limit of ours or a decision of ours
// may not.
func passing(err error) bool {
	for _, limit := range []error{errTooBig, errHeaderBig, errEncoding} {
		if errors.Is(err, limit) {
			return false
		}
	}
	if _, ours := errors.AsType[*model.Error](err); ours {
		return false
	}
	_, _, _, encryption := describeTLS(site{}, err)
	return !encryption && !notHTTP(err)
}

// pauseBefore returns how long to wait before the attempt after n, and whether
// the instance ordered that wait itself.
func pauseBefore(n int, c *call, err error, now time.Time) (time.Duration, bool) {
	if err == nil {
		if d, ok := retryAfter(c.header.Get("Retry-After"), now); ok {
			return d, true
		}
	}
	base := 250 * time.Millisecond
	if err == nil && c.status == http.StatusTooManyRequests {
		base = time.Second
	}
	span := base << n
	return span/2 + rand.N(span/2+1), false
}

// retryAfter reads a Retry-After header: seconds, or an HTTP date. Zero,
// negative, past and unreadable ones count as absent (faults S-07).
func retryAfter(v string, now time.Time) (time.Duration, bool) {
	if v = strings.TrimSpace(v); v == "" {
		return 0, false
	}
	if n, err := strconv.ParseInt(v, 10, 64); err == nil {
		if n <= 0 {
			return 0, false
		}
		return time.Duration(min(n, int64(365*24*time.Hour/time.Second))) * time.Second, true
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0, false
	}
	d := at.Sub(now)
	return d, d > 0
}

// tooLong is the refusal to sit out an ordered wait past the cap.
func tooLong(op model.Operation, pause time.Duration) *model.Error {
	return model.Fail(model.ClassLocked, op.What,
		fmt.Sprintf("the instance asks to wait %s before the next request", roughly(pause)),
		"try again after that, or ask for a higher rate limit for this token's account")
}

// roughly words a wait for people.
func roughly(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()+0.5))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()+0.5))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()+0.5))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24+0.5))
}

package sandbox

import (
	"net/http"
	"strconv"
	"time"
)

// rateLimit is the general API throttle: a fixed window of one minute for each
// token, off unless the knob turns it on (contract §11.6).
type rateLimit struct {
	perMinute int
	window    int64 // Unix minute the counts belong to
	seen      map[string]int
}

// allow counts a request and answers 429 when it is one too many.
func (l *rateLimit) allow(c *call) bool {
	if l.perMinute == 0 {
		return true
	}
	if minute := c.now.Unix() / 60; minute != l.window || l.seen == nil {
		l.window, l.seen = minute, map[string]int{}
	}
	who := "anonymous"
	if c.token != nil {
		who = c.token.value
	}
	l.seen[who]++
	observed := l.seen[who]
	over := observed > l.perMinute
	reset := time.Unix((l.window+1)*60, 0).UTC()
	if over || c.s.knobs.version.rateHeadersAlways() {
		h := c.header
		h.Set("RateLimit-Limit", strconv.Itoa(l.perMinute))
		h.Set("RateLimit-Name", "throttle_authenticated_api")
		h.Set("RateLimit-Observed", strconv.Itoa(observed))
		h.Set("RateLimit-Remaining", strconv.Itoa(max(0, l.perMinute-observed)))
		h.Set("RateLimit-Reset", strconv.FormatInt(reset.Unix(), 10))
	}
	if !over {
		return true
	}
	c.header.Set("RateLimit-ResetTime", reset.Format(http.TimeFormat))
	c.header.Set("Retry-After", strconv.Itoa(max(1, int(reset.Sub(c.now).Seconds()))))
	c.raw(http.StatusTooManyRequests, "text/plain", []byte("Retry later\n"))
	return false
}

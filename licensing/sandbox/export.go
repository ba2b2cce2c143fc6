package sandbox

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"
	"time"
)

// getUsageExport is GET /license/usage_export(.csv): the licence and its daily
// counts (contract §1.10). Without a licence the real handler falls over.
func getUsageExport(c *call) {
	l := c.s.subscription.current(c.now)
	if l == nil {
		c.fail(http.StatusInternalServerError, "500 Internal Server Error")
		return
	}
	if l.offline() {
		c.s.subscription.exportedAt = c.now // ends the monthly reminder
		c.writes = true
	}
	c.raw(http.StatusOK, "text/csv; charset=utf-8", c.s.usageCSV(l, c.now))
}

// usageCSV writes the file. The layout is part of what the vendor's own tools
// read: names, order, and a separator row of empty cells.
func (s *Server) usageCSV(l *license, now time.Time) []byte {
	const clock = "2006-01-02 15:04:05"
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	row := func(cells ...string) { _ = w.Write(cells) } // into memory: cannot fail
	row("License Key", l.key)
	row("Email", l.email)
	row("License Start Date", date(l.starts))
	end := ""
	if !l.expires.IsZero() {
		end = date(l.expires)
	}
	row("License End Date", end)
	row("Company", l.company)
	row("Generated At", now.Format(clock))
	w.Flush()
	// The separator is written by hand: the writer leaves empty cells bare.
	// Older versions wrote one cell and called the second column otherwise.
	header := "Billable User Count"
	if s.knobs.version.atLeast(17, 0) {
		b.WriteString("\"\",\"\"\n")
	} else {
		b.WriteString("\"\"\n")
		header = "Active User Count"
	}
	row("Date", header)
	for _, r := range s.subscription.rows {
		if !r.at.Before(l.starts) && (l.expires.IsZero() || r.at.Before(l.expires.AddDate(0, 0, 1))) {
			row(r.at.Format(clock), strconv.Itoa(r.count))
		}
	}
	w.Flush()
	return b.Bytes()
}

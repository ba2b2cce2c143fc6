package sandbox

import (
	"net/http"
	"strconv"
)

// getStatistics is GET /application/statistics. The values are text with
// digit groups, and approximate except active_users (contract §5.5).
func getStatistics(c *call) {
	w := c.s.world
	activeUsers := 0
	for i := range w.accounts {
		if a := &w.accounts[i]; a.state == active && !a.kind.isInternal() && !a.has(flagGone) {
			activeUsers++
		}
	}
	c.json(http.StatusOK, struct {
		Forks         string `json:"forks"`
		Issues        string `json:"issues"`
		MergeRequests string `json:"merge_requests"`
		Notes         string `json:"notes"`
		Snippets      string `json:"snippets"`
		SSHKeys       string `json:"ssh_keys"`
		Milestones    string `json:"milestones"`
		Users         string `json:"users"`
		Projects      string `json:"projects"`
		Groups        string `json:"groups"`
		ActiveUsers   string `json:"active_users"`
	}{
		Forks: grouped(w.projects / 3), Issues: grouped(w.live * 47), MergeRequests: grouped(w.live * 61), Notes: grouped(w.live * 403),
		Snippets: grouped(w.live / 2), SSHKeys: grouped(w.live * 2), Milestones: grouped(w.projects * 3),
		Users: grouped(w.live), Projects: grouped(w.projects), Groups: grouped(w.groups), ActiveUsers: grouped(activeUsers),
	})
}

// grouped writes a number with a comma between thousands.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	var out []byte
	for i, d := range []byte(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, d)
	}
	return string(out)
}

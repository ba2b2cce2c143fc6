package sandbox

import "net/http"

// graphqlError is the top-level form of an error in a GraphQL answer.
type graphqlError struct {
	Errors []messageText `json:"errors"`
}

// graphql is POST /api/graphql. A token that does not count is refused with
// 401 in GraphQL's own words (contract §11.4). An instance whose schema has
// none of the fields asked for answers 200 with errors (contract §2.1).
func (s *Server) graphql(c *call) {
	if c.refusal != accepted && c.refusal != tokenMissing {
		c.json(http.StatusUnauthorized, graphqlError{[]messageText{{"Invalid token"}}})
		return
	}
	c.json(http.StatusOK, graphqlError{[]messageText{{"Field doesn't exist on type 'Query'"}}})
}

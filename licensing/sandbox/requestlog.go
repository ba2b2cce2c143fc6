package sandbox

import (
	"slices"
	"time"
)

// Request is one line of the request log.
type Request struct {
	Time       time.Time // on the instance's clock
	Method     string
	Path       string // without the query
	Query      string // raw
	Writes     bool   // it asks for a change, whether or not it got one
	Credential string // private-token, bearer, parameter or none: where the token was
	User       string // username the token stands for; empty when nobody
	Operation  string // for GraphQL: the root fields asked for; for a change of settings: its members, as JSON; for a program on the server: its name
	Status     int
}

// maxLog bounds the log; the oldest half goes when it is full.
const maxLog = 200_000

type requestLog struct {
	lines []Request
}

func (l *requestLog) add(c *call) {
	line := Request{
		Time: c.now, Method: c.r.Method, Path: c.r.URL.Path, Query: c.r.URL.RawQuery,
		Writes: c.writes, Credential: string(c.credential), Operation: c.note, Status: c.status,
	}
	if c.user != nil {
		line.User = c.s.world.names.username(c.user)
	}
	l.keep(line)
}

func (l *requestLog) keep(line Request) {
	if len(l.lines) >= maxLog {
		l.lines = slices.Clone(l.lines[maxLog/2:])
	}
	l.lines = append(l.lines, line)
}

// Requests gives the request log, oldest first.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log.lines)
}

// Package graphqldoc reads GraphQL documents the way GitLab judges them: what
// they cost, where in them something is, and in which words they are refused.
//
// The validator words its refusals in its own way and stops at the first mistake
// of syntax. GitLab prices a document before it runs, gives the path of an error
// inside it, and answers with the sentences of graphql-ruby, which clients
// recognise. This package adds that, and knows of no instance, token or licence.
//
// Invariants: every text is either read or refused; no text makes it recurse
// deeper than maxNesting or look at more than MaxSelections selections; nothing
// here runs a resolver.
package graphqldoc

import "fmt"

// Location is where something begins in a document: line and column, both from
// one, columns in characters.
type Location struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Error is one entry of "errors" in an answer.
type Error struct {
	Message    string         `json:"message"`
	Locations  []Location     `json:"locations,omitempty"`
	Path       []any          `json:"path,omitempty"`
	Extensions map[string]any `json:"extensions,omitempty"`
}

// Document is what a request text defines.
type Document struct {
	operations []*Operation
	fragments  map[string]*fragment
}

// Empty reports a document without an operation, such as one of fragments only.
func (d *Document) Empty() bool { return len(d.operations) == 0 }

// Operation is one query, mutation or subscription.
type Operation struct {
	kind       string // query, mutation, subscription
	name       string // may be empty
	variables  []variable
	selections []selection
}

// variable is a declared variable.
type variable struct {
	loc        Location
	name       string
	wanted     writtenType
	hasDefault bool
}

// writtenType is a type as written: a name, or a list of something.
type writtenType struct {
	name     string
	list     *writtenType
	required bool
}

// String writes a type as GraphQL does, such as [String!]!.
func (t writtenType) String() string {
	text := t.name
	if t.list != nil {
		text = "[" + t.list.String() + "]"
	}
	if t.required {
		text += "!"
	}
	return text
}

// Kind is query, mutation or subscription.
func (op *Operation) Kind() string { return op.kind }

// Title is what sentences call an operation.
func (op *Operation) Title() string {
	if op.name == "" {
		return "anonymous " + op.kind
	}
	return op.name
}

// label is how GitLab's answers name an operation in a path.
func (op *Operation) label() string {
	if op.name == "" {
		return op.kind
	}
	return op.kind + " " + op.name
}

// fragment is a named fragment.
type fragment struct {
	on         string
	selections []selection
}

// selection is a field, a named fragment spread, or an inline fragment.
type selection struct {
	loc        Location
	inside     Location // of a fragment: what follows its three dots
	field      string   // name of a field; empty for fragments
	alias      string   // response key of a field
	spread     string   // name of a spread fragment
	on         string   // type condition of an inline fragment; may be empty
	args       []argument
	selections []selection
}

// argument is a named value.
type argument struct {
	name  string
	loc   Location
	value value
}

// value is a literal or a variable. Objects keep their members; lists keep
// only their text.
type value struct {
	loc      Location
	text     string // as written
	variable string // name, without the dollar sign
	object   []argument
}

// Operation picks what a request asks to run, or words why it cannot.
func (d *Document) Operation(name string) (op *Operation, refusal string) {
	if name == "" {
		if len(d.operations) > 1 {
			return nil, "An operation name is required"
		}
		return d.operations[0], ""
	}
	for _, op := range d.operations {
		if op.name == name {
			return op, ""
		}
	}
	return nil, fmt.Sprintf("No operation named %q", name)
}

// Package model holds the nouns and rules of a GitLab subscription: licences,
// terms, accounts, seats, registration features, syncs, and the arithmetic
// between them.
//
// It never talks to the world: no network, no files, no clock. Time is always
// a parameter, so every rule can be tested at any hour of any year.
//
// Invariants:
//   - every fact carries when it was true and where it came from ([AsOf]);
//   - unknown is a state of its own ([Opt], [Part]), never a zero;
//   - remote text exists only as [Text], cleaned once where it came in;
//   - values are immutable once published; functions return new ones.
package model

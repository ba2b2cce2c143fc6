// Package calendar drives the clock of a desk and its instance through weeks,
// and holds the history against the instance's own list of events.
//
// It holds tests only.
package calendar

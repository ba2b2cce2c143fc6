package model

import "time"

// Range is a span of creation times, both ends inclusive as GitLab treats them
// (contract §5.1). A zero end is open.
type Range struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// PageRequest asks for one page of accounts.
type PageRequest struct {
	Range  Range
	Cursor string // from the page before; "" for the first
	Desc   bool   // newest first; used with Size 1 to find the ends
	Size   int    // accounts a page, at most 100; 0 means 100
}

// Page is one page of accounts, oldest id first unless Desc.
type Page struct {
	Accounts []Account
	Created  []time.Time // exact creation times, one for each account: ranges are split by them
	Next     string      // cursor of the next page; "" when this was the last
	Total    Opt[int]    // how many there are in all; unknown with keyset paging
	Took     time.Duration
}

package model

import "time"

// Check is one question put to an instance or to this machine, with what came
// back: the rows of "instances test".
type Check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`              // nothing to repair: also when this edition or version does not have it
	Class  Class  `json:"class,omitempty"` // why it could not be read, where it could not
	Detail Text   `json:"detail"`          // what was found
	Next   Text   `json:"next"`            // what to do about it, when it is not OK
}

// Setting is one value of the configuration and where it was set.
type Setting struct {
	Key    string `json:"key"`    // such as instances.prod.url
	Value  string `json:"value"`  // never a secret; "–" when not set
	Origin string `json:"origin"` // file:line, "default", or an environment variable
}

// JournalReport is what checking a journal found.
type JournalReport struct {
	Dir      string   `json:"dir"`
	Verdict  string   `json:"verdict"`  // ok, torn, unchained, cut or altered
	Harmless bool     `json:"harmless"` // nothing is lost or changed: ok, or the trace of a crash
	Records  int      `json:"records"`
	First    uint64   `json:"first_seq"`
	Last     uint64   `json:"last_seq"`
	Head     string   `json:"head"`     // hash of the last record, for keeping elsewhere
	Problems []string `json:"problems"` // one line each
	Note     Text     `json:"note"`     // what a chain of hashes cannot show
}

// OldRecords are the oldest records of a journal, as far as they can be given up:
// whole files, none of whose records is as young as a given time.
type OldRecords struct {
	Files   int       `json:"files"`
	Records int       `json:"records"`
	First   uint64    `json:"first_seq"` // 0 where there are none
	Last    uint64    `json:"last_seq"`
	From    time.Time `json:"from"` // of the first record
	To      time.Time `json:"to"`   // of the last one
}

// CacheReport is what the cache of an instance holds and takes.
type CacheReport struct {
	Dir        string       `json:"dir"`
	Bytes      int64        `json:"bytes"`
	Accounts   Opt[int]     `json:"accounts"` // unknown: no accounts are kept, facts only
	PerAccount Opt[float64] `json:"bytes_per_account"`
	Saved      AsOf         `json:"saved"`
	TooOld     bool         `json:"too_old"`   // kept, but not served any more
	SetAside   bool         `json:"set_aside"` // a damaged database lies beside it
}

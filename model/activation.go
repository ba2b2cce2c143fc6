package model

// Activation is what an instance told after it took an activation code
// (contract §2.4). A code whose licence begins later leaves no licence now, only
// terms to come.
type Activation struct {
	Licensed Opt[bool] `json:"licensed"` // a licence holds now; unknown where the answer does not say
	Future   []Term    `json:"future"`   // soonest first, as far as this version tells
}

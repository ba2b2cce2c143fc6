package kit

// Level says how loud a message in the talk row is.
type Level int

// The levels. Done and Note go by themselves, Trouble and Failure stay until
// they are dealt with.
const (
	Note Level = iota
	Done
	Trouble
	Failure
)

// Say is a message from a part of the screen for the talk row. Returned by a
// command, it reaches the root wherever it comes from.
type Say struct {
	Level Level
	Text  string
	Next  string // what helps, shown after the text and in the list of messages
}

// Copy asks the root to send text to the terminal's clipboard, and says so.
type Copy struct {
	Text string
	What string // "3 usernames"
}

// Begin asks the root to begin an act: to plan it, to put the plan before the
// person, and to carry it out when they agree. Who asks need not know how. In a
// read-only profile nothing is planned, and the root says why.
type Begin struct {
	// Act is the kind of the act: "registration.enable",
	// "registration.disable", "registration.optional", "users.recount", or
	// "sync" whatever the driver.
	Act string
	// Choice is "on" or "off" for registration.optional, the driver for "sync"
	// ("" takes the profile's), and "" otherwise.
	Choice string
}

// LayOpen asks the root to lay open what the instance sends to the vendor, value
// by value.
type LayOpen struct{}

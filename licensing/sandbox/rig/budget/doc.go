// Package budget measures the whole program as people meet it: processes that
// start, paint their first frame on a pseudo-terminal, and answer a verb.
//
// It has tests and benchmarks only. What it claims are ratios to programs that
// do nothing else, measured in the same run round by round, because a time says
// little on a busy machine. Nothing here is asserted on time.
package budget

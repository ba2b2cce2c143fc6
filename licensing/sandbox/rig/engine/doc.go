// Package engine tries the write engine of a desk to the utmost: against a tiny
// server that lies, cuts and stalls, over real journal files, with processes
// that are killed at every point.
//
// It holds tests only. What a server got is counted at the server.
package engine

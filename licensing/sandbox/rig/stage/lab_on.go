//go:build lab

package stage

// Lab is on: slow rows run, and a missing tool is a failure.
const Lab = true

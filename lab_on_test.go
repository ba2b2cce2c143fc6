//go:build lab

package main

// inLab: slow rows run, and a missing tool is a failure.
const inLab = true

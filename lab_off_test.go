//go:build !lab

package main

// inLab: slow rows and missing tools are skipped, and said so.
const inLab = false

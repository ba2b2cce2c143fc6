//go:build !linux

package storage

// NetworkFS cannot tell on this system.
func NetworkFS(string) string { return "" }

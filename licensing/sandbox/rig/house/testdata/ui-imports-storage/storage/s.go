// Package storage is an example.
package storage

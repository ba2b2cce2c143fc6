// Package registration is an example.
package registration

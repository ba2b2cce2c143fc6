// Package gitlab is an example.
package gitlab

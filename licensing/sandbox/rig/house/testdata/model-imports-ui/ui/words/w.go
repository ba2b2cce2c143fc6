// Package words is an example.
package words

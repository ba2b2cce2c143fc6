// Package model is an example.
package model

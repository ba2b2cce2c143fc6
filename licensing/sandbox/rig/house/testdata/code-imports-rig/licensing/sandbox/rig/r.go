// Package rig is an example.
package rig

//go:build !lab

package cache

// thorough has every damage done to every file; the lab does that, and
// otherwise each kind of file meets a third of the kinds of damage.
const thorough = false

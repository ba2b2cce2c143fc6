//go:build lab

package survive

import "testing"

func TestLabEndings(t *testing.T) { endConsoles(t, 20) }

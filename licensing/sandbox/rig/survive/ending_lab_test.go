//go:build lab

package survive

import "testing"

func TestLabEndings(t *testing.T) {
	t.Parallel()
	endConsoles(t, 20)
}

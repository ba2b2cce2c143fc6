package gitlab

import (
	"context"
	"io"
)

// Examine puts every question once to the instance that o names. shapes, when
// not nil, receives types, keys and status codes of its answers, see
// [Client.Shapes].
func Examine(ctx context.Context, o Options, shapes io.Writer) ([]Check, error) {
	c, err := Dial(o)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	checks := c.Probe(ctx)
	if shapes != nil {
		err = c.Shapes(ctx, shapes)
	}
	return checks, err
}

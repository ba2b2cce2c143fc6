package licensing

import (
	"testing"
	"time"
)

func TestPace(t *testing.T) {
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	run := func(c *pace, n int, took time.Duration) int {
		for range n {
			c.page(took)
		}
		return c.want
	}
	c := newPace(8)
	if n := run(&c, 3, ms(300)); n != 2 {
		t.Errorf("%d workers before there is a base", n)
	}
	if n := run(&c, 20, ms(300)); n != 8 {
		t.Errorf("%d workers after many good pages", n)
	}
	if n := run(&c, 20, ms(500)); n != 8 {
		t.Errorf("%d workers after slow pages", n)
	}
	if n := run(&c, 1, ms(1000)); n != 4 {
		t.Errorf("%d workers after one very slow page", n)
	}
	if n := run(&c, 9, ms(1000)); n != 1 {
		t.Errorf("%d workers after many, one is the least", n)
	}
	// Once bitten: one more only after each has brought a good page.
	for i, want := range []int{2, 2, 3, 3, 3, 4} {
		if n := run(&c, 1, ms(300)); n != want {
			t.Errorf("good page %d: %d workers, want %d", i+1, n, want)
		}
	}
	// Pages of an instance nearby vary by more than half; that is not slow.
	near := newPace(4)
	run(&near, 4, ms(10))
	if n := run(&near, 10, ms(150)); n != 4 {
		t.Errorf("%d workers on a quick instance", n)
	}
	one := newPace(1)
	if n := run(&one, 50, ms(10)); n != 1 {
		t.Errorf("%d workers where one is allowed", n)
	}
}

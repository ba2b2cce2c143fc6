package licensing

import "seatdeck/model"

// guarded runs f and makes an error of a panic in it: in a goroutine of its own
// a panic would end the program in front of somebody, with the terminal as it
// was. What it was about stays out of the error, which is shown and kept.
func guarded(op string, f func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = model.Fail(model.ClassInternal, op, "a fault in this program stopped it", "please report it")
		}
	}()
	return f()
}

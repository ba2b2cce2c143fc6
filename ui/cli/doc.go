// Package cli is seatdeck without a screen: one verb for everything a screen
// shows, in lines and documents that scripts, cron and screen readers can take.
//
// It decides nothing of its own about an instance: facts come as a
// [seatdeck/licensing.View], their words from ui/words, and whatever else a
// verb needs of the world comes lazily through [Deps].
//
// Invariants:
//   - stdout is data, stderr is talk; with --quiet only failures talk;
//   - every number has its age and its source, and unknown is "–" or null;
//   - nothing asks a question unless somebody can answer it;
//   - the exit code is the documented one of the error's class;
//   - a verb changes something on an instance only by applying a plan that
//     somebody agreed to, and ends with what reading back showed.
package cli

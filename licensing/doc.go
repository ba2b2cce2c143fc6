// Package licensing joins the world outside to what is kept: reading an
// instance, remembering what was seen, and answering both front ends with one
// [View].
//
// It declares the small interfaces it needs (Instance, Cache, Journal, Clock)
// and imports neither HTTP nor a database nor a screen. Adapters live in its
// sub-packages and are put together in main.
//
// Invariants:
//   - a failed part never erases an older reading of it; it says why it is old;
//   - a roster that is not whole is labelled partial and never counted;
//   - reading goes on without a journal or a cache: what could not be kept is a
//     notice, not a failure;
//   - only [Desk.Apply] changes an instance, and only with the consent to that
//     very plan: no durable intent, no request; one request, never a second; what
//     nobody read in time is settled by reading, and is unknown until then.
package licensing

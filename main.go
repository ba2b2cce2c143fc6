// Seatdeck is a terminal console for administrators of a self-managed GitLab.
package main

func main() {}

// Seatdeck is an example.
package main

import _ "seatdeck/licensing/sandbox/rig"

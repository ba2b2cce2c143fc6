package secret

import "strings"

// Snapshot returns a lookup over an environment as it was at one moment. A
// token that is taken out of the process's own environment afterwards can still
// be found in it, by us and by nobody else.
func Snapshot(environ []string) func(key string) (string, bool) {
	kept := make(map[string]string, len(environ))
	for _, kv := range environ {
		if k, v, ok := strings.Cut(kv, "="); ok {
			kept[k] = v
		}
	}
	return func(key string) (string, bool) { v, ok := kept[key]; return v, ok }
}

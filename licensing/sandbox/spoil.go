package sandbox

import (
	"bytes"
	"encoding/json"
	"strings"
)

// hostileTexts are what a stranger may put into a name: terminal control,
// direction marks, overlong and invisible text.
var hostileTexts = []string{
	"\x1b]0;owned\x07", "\x1b[2J\x1b[H", "\u202e\u2066", "a\u200b\u200d\ufeffb", "\u009b31m", "e\u0301\u0302\u0303\u0304\u0305\u0306\u0307",
	"\r\nX-Injected: 1", "=cmd|' /C calc'!A0", "\x00", "<script>alert(1)</script>", strings.Repeat("W", 300), "\x1b]52;c;aGk=\x07",
}

// textMembers are the members a person could have written.
var textMembers = map[string]bool{
	"name": true, "username": true, "email": true, "commit_email": true, "public_email": true, "note": true, "bio": true, "location": true,
	"organization": true, "job_title": true, "Name": true, "Email": true, "Company": true, "company": true, "source_name": true, "message": true,
	"extern_uid": true, "provider": true, "revision": true, "maintenance_mode_message": true, "error": true, "error_description": true, "hostname": true,
}

// hostileJSON puts hostile text before every text a person could have written.
// A body that is no JSON stays as it is.
func hostileJSON(body []byte) []byte {
	n := 0
	return rewriteJSON(body, func(key string, v any) (any, bool) {
		text, ok := v.(string)
		if !ok || !textMembers[key] {
			return v, true
		}
		n++
		return hostileTexts[n%len(hostileTexts)] + text, true
	})
}

// driftJSON changes an answer as another version might: numbers become text,
// booleans numbers, dates Unix seconds, some members vanish and one is new.
func driftJSON(body []byte) []byte {
	return rewriteJSON(body, func(key string, v any) (any, bool) {
		switch key {
		case "locked", "avatar_url", "commit_email", "licensee", "two_factor_enabled", "kas":
			return nil, false
		case "add_ons":
			return nil, true
		case "user_limit", "historical_max", "active_users", "projects_limit":
			if n, ok := v.(json.Number); ok {
				return n.String(), true
			}
		case "external", "expired":
			if b, ok := v.(bool); ok {
				return map[bool]int{false: 0, true: 1}[b], true
			}
		case "created_at":
			return 1_700_000_000, true
		}
		return v, true
	})
}

// rewriteJSON walks a document and lets edit replace or drop each member.
func rewriteJSON(body []byte, edit func(key string, v any) (any, bool)) []byte {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var doc any
	if dec.Decode(&doc) != nil {
		return body
	}
	out, err := json.Marshal(walkJSON(doc, edit))
	if err != nil {
		return body
	}
	return out
}

func walkJSON(v any, edit func(string, any) (any, bool)) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = walkJSON(v[i], edit)
		}
	case map[string]any:
		for key, member := range v {
			if changed, keep := edit(key, member); keep {
				v[key] = walkJSON(changed, edit)
			} else {
				delete(v, key)
			}
		}
	}
	return v
}

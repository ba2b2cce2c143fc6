package rig

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
)

// Poison is a way to an instance on which every text that a person or an
// administrator could have written is replaced by another one. Its methods may
// be called from any goroutine.
type Poison struct {
	// Text is what takes the place of a member's value; it is asked for one
	// value at a time.
	Text func(member string) string
	// Refuse, when set, may answer in place of the instance; nil lets the
	// instance answer.
	Refuse func(*http.Request) *Refusal

	mu   sync.Mutex
	next http.RoundTripper
}

// Refusal is an answer as somebody else gives it. It arrives as it is.
type Refusal struct {
	Status int
	Header http.Header
	Body   string
}

// Wrap puts the poison on the way; it fits [Options.Transport].
func (p *Poison) Wrap(next http.RoundTripper) http.RoundTripper {
	p.next = next
	return p
}

// written are the members of answers that hold free text.
var written = map[string]bool{
	"name": true, "username": true, "email": true, "public_email": true, "note": true, "provider": true, "extern_uid": true, "plan": true,
	"Name": true, "Email": true, "Company": true, "company": true, "source_name": true, "revision": true, "hostname": true, "message": true,
	"error": true, "error_description": true, "gitlab_product_usage_data_source": true, "maintenance_mode_message": true,
}

// RoundTrip spoils an answer.
func (p *Poison) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := p.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if err := res.Body.Close(); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if no := p.refusal(r); no != nil {
		res.StatusCode, res.Header, body = no.Status, no.Header.Clone(), []byte(no.Body)
	} else {
		body = p.spoilAll(body)
		res.Header.Del("Content-Length")
	}
	res.ContentLength = int64(len(body))
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

func (p *Poison) refusal(r *http.Request) *Refusal {
	if p.Refuse == nil {
		return nil
	}
	return p.Refuse(r)
}

// spoilAll replaces the texts of a document. What is none stays as it is.
func (p *Poison) spoilAll(body []byte) []byte {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return body
	}
	out, err := json.Marshal(p.spoil("", v))
	if err != nil {
		return body
	}
	return out
}

func (p *Poison) spoil(member string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, m := range v {
			v[k] = p.spoil(k, m)
		}
	case []any:
		for i, m := range v {
			v[i] = p.spoil(member, m)
		}
	case string:
		if !written[member] {
			return v
		}
		text := p.Text(member)
		if member == "username" {
			text += "u" // an account whose username is nothing but marks is refused as a whole
		}
		return Quote(text)
	}
	return v
}

// Quote is a text as a JSON document holds it, with its broken bytes as they
// are; encoding/json would mend them.
func Quote(text string) json.RawMessage {
	b := []byte{'"'}
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ':
			b = fmt.Appendf(b, "\\u%04x", c)
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

package gitlab

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"seatdeck/model"
)

// Ping reads selected facts of the cached Service Ping payload (contract §7.7).
// An empty body, null and {} all mean that none is cached.
func (c *Client) Ping(ctx context.Context) (model.Ping, error) {
	var p model.Ping
	_, err := c.stream(ctx, model.OpPing, "usage_data/service_ping", func(r io.Reader) (err error) {
		p, err = readPing(r)
		return err
	})
	if err != nil {
		return model.Ping{}, err
	}
	return p, nil
}

// readPing walks the payload without holding it: three members are kept, of
// some others it is noted that they are there, and all values are counted. The
// hash is that of the bytes as they came.
func readPing(r io.Reader) (model.Ping, error) {
	sum := sha256.New()
	d := jsontext.NewDecoder(io.TeeReader(r, sum), lax)
	p := model.Ping{}
	first, err := d.ReadToken()
	switch {
	case errors.Is(err, io.EOF):
		return model.Ping{Empty: true}, nil
	case err != nil:
		return p, pingError(err)
	case first.Kind() == 'n':
		return model.Ping{Empty: true}, pingError(endOf(d))
	case first.Kind() != '{':
		return p, pingError(errKind)
	}
	for d.PeekKind() == '"' {
		if err := pingMember(d, &p); err != nil {
			return p, pingError(err)
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return p, pingError(err)
	}
	if p.Counts == 0 {
		return model.Ping{Empty: true}, pingError(endOf(d))
	}
	p.Bytes = int(d.InputOffset())
	if err := endOf(d); err != nil {
		return p, pingError(err)
	}
	p.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return p, nil
}

// pingMember reads one top-level member.
func pingMember(d *jsontext.Decoder, p *model.Ping) error {
	name, err := d.ReadToken()
	if err != nil {
		return err
	}
	switch member := name.String(); member {
	case "uuid":
		p.UUID, err = pingText(d, p)
		noteNaming(p, member, !p.UUID.Empty())
	case "hostname":
		p.Hostname, err = pingText(d, p)
		noteNaming(p, member, !p.Hostname.Empty())
	case "recorded_at":
		var raw jsontext.Value
		if raw, err = d.ReadValue(); err == nil {
			p.Counts++
			// A time in no known form is unknown, not a reason to lose the rest.
			if m, bad := readMoment(raw); bad == nil {
				p.RecordedAt = m.opt()
			}
		}
	case "licensee", "settings":
		err = pingObject(d, p, member)
	default:
		noteNaming(p, member, d.PeekKind() != 'n')
		err = countLeaves(d, p)
	}
	return err
}

// pingObject reads a small object whose members matter one by one. Anything
// else in its place is only counted.
func pingObject(d *jsontext.Decoder, p *model.Ping, object string) error {
	if d.PeekKind() != '{' {
		return countLeaves(d, p)
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		member := object + "." + name.String()
		if member == "settings.collected_data_categories" {
			err = pingCategories(d, p)
		} else {
			noteNaming(p, member, d.PeekKind() != 'n')
			err = countLeaves(d, p)
		}
		if err != nil {
			return err
		}
	}
	return shut(d)
}

// pingCategories reads the list of categories. What is no list of short texts
// tells nothing.
func pingCategories(d *jsontext.Decoder, p *model.Ping) error {
	raw, err := d.ReadValue()
	if err != nil {
		return err
	}
	var names []text
	if unmarshal(raw, &names) != nil {
		p.Counts++
		return nil
	}
	p.Counts += len(names)
	for _, n := range names[:min(len(names), maxNaming)] {
		p.Categories = append(p.Categories, model.CleanN(n.v.String(), 40).String())
	}
	return nil
}

// noteNaming notes a member that names somebody or something, when it is there.
func noteNaming(p *model.Ping, member string, there bool) {
	if there && len(p.Naming) < maxNaming && model.PingMark(member) != "" {
		p.Naming = append(p.Naming, model.CleanN(member, 60).String())
	}
}

// maxNaming bounds lists of names that are kept of a payload.
const maxNaming = 16

func pingText(d *jsontext.Decoder, p *model.Ping) (model.Text, error) {
	raw, err := d.ReadValue()
	if err != nil {
		return model.Text{}, err
	}
	p.Counts++
	s, bad := unquote(raw)
	if bad != nil {
		return model.Text{}, nil // failed metrics are numbers or null here
	}
	return model.Clean(s), nil
}

// countLeaves counts the plain values within the next value.
func countLeaves(d *jsontext.Decoder, p *model.Ping) error {
	for depth := d.StackDepth(); ; {
		t, err := d.ReadToken()
		if err != nil {
			return err
		}
		switch t.Kind() {
		case '{', '[', '}', ']':
		default:
			if kind, n := d.StackIndex(d.StackDepth()); kind == '{' && n%2 == 1 {
				continue // a name
			}
			p.Counts++
		}
		if d.StackDepth() == depth {
			return nil
		}
	}
}

// pingError words a payload that cannot be right and passes on a lost
// connection as it is, so that the request can be repeated.
func pingError(err error) error {
	_, syntax := errors.AsType[*jsontext.SyntacticError](err)
	if syntax || errors.Is(err, errKind) || errors.Is(err, errTrailing) {
		return malformed(model.OpPing, err)
	}
	return err
}

package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
)

// encodeForTest returns a head, as it comes back from JSON, and a source of the
// chunks.
func encodeForTest(t testing.TB, r *Roster) (RosterHead, ChunkSource) {
	t.Helper()
	head, chunks := encodeChunks(t, r)
	return head, chunkSource(chunks)
}

func encodeChunks(t testing.TB, r *Roster) (RosterHead, [][]byte) {
	t.Helper()
	var chunks [][]byte
	head, err := r.Encode(func(k int, b []byte) error {
		if k != len(chunks) {
			t.Errorf("chunk %d came after %d chunks", k, len(chunks))
		}
		chunks = append(chunks, b)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(head)
	if err != nil {
		t.Fatal(err)
	}
	var back RosterHead
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	return back, chunks
}

// chunkSource gives the chunks in one buffer, as a store may.
func chunkSource(chunks [][]byte) ChunkSource {
	return func(from, to int) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			var b []byte
			for k := from; k < to; k++ {
				if k >= len(chunks) {
					yield(nil, errors.New("no such chunk"))
					return
				}
				b = append(b[:0], chunks[k]...)
				if !yield(b, nil) {
					return
				}
			}
		}
	}
}

func TestCodecRoundTrip(t *testing.T) {
	for _, n := range rosterSizes {
		r := sampleRoster(sampleRand(uint64(n)), n)
		got, err := DecodeRoster(encodeForTest(t, r))
		if err != nil {
			t.Fatalf("%d accounts: %v", n, err)
		}
		if got.Len() != n || !got.Complete() || got.AsOf() != r.AsOf().FromCache() {
			t.Fatalf("%d accounts, complete %v, as of %v", got.Len(), got.Complete(), got.AsOf())
		}
		sameRows(t, got, r)
		for which := range orderCount {
			if !slices.Equal(got.order(which), r.order(which)) {
				t.Errorf("%d accounts: order %d differs", n, which)
			}
		}
	}
}

// sameRows compares what is shown and what is searched.
func sameRows(t *testing.T, got, want *Roster) {
	t.Helper()
	for i := range want.Len() {
		if a, b := got.At(i), want.At(i); a != b {
			t.Fatalf("row %d:\n got %+v\nwant %+v", i, a, b)
		}
		if a, b := got.search(i), want.search(i); string(a) != string(b) {
			t.Fatalf("row %d is searched as %q, want %q", i, a, b)
		}
	}
}

func TestCodecExtremes(t *testing.T) {
	accounts := []Account{
		{ID: -1 << 63, Created: firstDay, LastActivity: lastDay},
		{ID: -1, Username: Clean(strings.Repeat("é", 400)), State: StateBanned, Flags: ^Flags(0)},
		{ID: 0, Name: Clean("\x00\x1b[31m")},
		{ID: 1<<63 - 1, Created: -5, Provider: Clean("x")},
	}
	r := NewRoster(accounts, AsOf{}, false)
	got, err := DecodeRoster(encodeForTest(t, r))
	if err != nil {
		t.Fatal(err)
	}
	sameRows(t, got, r)
	for i, a := range accounts {
		if got.At(i) != a {
			t.Errorf("row %d: got %+v, want %+v", i, got.At(i), a)
		}
	}
}

func TestEncodeStopsWithYield(t *testing.T) {
	full := errors.New("disk full")
	calls := 0
	_, err := sampleRoster(sampleRand(3), blockRows+1).Encode(func(int, []byte) error { calls++; return full })
	if !errors.Is(err, full) || calls != 1 {
		t.Errorf("error %v after %d chunks", err, calls)
	}
}

// Every single flipped bit of a chunk is noticed.
func TestDecodeNoticesFlippedBits(t *testing.T) {
	head, chunks := encodeChunks(t, sampleRoster(sampleRand(4), 40))
	for at := range chunks[0] {
		for bit := range 8 {
			bad := slices.Clone(chunks[0])
			bad[at] ^= 1 << bit
			refuse(t, head, [][]byte{bad}, fmt.Sprintf("bit %d of byte %d", bit, at))
		}
	}
}

func refuse(t *testing.T, head RosterHead, chunks [][]byte, what string) {
	t.Helper()
	r, err := DecodeRoster(head, chunkSource(chunks))
	var e *Error
	if r != nil || !errors.As(err, &e) || e.Class != ClassStorage {
		t.Fatalf("%s: roster %v, error %v; want an error of class storage", what, r != nil, err)
	}
}

func TestDecodeRefusesWhatDoesNotFit(t *testing.T) {
	head, chunks := encodeChunks(t, sampleRoster(sampleRand(5), 2*blockRows+5))
	other, otherChunks := encodeChunks(t, sampleRoster(sampleRand(6), 2*blockRows+5))
	edit := func(f func(*RosterHead)) RosterHead {
		h := head
		h.Providers = slices.Clone(head.Providers)
		f(&h)
		return h
	}
	for _, c := range []struct {
		what   string
		head   RosterHead
		chunks [][]byte
	}{
		{"a head of another snapshot", other, chunks},
		{"a chunk of another snapshot", head, [][]byte{chunks[0], otherChunks[1], chunks[2]}},
		{"chunks in another order", head, [][]byte{chunks[1], chunks[0], chunks[2]}},
		{"one chunk twice", head, [][]byte{chunks[0], chunks[0], chunks[2]}},
		{"a chunk missing", head, chunks[:2]},
		{"an empty chunk", head, [][]byte{chunks[0], nil, chunks[2]}},
		{"a cut chunk", head, [][]byte{chunks[0], chunks[1][:len(chunks[1])-1], chunks[2]}},
		{"one account more", edit(func(h *RosterHead) { h.Accounts++ }), chunks},
		{"fewer accounts", edit(func(h *RosterHead) { h.Accounts -= 5; h.Chunks-- }), chunks},
		{"an absurd count", edit(func(h *RosterHead) { h.Accounts = 1 << 60; h.Chunks = 1 << 48 }), chunks},
		{"a negative count", edit(func(h *RosterHead) { h.Accounts = -1 }), chunks},
		{"another version", edit(func(h *RosterHead) { h.Version++ }), chunks},
		{"a partial roster made complete", edit(func(h *RosterHead) { h.Complete = !h.Complete }), chunks},
		{"another age", edit(func(h *RosterHead) { h.AsOf.At = h.AsOf.At.Add(1) }), chunks},
		{"no providers", edit(func(h *RosterHead) { h.Providers = nil }), chunks},
		{"a provider renamed", edit(func(h *RosterHead) { h.Providers[1] = Clean("mallory") }), chunks},
		{"a sum removed", edit(func(h *RosterHead) { h.Sum = "" }), chunks},
		{"nothing at all", RosterHead{}, nil},
	} {
		refuse(t, c.head, c.chunks, c.what)
	}
	if _, err := DecodeRoster(head, chunkSource(chunks)); err != nil {
		t.Errorf("the untouched snapshot: %v", err)
	}
}

// Text on disk may have been edited by somebody who also mended the checksum:
// it must come out clean, in the searched text as in a shown one kept whole.
func TestDecodeCleansEditedText(t *testing.T) {
	r := NewRoster([]Account{{ID: 1, Username: Clean("mallory"), Name: Clean("[31mİ"), Email: Clean("m@example.com")}}, sampleAsOf(), true)
	head, chunks := encodeChunks(t, r)
	for text, name := range map[string]string{"[31mi\x00": "mallor" + string(Mark), "[31mİ\x00": "mallor" + string(Mark)} {
		edited := bytes.Clone(chunks[0])
		edited[bytes.Index(edited, []byte(text))-2] = 0x1b // the last letter of the username
		got, err := resealed(head, edited)
		if err != nil {
			t.Fatal(err)
		}
		if text == "[31mi\x00" { // the shown record is whole: what is searched is made of it again
			name = "mallory"
		}
		if a := got.At(0); a.Username.String() != name || a.Name.String() != "[31mİ" || string(got.search(0)) != name+"\x00[31mi\x00m@example.com\x00" {
			t.Errorf("edited before %q: %+v, searched as %q", text, a, got.search(0))
		}
	}
}

// Separators that are not where the lengths say make no account.
func TestDecodeRefusesMovedSeparators(t *testing.T) {
	r := NewRoster([]Account{{ID: 1, Username: Clean("a-"), Name: Clean("b-İ"), Email: Clean("c-")}, {ID: 2, Username: Clean("d-")}}, sampleAsOf(), true)
	head, chunks := encodeChunks(t, r)
	texts := bytes.Index(chunks[0], []byte("a-\x00b-"))
	for from, b := range chunks[0][texts:][:len(r.blocks[0].text)] {
		edited := bytes.Clone(chunks[0])
		if b == sepByte {
			edited[texts+from] = 'x'
		} else if b == '-' {
			edited[texts+from] = sepByte
		} else {
			continue
		}
		if _, err := resealed(head, edited); err == nil {
			t.Errorf("%q was accepted", edited[texts:])
		}
		if k := from + 1; b == '-' && edited[texts+k] == sepByte { // as many as before
			edited[texts+k] = 'x'
			if _, err := resealed(head, edited); err == nil {
				t.Errorf("%q was accepted", edited[texts:])
			}
		}
	}
}

// resealed decodes a roster of one chunk whose checksums were mended.
func resealed(head RosterHead, chunk []byte) (*Roster, error) {
	seal(chunk)
	head.Sum = head.sum([]uint32{sumOf(chunk)})
	return DecodeRoster(head, chunkSource([][]byte{chunk}))
}

func sumOf(chunk []byte) uint32 {
	return uint32(chunk[1]) | uint32(chunk[2])<<8 | uint32(chunk[3])<<16 | uint32(chunk[4])<<24
}

func TestBatchRoundTrip(t *testing.T) {
	rng := sampleRand(8)
	for _, n := range []int{0, 1, 2, 100, 5000} {
		accounts := sampleAccounts(rng, n)
		rng.Shuffle(n, func(i, j int) { accounts[i], accounts[j] = accounts[j], accounts[i] })
		if n > 1 {
			accounts[1] = accounts[0]
		}
		got, err := DecodeBatch(EncodeBatch(accounts))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, accounts) {
			t.Errorf("a batch of %d accounts came back different", n)
		}
	}
}

func TestBatchNoticesDamage(t *testing.T) {
	good := EncodeBatch(sampleAccounts(sampleRand(9), 20))
	for at := range good {
		bad := slices.Clone(good)
		bad[at] ^= 0x41
		for _, b := range [][]byte{bad, good[:at]} {
			got, err := DecodeBatch(b)
			var e *Error
			if got != nil || !errors.As(err, &e) || e.Class != ClassStorage {
				t.Fatalf("damage at %d: %d accounts, error %v", at, len(got), err)
			}
		}
	}
}

// FuzzDecodeBatch gives the decoder bytes with a right checksum, so that what
// is behind it is tested too. Whatever is accepted must come back the same.
func FuzzDecodeBatch(f *testing.F) {
	for n := range 4 {
		f.Add(EncodeBatch(sampleAccounts(sampleRand(uint64(n)), n)))
	}
	f.Add([]byte{})
	f.Add([]byte{batchVersion, 0, 0, 0, 0, 255, 255, 255, 255, 1, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) >= sealedHead {
			b = seal(slices.Clone(b))
		}
		accounts, err := DecodeBatch(b)
		if err != nil {
			return
		}
		again, err := DecodeBatch(EncodeBatch(accounts))
		if err != nil || !slices.Equal(again, accounts) {
			t.Fatalf("accepted accounts do not come back: %v", err)
		}
	})
}

// FuzzDecodeRoster does the same to the chunk of a small roster.
func FuzzDecodeRoster(f *testing.F) {
	for n := 1; n < 5; n++ {
		_, chunks := encodeChunks(f, sampleRoster(sampleRand(uint64(n)), n))
		f.Add(n, chunks[0])
	}
	providers := []Text{{}, Clean("ldapmain"), Clean("saml"), Clean("a"), Clean("b")}
	f.Fuzz(func(t *testing.T, n int, b []byte) {
		if len(b) < sealedHead || n < 1 || n > blockRows {
			return
		}
		b = seal(slices.Clone(b))
		head := RosterHead{Version: chunkVersion, Accounts: n, Chunks: 1, Providers: providers}
		head.Sum = head.sum([]uint32{sumOf(b)})
		r, err := DecodeRoster(head, chunkSource([][]byte{b}))
		if err != nil {
			return
		}
		for i := range n {
			a := r.At(i)
			for _, text := range []Text{a.Username, a.Name, a.Email} {
				if Clean(text.String()) != text {
					t.Fatalf("row %d has unclean text %q", i, text)
				}
			}
		}
		again, err := DecodeRoster(encodeForTest(t, r))
		if err != nil {
			t.Fatalf("an accepted roster does not come back: %v", err)
		}
		sameRows(t, again, r)
	})
}

package cache

import (
	"bytes"
	"context"
	"testing"
)

func request1(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	r := testRoster("r1", 5000, true)
	err := send(&b, request{Op: doSave, Dir: "/nowhere"}, func(w *batchWriter) (closing, error) {
		return fillSave(w, testFacts("one", "r1"), []byte("{}"), r, today)
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A request that is cut anywhere is refused as a whole.
func TestCutRequests(t *testing.T) {
	t.Parallel()
	whole := request1(t)
	if _, err := readBatch(bytes.NewReader(whole)); err != nil {
		t.Fatalf("the whole request: %v", err)
	}
	for cut := 0; cut < len(whole); cut += 1 + len(whole)/300 {
		if _, err := readBatch(bytes.NewReader(whole[:cut])); err == nil {
			t.Fatalf("accepted the first %d of %d bytes", cut, len(whole))
		}
	}
}

// A request with one changed byte is refused.
func TestChangedRequests(t *testing.T) {
	t.Parallel()
	whole := request1(t)
	for at := 0; at < len(whole); at += 1 + len(whole)/300 {
		b := bytes.Clone(whole)
		b[at] ^= 0x10
		if _, err := readBatch(bytes.NewReader(b)); err == nil {
			t.Fatalf("accepted byte %d changed", at)
		}
	}
}

func FuzzReadBatch(f *testing.F) {
	whole := request1(f)
	f.Add(whole)
	f.Add(whole[:40])
	f.Add([]byte(wireMagic))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := readBatch(bytes.NewReader(b))
		if err == nil && got.closing.Parts != len(got.parts) {
			t.Error("accepted with parts missing")
		}
	})
}

// Without a request there is no answer, and nothing is done.
func TestChildWithoutRequest(t *testing.T) {
	var out bytes.Buffer
	if code := Child(context.Background(), bytes.NewReader(nil), &out, nil); code != 2 || out.Len() != 0 {
		t.Errorf("code %d, %d bytes, want 2 and none", code, out.Len())
	}
	if code := Child(context.Background(), bytes.NewReader(request1(t)), &out, []string{"extra"}); code != 2 {
		t.Errorf("with arguments: code %d, want 2", code)
	}
}

package cli

import (
	"context"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// readAhead gives desks that have all accounts in memory already, so that
// nothing is written part by part.
type readAhead struct{ *bench }

func (r readAhead) Open(ctx context.Context, name string) (*licensing.Desk, error) {
	d := r.Reopen()
	d.Load(ctx)
	_, err := d.Roster(ctx)
	return d, err
}

// TestPartByPart: what is written part by part is, byte for byte, what is
// written of all accounts at once.
func TestPartByPart(t *testing.T) {
	const users = 4096 + 500 // accounts of two chunks
	lines := []string{"", "--limit 4200", "--filter billable:yes --columns id,role,billable,why,recency", "--search nobody-is-called-this"}
	tokens := map[string]string{"admin-mode": sandbox.TokenOperator}
	for scenario, own := range map[string][]string{
		"ultimate": {"--filter role:guest", "--filter role:none,owner --columns id,role,why", "--filter why:ultimate-guest", "--sort role --columns id,role",
			"--limit 3", "--filter state:blocked,banned --limit 100", "--search an --columns username,email,why", "--filter id:1", "--sort name --limit 50", "--desc --columns id"},
		"free":       {"--filter billable:unknown"},
		"admin-mode": {"--filter admin:yes"},
	} {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, rig.Options{Scenario: scenario, Token: tokens[scenario], Users: users, Mode: model.ModeWrite})
			if scenario == "ultimate" {
				b.must(0, "users", "roles", "-q")
			} else {
				b.must(0, "users", "counts", "-q")
			}
			for _, line := range append(lines, own...) {
				for _, form := range []string{"json", "jsonl", "csv", "plain"} {
					args := append([]string{"users", "list", "--offline", "-q", "-o", form}, strings.Fields(line)...)
					b.deps.Instances = func(context.Context) (licensing.Instances, error) { return readAhead{b}, nil }
					want, _ := b.must(0, args...)
					b.deps.Instances = func(context.Context) (licensing.Instances, error) { return b, nil }
					got, _ := b.must(0, args...)
					if got != want || want == "" && form != "jsonl" && form != "plain" {
						t.Errorf("%v: %d bytes part by part, %d at once", args, len(got), len(want))
					}
					if form == "plain" {
						continue
					}
					file := filepath.Join(t.TempDir(), "users."+form)
					args[1] = "export"
					b.must(0, append(args, "--file", file)...)
					if written, err := os.ReadFile(file); err != nil || string(written) != want {
						t.Errorf("%v: %d bytes in the file, %d printed, %v", args, len(written), len(want), err)
					}
				}
			}
		})
	}
}

// crumbling is a cache whose accounts cannot be read to their end.
type crumbling struct {
	licensing.Cache
	walk *model.RosterWalk
}

func (c crumbling) Walk(context.Context) (*model.RosterWalk, error) { return c.walk, nil }

// encoded is what a cache keeps of its accounts.
func encoded(t *testing.T, c licensing.Cache) (head model.RosterHead, chunks [][]byte) {
	t.Helper()
	r, err := c.Roster(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	head, err = r.Encode(func(_ int, b []byte) error {
		chunks = append(chunks, b)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return head, chunks
}

// crumble returns accounts of which the last chunk is lost after so many walks.
func crumble(t *testing.T, head model.RosterHead, chunks [][]byte, walks int, fault error) *model.RosterWalk {
	t.Helper()
	w, err := model.WalkRoster(head, func(from, to int) iter.Seq2[[]byte, error] {
		walks--
		return func(yield func([]byte, error) bool) {
			for k := from; k < to; k++ {
				lost := walks < 0 && k == len(chunks)-1
				if lost && !yield(nil, fault) || !lost && !yield(chunks[k], nil) {
					return
				}
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// oneDesk gives a desk with a cache of its own.
type oneDesk struct {
	*bench
	cache licensing.Cache
}

func (o oneDesk) Open(context.Context, string) (*licensing.Desk, error) {
	return licensing.NewDesk(licensing.Parts{Info: o.Info, Instance: o.Instance(), Cache: o.cache, Journal: o.Journal, Clock: o.Clock, Shelf: o.Shelf}), nil
}

// TestDamageLeavesNoFile: accounts that cannot be read to their end leave no
// file, also where that is found out only while it is written, and the file that
// was there stays. A list prints none of them where it is found out before.
func TestDamageLeavesNoFile(t *testing.T) {
	b := newBench(t, rig.Options{Users: 4096 + 300})
	b.must(0, "users", "counts")
	head, chunks := encoded(t, b.Cache)
	for fault, code := range map[error]int{
		model.Fail(model.ClassStorage, "read the cache", "the cache is damaged", "refresh: it is rebuilt from the instance"): 1,
		model.Fail(model.ClassLocked, "read the cache", "another process read the accounts anew", "run it again"):            75,
		licensing.ErrNoCache: 7,
	} {
		for walks := range 2 {
			for _, form := range []string{"csv", "json", "jsonl"} {
				dir := t.TempDir()
				old := filepath.Join(dir, "old")
				if err := os.WriteFile(old, []byte("kept"), 0o600); err != nil {
					t.Fatal(err)
				}
				b.deps.Instances = func(context.Context) (licensing.Instances, error) {
					return oneDesk{b, crumbling{b.Cache, crumble(t, head, chunks, walks, fault)}}, nil
				}
				_, errOut := b.must(code, "users", "export", "--offline", "-o", form, "--file", filepath.Join(dir, "new"))
				if strings.Count(errOut, "seatdeck: ")+strings.Count(errOut, "seatdeck.error") != 1 {
					t.Errorf("%v in walk %d says %q", fault, walks, errOut)
				}
				b.must(code, "users", "export", "--offline", "-o", form, "--file", old, "--force")
				list, err := os.ReadDir(dir)
				if kept, readErr := os.ReadFile(old); err != nil || readErr != nil || len(list) != 1 || string(kept) != "kept" {
					t.Errorf("%v in walk %d leaves %v, %q", fault, walks, list, kept)
				}
				out, _ := b.must(code, "users", "list", "--offline", "-o", form)
				if walks == 0 && out != "" {
					t.Errorf("%v prints %.100q", fault, out)
				}
			}
		}
	}
}

package licensing_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"seatdeck/licensing"
	"seatdeck/licensing/sandbox/rig"
	"seatdeck/model"
)

// slowCache saves for a long time, or as long as it may.
type slowCache struct {
	licensing.Cache
	takes   time.Duration
	saving  chan struct{}
	writing atomic.Bool
	err     error
}

func (c *slowCache) Save(ctx context.Context, _ *model.Facts, _ *model.Roster) error {
	c.writing.Store(true)
	defer c.writing.Store(false)
	select {
	case c.saving <- struct{}{}:
	default:
	}
	select {
	case <-time.After(c.takes):
		return nil
	case <-ctx.Done():
		c.err = ctx.Err()
		return ctx.Err()
	}
}

// Closing waits for what is being kept; what takes too long is stopped. Either
// way nobody writes afterwards.
func TestCloseLeavesNoWriter(t *testing.T) {
	for _, tt := range []struct{ takes, within time.Duration }{{2 * time.Second, 3 * time.Second}, {time.Hour, 6 * time.Second}} {
		synctest.Test(t, func(t *testing.T) {
			r := rig.New(t, rig.Options{Users: 40, Bubble: true})
			c := &slowCache{Cache: &rig.MemoryCache{}, takes: tt.takes, saving: make(chan struct{}, 1)}
			d := licensing.NewDesk(licensing.Parts{
				Info: r.Info, Instance: r.Instance(), Cache: c, Journal: r.Journal, Clock: r.Clock, Shelf: r.Shelf,
				Close: func() error {
					if c.writing.Load() {
						t.Error("released while somebody writes")
					}
					return nil
				},
			})
			var ended atomic.Bool
			go func() {
				_, _ = d.Refresh(context.Background(), licensing.RefreshOptions{}, nil)
				ended.Store(true)
			}()
			<-c.saving
			began := time.Now()
			if err := d.Close(); err != nil {
				t.Error(err)
			}
			synctest.Wait()
			if took := time.Since(began); took > tt.within || c.writing.Load() || !ended.Load() {
				t.Errorf("a save of %s: closed after %s, writing %v, refresh ended %v", tt.takes, took, c.writing.Load(), ended.Load())
			}
			if stopped := errors.Is(c.err, context.Canceled); stopped != (tt.takes > tt.within) {
				t.Errorf("a save of %s ended with %v", tt.takes, c.err)
			}
			if _, err := d.Refresh(t.Context(), licensing.RefreshOptions{}, nil); class(err) != model.ClassCancelled {
				t.Errorf("a closed desk reads: %v", err)
			}
		})
	}
}

// faulty is an instance whose code has a fault.
type faulty struct {
	licensing.Instance
	daily, accounts bool
}

func (f faulty) Daily(ctx context.Context, kind model.Kind) ([]model.DayCount, error) {
	if f.daily {
		panic("a secret")
	}
	return f.Instance.Daily(ctx, kind)
}

func (f faulty) Accounts(ctx context.Context, req licensing.PageRequest) (licensing.Page, error) {
	if f.accounts && req.Size != 1 {
		panic("a secret")
	}
	return f.Instance.Accounts(ctx, req)
}

// A fault in work behind the screen is an error of what was asked, not the end
// of the program.
func TestFaultsAreErrors(t *testing.T) {
	read := func(f faulty, tell func(model.Progress)) (*licensing.View, error) {
		r := rig.New(t, rig.Options{Users: 40, Memory: true})
		f.Instance = r.Instance()
		d := licensing.NewDesk(licensing.Parts{Info: r.Info, Instance: f, Cache: r.Cache, Journal: r.Journal, Clock: r.Clock, Shelf: r.Shelf})
		return d.Refresh(t.Context(), licensing.RefreshOptions{}, tell)
	}
	v, err := read(faulty{daily: true}, nil)
	if err != nil || class(v.Facts.Daily.Err) != model.ClassInternal || !v.Facts.Roster.Value.Complete {
		t.Errorf("%v, %+v", err, v.Facts.Daily.Err)
	}
	if v, err = read(faulty{accounts: true}, nil); class(err) != model.ClassInternal || class(v.Facts.Roster.Err) != model.ClassInternal {
		t.Errorf("%v, %+v", err, v.Facts.Roster)
	}
	_, err = read(faulty{}, func(p model.Progress) {
		if p.Stage == model.StageFacts {
			panic("a secret")
		}
	})
	if class(err) != model.ClassInternal {
		t.Errorf("%v", err)
	}
}

// The time of the daily count is told only where a daily row shows the very
// same number.
func TestDailyCountTime(t *testing.T) {
	for _, off := range []int{0, 1} {
		r := rig.New(t, rig.Options{Users: 300, Memory: true})
		v := r.Refreshed(t.Context())
		row, ok := v.Facts.Daily.Value.Newest()
		d, known := v.Facts.License.Value.Daily.Get()
		if !ok || !known {
			t.Fatal("no daily counts")
		}
		desk := licensing.NewDesk(licensing.Parts{
			Info: r.Info, Instance: newest{r.Instance(), model.DayCount{At: row.At, Count: d + off}}, Cache: &rig.MemoryCache{}, Journal: r.Journal, Clock: r.Clock, Shelf: r.Shelf,
		})
		v, err := desk.Refresh(t.Context(), licensing.RefreshOptions{NoRoster: true}, nil)
		want := model.AsOf{Source: model.SourceDailyJob}
		if off == 0 {
			want.At = row.At
		}
		if got := v.Facts.License.Value.DailyAt; err != nil || got != want {
			t.Errorf("%d off: %+v, want %+v, %v", off, got, want, err)
		}
	}
}

// newest is an instance with one daily count.
type newest struct {
	licensing.Instance
	row model.DayCount
}

func (n newest) Daily(context.Context, model.Kind) ([]model.DayCount, error) {
	return []model.DayCount{n.row}, nil
}

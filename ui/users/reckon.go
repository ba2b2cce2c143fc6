package users

import (
	tea "charm.land/bubbletea/v2"

	"seatdeck/model"
)

// sum is something that is worked out from all accounts: at once where they are
// few, beside the screen where they are many, so that keys never wait.
type sum[T any] struct {
	gen   int
	at    grounds // what it was worked out from
	done  bool    // value or err is the answer to the newest question
	value T
	err   *model.Error
}

// reckoned answers a question put to a sum.
type reckoned[T any] struct {
	gen   int
	value T
	err   *model.Error
}

// grounds is what a sum rests on. It is worked out anew when they change.
type grounds struct {
	roster                                   *model.Roster
	basis                                    basis
	license, settings, statistics, promotion model.AsOf
}

func (p *Pane) grounds() grounds {
	f := &p.v.Facts
	return grounds{p.roster, p.basis, f.License.AsOf, f.Settings.AsOf, f.Statistics.AsOf, f.Promotions.AsOf}
}

// ask puts a new question. Until its answer is there, there is none.
func (s *sum[T]) ask(at grounds, reckon func() (T, error)) tea.Cmd {
	s.gen++
	s.at, s.done = at, false
	gen := s.gen
	work := func() reckoned[T] {
		v, err := reckon()
		return reckoned[T]{gen, v, model.AsError("count the accounts", err)}
	}
	if at.roster.Len() > inPlace {
		return func() tea.Msg { return work() }
	}
	s.take(work())
	return nil
}

// stale reports whether there is no answer under way or at hand for what is
// known now.
func (s *sum[T]) stale(now grounds) bool { return s.gen == 0 || s.at != now }

// take takes an answer in, unless it is late.
func (s *sum[T]) take(r reckoned[T]) {
	if r.gen == s.gen {
		s.done, s.value, s.err = true, r.value, r.err
	}
}

// reckon works out what the page in sight needs and is not known yet.
func (p *Pane) reckon() tea.Cmd {
	if p.roster == nil {
		return nil
	}
	now := p.grounds()
	switch {
	case (p.page == pageBreakdown || p.page == pageCounts) && p.roster.Complete() && p.counted.stale(now):
		r, v := p.roster, p.v
		return p.counted.ask(now, func() (model.UserCounts, error) { return model.UserCountsOf(&v.Facts, r, v.QueryEnv(r)), nil })
	case p.page == pageWhatIf && p.whatIf.answer.stale(now):
		return p.doAsk()
	case p.page == pageWaiting && p.v.Facts.Promotions.Known() && p.queue.answer.stale(now):
		r, src := p.roster, p.src
		return p.queue.answer.ask(now, func() (promotions, error) {
			list, all, err := src.Promotions(r)
			return promotions{list, all}, err
		})
	}
	return nil
}

package cli

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// menuText is the menu of the console in lines. It never uses an escape
// sequence, so that a screen reader or a paper log can follow it.
const menuText = `
1  status
2  search users
3  registration
4  sync history
5  read again
q  quit
Choose: `

// menu is the console for people who work with lines: what is known, and a
// numbered menu until somebody quits or the input ends.
func (a *app) menu(ctx context.Context) error {
	desk, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer desk.Close()
	v, err := a.refresh(ctx, desk, need{})
	if err != nil {
		return err
	}
	a.notices(v)
	m := menu{a: a, desk: desk, lines: bufio.NewScanner(a.d.In)}
	if err := m.show(a.statusBlocks(v)); err != nil {
		return err
	}
	return m.loop(ctx)
}

type menu struct {
	a     *app
	desk  *licensing.Desk
	lines *bufio.Scanner
}

func (m *menu) loop(ctx context.Context) error {
	for {
		choice, ok := m.ask(ctx, menuText)
		if err := ctx.Err(); err != nil {
			return err
		}
		if !ok || choice == "q" {
			return m.lines.Err()
		}
		if err := m.take(ctx, choice); err != nil {
			if model.ExitCode(err) == model.ClassCancelled.ExitCode() || brokenPipe(err) {
				return err
			}
			m.a.complain(err)
		}
	}
}

// take does one thing of the menu.
func (m *menu) take(ctx context.Context, choice string) error {
	a, v := m.a, m.desk.View()
	switch choice {
	case "1":
		return m.show(a.statusBlocks(v))
	case "2":
		return m.search(ctx)
	case "3":
		return m.show(a.registrationBlocks(v))
	case "4":
		return m.show(a.historyBlocks(v, v.History, picking{}))
	case "5":
		v, err := a.refresh(ctx, m.desk, need{roster: true})
		if err != nil {
			return err
		}
		a.notices(v)
		return m.show(a.statusBlocks(v))
	case "":
		return nil
	}
	return usage("type a number from 1 to 5, or q", "the menu has no %q", model.CleanN(choice, 20))
}

// search asks for a filter and lists the first accounts it holds for.
func (m *menu) search(ctx context.Context) error {
	typed, ok := m.ask(ctx, "Filter, such as ida or billable:yes recency:dormant: ")
	if !ok {
		return nil
	}
	q, err := model.ParseQuery(typed)
	if err != nil {
		return err
	}
	r, err := m.roster(ctx)
	if err != nil {
		return err
	}
	v := m.desk.View()
	idx, err := model.Filter(ctx, r, q, v.QueryEnv(r), nil)
	if err != nil {
		return err
	}
	b := block{title: words.Accounts(len(idx)), note: words.Roster(v.Facts.Roster, v.Now, m.a.d.Zone).Text}
	for _, row := range idx[:min(len(idx), menuRows)] {
		acc := r.At(int(row))
		verdict := model.SeatOf(acc, v.SeatContext())
		b.rows = append(b.rows, []string{acc.Username.String(), acc.Name.String(), acc.State.Title(), words.TakesSeat(verdict).String()})
	}
	if len(idx) > menuRows {
		b.tail = []string{"and " + words.Int(len(idx)-menuRows) + " more"}
	}
	return m.show([]block{b})
}

// roster is what is known of the accounts; they are read when nothing is.
func (m *menu) roster(ctx context.Context) (*model.Roster, error) {
	r, err := m.desk.Roster(ctx)
	if errors.Is(err, model.ErrNoCache) && !m.a.offline {
		if _, err := m.a.refresh(ctx, m.desk, need{roster: true}); err != nil {
			return nil, err
		}
		r, err = m.desk.Roster(ctx)
	}
	return r, noRoster(err)
}

// menuRows is how many accounts a search lists.
const menuRows = 20

func (m *menu) show(blocks []block) error {
	if err := tableBlocks(m.a.human(), blocks); err != nil {
		return err
	}
	return m.a.out.Flush()
}

// ask prints a question and reads a line; false at the end of the input, or of
// the context.
func (m *menu) ask(ctx context.Context, question string) (string, bool) {
	if _, err := io.WriteString(m.a.out, question); err != nil || m.a.out.Flush() != nil {
		return "", false
	}
	got := make(chan bool, 1)
	go func() { got <- m.lines.Scan() }() // a terminal's read cannot be interrupted: ctx may leave it behind
	select {
	case ok := <-got:
		return strings.TrimSpace(m.lines.Text()), ok
	case <-ctx.Done():
		return "", false
	}
}

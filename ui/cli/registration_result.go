package cli

import (
	"fmt"
	"time"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// switchDoc is "seatdeck.registration-switch": a plan and, but for a dry run,
// what became of it.
type switchDoc struct {
	head
	Instance instanceJSON           `json:"instance"`
	Wish     model.RegistrationWish `json:"wish"`
	DryRun   bool                   `json:"dry_run"`
	Outcome  *model.Outcome         `json:"outcome"` // null for a dry run
	Note     *model.Text            `json:"note"`
	Sent     bool                   `json:"sent"`
	Exit     int                    `json:"exit"`
	Plan     planJSON               `json:"plan"`
	ReadBack []model.Change         `json:"read_back"` // what reading showed to be different
	Journal  bool                   `json:"recorded"`  // plan and result are in the journal
}

// planJSON is a plan in a document.
type planJSON struct {
	ID          string               `json:"id"`
	Hash        string               `json:"hash"`
	Title       string               `json:"title"`
	MadeAt      time.Time            `json:"made_at"`
	Sends       []model.SettingSend  `json:"sends"`
	Effects     []model.SwitchEffect `json:"effects"`
	AsOf        *time.Time           `json:"as_of"` // of the settings it starts from
	Gains       []string             `json:"gains"`
	Losses      []string             `json:"losses"`
	Warnings    []string             `json:"warnings"`
	Reason      string               `json:"reason,omitempty"` // why there is nothing to do
	Blocked     *model.Error         `json:"blocked"`          // why it cannot be applied from here
	Disclosures []model.Disclosure   `json:"what_goes_out"`
	Receipts    []model.Receipt      `json:"receipts"`
}

// print writes the plan, and what became of it.
func (s *switching) print(desk *licensing.Desk, plan licensing.RegistrationPlan, r *model.Result) error {
	v := desk.View()
	at := plan.AsOf.At.UTC()
	doc := switchDoc{
		head: headOf("registration-switch"), Instance: instanceOf(v), Wish: s.wish, DryRun: s.dry, ReadBack: []model.Change{},
		Plan: planJSON{
			ID: plan.ID, Hash: plan.Hash().String(), Title: plan.Title, MadeAt: plan.Made.UTC(), Sends: nonNil(plan.Change.Sends), Effects: plan.Change.Effects,
			AsOf: &at, Gains: plan.Gains, Losses: plan.Losses, Warnings: plan.Warnings, Reason: plan.Change.Reason, Blocked: plan.Blocked,
			Disclosures: plan.Disclosures, Receipts: plan.Shown,
		},
	}
	blocks := s.blocks(plan, v)
	if r != nil {
		doc.Outcome, doc.Note, doc.Sent, doc.Exit, doc.Journal = &r.Outcome, &r.Note, r.Sent(), r.ExitCode(), len(r.Steps) > 0
		for _, step := range r.Steps {
			doc.ReadBack = append(doc.ReadBack, step.Changes...)
		}
		blocks = append(blocks, resultBlock(plan, *r, doc.ReadBack))
	} else {
		blocks = append(blocks, s.a.disclosureBlocks(plan.Disclosures)...)
	}
	return s.a.print(document{body: doc, blocks: blocks})
}

// blocks are the plan for people: what is sent, what follows, what to know.
func (s *switching) blocks(plan licensing.RegistrationPlan, v *licensing.View) []block {
	b := block{
		title: plan.Title, note: plan.Instance.Name + ", " + plan.Instance.Host + ", settings " + words.Age(plan.AsOf, v.Now, s.a.d.Zone).Text,
		head: []string{"setting", "now", "after", "why"},
	}
	for _, x := range plan.Change.Sends {
		b.rows = append(b.rows, []string{x.Title, words.OnOff(x.Before).String(), words.OnOff(model.Some(x.After)).String(), x.Why})
	}
	if plan.Empty() {
		b.head, b.rows = nil, [][]string{{"nothing to change", plan.Change.Reason}}
	} else {
		b.tail = []string{fmt.Sprintf("sends PUT /application/settings once, with %s and nothing else", words.Plural(len(b.rows), "value", "values"))}
	}
	for _, w := range plan.Warnings {
		b.tail = append(b.tail, words.Status{Tone: words.Warn, Word: w}.String())
	}
	out := []block{b}
	for _, l := range []struct {
		title string
		names []string
	}{{"Features that begin to work", plan.Gains}, {"Features that stop", plan.Losses}} {
		if len(l.names) > 0 {
			k := block{title: l.title, note: words.Int(len(l.names))}
			for _, n := range l.names {
				k.rows = append(k.rows, []string{n})
			}
			out = append(out, k)
		}
	}
	return out
}

// resultBlock is what became of a plan, for people.
func resultBlock(plan licensing.RegistrationPlan, r model.Result, changes []model.Change) block {
	b := block{title: "Result", rows: [][]string{{"outcome", words.Outcome(r.Outcome).String() + dash(r.Note)}}}
	for _, c := range changes {
		b.rows = append(b.rows, []string{"read back", c.Field, words.Change(c.Before, c.After)})
	}
	if r.Sent() && len(changes) == 0 {
		b.rows = append(b.rows, []string{"read back", "nothing changed"})
	}
	if len(r.Steps) > 0 {
		b.rows = append(b.rows, []string{"journal", "plan " + plan.ID, "with the receipts of what goes out"})
	}
	return b
}

func dash(note model.Text) string {
	if note.Empty() {
		return ""
	}
	return " — " + note.String()
}

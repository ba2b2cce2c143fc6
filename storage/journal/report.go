package journal

import (
	"context"

	"seatdeck/model"
)

// Check verifies the journal in a folder and says what was found in the words
// that front ends show; see [VerifyDir].
func Check(ctx context.Context, dir string) (model.JournalReport, error) {
	r, err := VerifyDir(ctx, dir)
	if err != nil {
		return model.JournalReport{}, err
	}
	out := model.JournalReport{
		Dir: dir, Verdict: string(r.Verdict), Records: r.Records, First: r.First, Last: r.Last, Head: r.Head,
		Harmless: r.Verdict != VerdictCut && r.Verdict != VerdictAltered, Problems: []string{}, Note: r.Note,
	}
	for _, p := range r.Problems {
		out.Problems = append(out.Problems, p.String())
	}
	return out, nil
}

// String is a problem in one line.
func (p Problem) String() string {
	where := p.Segment
	if where != "" {
		where += ": "
	}
	return where + string(p.Verdict) + ": " + p.Msg.String()
}

package gitlab

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"seatdeck/model"
)

// Daily reads the daily counts of the current term from the usage export. On
// an offline licence, and on one whose kind is not known, the request counts as
// a write, because it marks the usage as exported (contract §1.10). Without a
// licence the route fails on the server, so nothing is asked.
//
// The file begins with the whole licence key. It is skipped as it streams in:
// only times and counts leave this function.
func (c *Client) Daily(ctx context.Context, kind model.Kind) ([]model.DayCount, error) {
	op := model.UsageExportOf(kind)
	if kind == model.KindNone {
		return nil, model.Fail(model.ClassUnsupported, op.What, "without a licence the instance keeps no daily counts to export", "")
	}
	var rows []model.DayCount
	cl, err := c.stream(ctx, op, "license/usage_export.csv", func(r io.Reader) (err error) {
		rows, err = readExport(op, r)
		return err
	})
	if cl.status == http.StatusNotFound {
		return nil, c.notOnVersion(op)
	}
	if err != nil {
		return nil, err
	}
	return rows, nil
}

// exportForms are the times in the table; exports of older versions may have
// dates only.
var exportForms = []string{time.DateTime, "2006-01-02 15:04:05 UTC", time.RFC3339, time.DateOnly}

// readExport reads the table below the header lines. The header line of the
// table is found by the beginnings of its two names, because the second was
// renamed (contract §1.10).
func readExport(op model.Operation, r io.Reader) ([]model.DayCount, error) {
	cr := csv.NewReader(r)
	cr.FieldsPerRecord = -1
	cr.ReuseRecord = true
	rows, inTable := []model.DayCount{}, false
	for {
		rec, err := cr.Read()
		switch {
		case errors.Is(err, io.EOF) && inTable:
			return rows, nil
		case errors.Is(err, io.EOF):
			return nil, lacking(op, "the table of daily counts")
		case err != nil:
			return nil, exportError(op, err)
		}
		if !inTable {
			inTable = len(rec) == 2 && rec[0] == "Date" && strings.HasSuffix(strings.TrimSpace(rec[1]), "User Count")
			continue
		}
		row, ok := exportRow(rec)
		if !ok {
			return nil, model.Fail(model.ClassMalformed, op.What, "line "+strconv.Itoa(line(cr))+" of the usage export is not a time and a count", "export the usage in the Admin area and look at the file")
		}
		rows = append(rows, row)
	}
}

func exportRow(rec []string) (model.DayCount, bool) {
	if len(rec) != 2 {
		return model.DayCount{}, false
	}
	n, err := strconv.Atoi(rec[1])
	if err != nil || n < 0 {
		return model.DayCount{}, false
	}
	for _, form := range exportForms {
		if at, err := time.Parse(form, rec[0]); err == nil {
			return model.DayCount{At: at.UTC(), Count: n}, true
		}
	}
	return model.DayCount{}, false
}

func line(cr *csv.Reader) int {
	n, _ := cr.FieldPos(0)
	return n
}

// exportError words a file that is not CSV, without any of its text, and passes
// on a lost connection as it is.
func exportError(op model.Operation, err error) error {
	if p, ok := errors.AsType[*csv.ParseError](err); ok {
		return model.Fail(model.ClassMalformed, op.What, "the usage export is not valid CSV at line "+strconv.Itoa(p.Line), "export the usage in the Admin area and look at the file")
	}
	return err
}

package gitlab

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"seatdeck/model"
)

const exportKey = "eyJkYXRhIjoiS0VZLUNBTkFSWS0xMjM0NTY3ODkwIn0="

// exportFile is the layout of contract §1.10.
const exportFile = `License Key,"` + exportKey + `
"
Email,c@d.example
License Start Date,2025-01-27
License End Date,2026-01-27
Company,"B, Inc. ""x"""
Generated At,2025-09-05 06:56:23
"",""
Date,Billable User Count
2025-07-11 12:00:05,21
2025-07-12 12:00:06,23
`

func daily(t *testing.T, body string) ([]model.DayCount, error) {
	t.Helper()
	return dial(t, func(r *http.Request) (*http.Response, error) {
		if r.URL.Path != "/api/v4/license/usage_export.csv" {
			t.Errorf("asked %s", r.URL.Path)
		}
		return reply(200, body, "Content-Type", "text/csv"), nil
	}).Daily(t.Context(), model.KindOnlineCloud)
}

func TestDaily(t *testing.T) {
	for name, file := range map[string]string{
		"current":     exportFile,
		"older":       replace(exportFile, `"",""`, `""`, "Billable User Count", "Active User Count"),
		"CRLF":        replace(exportFile, "\n", "\r\n"),
		"blank line":  replace(exportFile, `"",""`, ``),
		"UTC":         replace(exportFile, "12:00:05", "12:00:05 UTC"),
		"no newline":  strings.TrimSuffix(exportFile, "\n"),
		"more fields": replace(exportFile, "Company,", "Something New,1,2,3\nCompany,"),
	} {
		rows, err := daily(t, file)
		if err != nil || len(rows) != 2 || !rows[0].At.Equal(time.Date(2025, 7, 11, 12, 0, 5, 0, time.UTC)) || rows[0].Count != 21 || rows[1].Count != 23 {
			t.Errorf("%s: %+v, %v", name, rows, err)
		}
	}
	if rows, err := daily(t, exportFile[:strings.Index(exportFile, "2025-07-11")]); err != nil || len(rows) != 0 {
		t.Errorf("a term without rows: %+v, %v", rows, err)
	}
}

func TestDailyErrorsHoldNothingOfTheFile(t *testing.T) {
	for name, file := range map[string]string{
		"empty":        "",
		"only the key": exportFile[:60],
		"no table":     exportFile[:strings.Index(exportFile, "Date,Billable")],
		"key in a row": replace(exportFile, "2025-07-11 12:00:05", exportKey),
		"not a count":  replace(exportFile, ",21", ",many"),
		"negative":     replace(exportFile, ",21", ",-21"),
		"open quote":   replace(exportFile, "\n\"\nEmail", "\nEmail"),
		"stray quote":  replace(exportFile, "2025-07-11", `20"25`),
		"three fields": replace(exportFile, ",21", ",21,3"),
		"JSON":         `{"message":"` + exportKey + `"}`,
	} {
		_, err := daily(t, file)
		t.Log(name, err)
		wantClass(t, err, model.ClassMalformed)
		if strings.Contains(fmt.Sprintf("%+v", err), "KEY") || strings.Contains(err.Error(), exportKey[:12]) {
			t.Errorf("%s: the licence key is in %q", name, err)
		}
	}
}

func TestDailyByKind(t *testing.T) {
	n := 0
	ok := func(*http.Request) (*http.Response, error) { n++; return reply(200, exportFile), nil }
	c := dial(t, ok)
	_, err := c.Daily(t.Context(), model.KindNone)
	wantClass(t, err, model.ClassUnsupported)
	_, err = c.Daily(t.Context(), model.KindOfflineCloud)
	wantClass(t, err, model.ClassRefused)
	if n != 0 {
		t.Errorf("%d requests for a licence that is not there or must not be exported", n)
	}
	if _, err := c.Daily(t.Context(), model.KindLegacy); err != nil {
		t.Error(err)
	}
	if _, err := dial(t, ok, func(o *Options) { o.Mode = model.ModeWrite }).Daily(t.Context(), model.KindOfflineCloud); err != nil {
		t.Error(err)
	}
	_, err = dial(t, byPath(nil)).Daily(t.Context(), model.KindOnlineCloud)
	wantClass(t, err, model.ClassUnsupported, "not available")
}

// A connection lost in the middle of the stream is asked again, and rows of the
// first attempt do not count twice.
func TestDailyLostConnection(t *testing.T) {
	q := &quick{at: time.Unix(1e9, 0)}
	n := 0
	c := dial(t, func(*http.Request) (*http.Response, error) {
		if n++; n == 1 {
			return body(io.MultiReader(strings.NewReader(exportFile), failing{io.ErrUnexpectedEOF})), nil
		}
		return reply(200, exportFile), nil
	}, q.use)
	if rows, err := c.Daily(t.Context(), model.KindOnlineCloud); err != nil || len(rows) != 2 || n != 2 {
		t.Errorf("%d rows, %v after %d requests", len(rows), err, n)
	}
}

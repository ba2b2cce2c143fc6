package model_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"seatdeck/model"
)

// aPlan is one with something in every field.
func aPlan(t testing.TB, level model.Danger, steps int) model.ChangePlan {
	made := at(t, "2026-11-21 09:52")
	p := model.ChangePlan{
		Schema: model.PlanSchema, Version: model.PlanVersion, ID: "ABCDEFG", Kind: model.ActRegistrationEnable,
		Instance: model.PlanInstance{Name: "prod", Host: "gitlab.example.com", Key: "0123456789ab", UUID: model.Clean("d9e2f4e8")},
		Operator: model.PlanOperator{ID: 1, Username: model.Clean("root")}, Trigger: model.TriggerYou,
		Made: made, Expires: made.Add(15 * time.Minute), Level: level, Title: "Opt in to registration features", Object: "jdoe",
		Gains: []string{"Repository size limit"}, Losses: []string{"a quiet mailbox"}, Warnings: []string{"It is not anonymous."},
		Shown: []model.Receipt{model.ReceiptOf("sync packet", []byte("packet"))},
	}
	for i := range steps {
		p.Steps = append(p.Steps, model.Step{
			Operation: model.OpSettingsWrite.Name, Target: fmt.Sprintf("target %d", i),
			Changes:      []model.Change{{Field: "usage_ping_enabled", Before: "off", After: "on"}},
			Precondition: model.Reading{"a": "off", "b": "on"}, Wanted: model.Reading{"a": "on"},
			Send: json.RawMessage(`{"usage_ping_enabled":true}`), Settle: "read the settings",
		})
	}
	return p
}

// TestPlanHash: whatever is changed in a plan, in any depth, changes its hash
// and so ends every consent to it.
func TestPlanHash(t *testing.T) {
	p := aPlan(t, model.DangerOne, 1)
	consent, err := p.Agree("y", p.Made)
	if err != nil {
		t.Fatal(err)
	}
	if !consent.Covers(p) || !consent.Covers(aPlan(t, model.DangerOne, 1)) {
		t.Fatal("a consent does not cover its own plan")
	}
	n := 0
	alter(reflect.ValueOf(&p).Elem(), "plan", func(where string) {
		n++
		if p.Hash() == aPlan(t, model.DangerOne, 1).Hash() || consent.Covers(p) {
			t.Errorf("%s can be changed unseen", where)
		}
	})
	if !consent.Covers(p) || n < 35 {
		t.Errorf("%d changes were tried, and afterwards the plan is the old one: %v", n, consent.Covers(p))
	}
	t.Logf("%d places", n)
}

// alter changes every value below v, one after the other, calls seen, and puts
// it back.
func alter(v reflect.Value, where string, seen func(where string)) {
	old := reflect.New(v.Type()).Elem()
	old.Set(v)
	set := func(x any) {
		v.Set(reflect.ValueOf(x).Convert(v.Type()))
		seen(where)
		v.Set(old)
	}
	switch x := v.Interface().(type) {
	case time.Time:
		set(x.Add(time.Nanosecond))
		return
	case model.Text:
		set(model.Clean(x.String() + "x"))
		return
	case json.RawMessage:
		set(json.RawMessage(`{"usage_ping_enabled":false}`))
		return
	case model.Reading:
		more := model.Reading{"c": "new"}
		for k, val := range x {
			more[k] = val
		}
		set(more)
		delete(more, "c")
		more["a"] = "x"
		set(more)
		set(model.Reading(nil))
		return
	}
	switch v.Kind() {
	case reflect.String:
		set(v.String() + "x")
	case reflect.Int, reflect.Int64:
		set(v.Int() + 1)
	case reflect.Struct:
		for i := range v.NumField() {
			alter(v.Field(i), where+"."+v.Type().Field(i).Name, seen)
		}
	case reflect.Slice:
		for i := range v.Len() {
			alter(v.Index(i), fmt.Sprintf("%s[%d]", where, i), seen)
		}
		set(reflect.Append(reflect.MakeSlice(v.Type(), 0, 0), reflect.Zero(v.Type().Elem())).Interface())
		set(reflect.Zero(v.Type()).Interface())
	default:
		panic(where + " is of a kind that is not tried")
	}
}

// TestPlanThroughJSON: a plan that was written and read is the same plan.
func TestPlanThroughJSON(t *testing.T) {
	for _, steps := range []int{0, 1, 25} {
		p := aPlan(t, model.DangerMany, steps)
		p.Made = p.Made.In(time.FixedZone("away", 3600)) // the same moment
		b, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var q model.ChangePlan
		if err := json.Unmarshal(b, &q); err != nil || q.Hash() != p.Hash() || q.Hash() != aPlan(t, model.DangerMany, steps).Hash() {
			t.Errorf("%d steps: %v, hash %s and %s", steps, err, q.Hash(), p.Hash())
		}
	}
	p := aPlan(t, model.DangerOne, 1)
	p.Steps[0].Send = json.RawMessage(`{`)
	if _, err := p.Agree("y", p.Made); err == nil || err.Class != model.ClassInternal || (model.Consent{}).Covers(p) {
		t.Errorf("a plan that cannot be written down takes consent: %v", err)
	}
}

func TestPlanCheck(t *testing.T) {
	p := aPlan(t, model.DangerOne, 1)
	uuid := func(s string) model.PlanInstance {
		i := p.Instance
		i.UUID = model.Clean(s)
		return i
	}
	renamed := model.PlanInstance{Name: "other", Host: "other.example.com", Key: p.Instance.Key, UUID: p.Instance.UUID}
	tests := []struct {
		name     string
		now      time.Time
		instance model.PlanInstance
		operator model.PlanOperator
		change   func(*model.ChangePlan)
		class    model.Class // "" = it may be applied
	}{
		{name: "as it was made", now: p.Made},
		{name: "a moment before its end", now: p.Expires.Add(-time.Nanosecond)},
		{name: "at its end", now: p.Expires, class: model.ClassChanged},
		{name: "before it was made", now: p.Made.Add(-time.Nanosecond), class: model.ClassChanged},
		{name: "renamed in the profile", now: p.Made, instance: renamed},
		{name: "uuid not known now", now: p.Made, instance: uuid("")},
		{name: "another installation", now: p.Made, instance: uuid("else"), class: model.ClassRefused},
		{name: "another address", now: p.Made, instance: model.PlanInstance{Name: "prod", Host: p.Instance.Host, Key: "else", UUID: p.Instance.UUID}, class: model.ClassRefused},
		{name: "another account", now: p.Made, operator: model.PlanOperator{ID: 2, Username: p.Operator.Username}, class: model.ClassRefused},
		{name: "the account was renamed", now: p.Made, operator: model.PlanOperator{ID: 1, Username: model.Clean("admin")}},
		{name: "a later form", now: p.Made, change: func(p *model.ChangePlan) { p.Version = 2 }, class: model.ClassUsage},
		{name: "no id", now: p.Made, change: func(p *model.ChangePlan) { p.ID = "" }, class: model.ClassInternal},
		{name: "no level", now: p.Made, change: func(p *model.ChangePlan) { p.Level = 0 }, class: model.ClassInternal},
		{name: "level 4", now: p.Made, change: func(p *model.ChangePlan) { p.Level = 4 }, class: model.ClassInternal},
		{name: "two steps on level 1", now: p.Made, change: func(p *model.ChangePlan) { p.Steps = append(p.Steps, p.Steps[0]) }, class: model.ClassInternal},
		{name: "lives for two days", now: p.Made, change: func(p *model.ChangePlan) { p.Expires = p.Made.Add(48 * time.Hour) }, class: model.ClassInternal},
		{name: "a step that reads", now: p.Made, change: func(p *model.ChangePlan) { p.Steps[0].Operation = model.OpLicense.Name }, class: model.ClassInternal},
		{name: "a step outside the list", now: p.Made, change: func(p *model.ChangePlan) { p.Steps[0].Operation = "users.delete" }, class: model.ClassInternal},
		{name: "a step without a target", now: p.Made, change: func(p *model.ChangePlan) { p.Steps[0].Target = "" }, class: model.ClassInternal},
	}
	for _, tt := range tests {
		p := aPlan(t, model.DangerOne, 1)
		if tt.instance.Key == "" {
			tt.instance = p.Instance
		}
		if tt.operator.ID == 0 {
			tt.operator = p.Operator
		}
		if tt.change != nil {
			tt.change(&p)
		}
		err := p.Check(tt.now, tt.instance, tt.operator)
		if (err == nil) != (tt.class == "") || err != nil && err.Class != tt.class {
			t.Errorf("%s: %v, want class %q", tt.name, err, tt.class)
		}
	}
}

func TestConsent(t *testing.T) {
	tests := []struct {
		level  model.Danger
		steps  int
		phrase string
		want   bool
	}{
		{model.DangerOne, 1, "y", true},
		{model.DangerOne, 1, "Y", true},
		{model.DangerOne, 1, "yes", true},
		{model.DangerOne, 1, "YES", true},
		{model.DangerOne, 1, "", false},
		{model.DangerOne, 1, "n", false},
		{model.DangerOne, 1, "ye", false},
		{model.DangerOne, 1, " y", false},
		{model.DangerOne, 1, "y\n", false},
		{model.DangerOne, 1, "yesyes", false},
		{model.DangerOne, 1, "jdoe", false},
		{model.DangerOne, 0, "y", false}, // there is nothing to agree to
		{model.DangerName, 1, "jdoe", true},
		{model.DangerName, 1, "JDOE", false},
		{model.DangerName, 1, "jdoe ", false},
		{model.DangerName, 1, "y", false},
		{model.DangerName, 1, "yes", false},
		{model.DangerName, 1, "", false},
		{model.DangerName, 1, "јdoe", false}, // a Cyrillic letter
		{model.DangerMany, 25, "25 on gitlab.example.com", true},
		{model.DangerMany, 1, "1 on gitlab.example.com", true},
		{model.DangerMany, 25, "24 on gitlab.example.com", false},
		{model.DangerMany, 25, "25 on gitlab.example.org", false},
		{model.DangerMany, 25, "25", false},
		{model.DangerMany, 25, "y", false},
		{model.DangerMany, 25, "jdoe", false},
		{0, 1, "y", false},
		{4, 1, "", false},
	}
	for _, tt := range tests {
		p := aPlan(t, tt.level, tt.steps)
		c, err := p.Agree(tt.phrase, p.Made)
		if (err == nil) != tt.want || c.Covers(p) != tt.want || (c.How() == "phrase") != tt.want {
			t.Errorf("level %d, %d steps: %q gives %+v, %v", tt.level, tt.steps, tt.phrase, c, err)
		}
		if !tt.want && err.Class.ExitCode() != 3 {
			t.Errorf("%q exits with %d", tt.phrase, err.Class.ExitCode())
		}
		c, err = p.AgreeByFlag(p.Made)
		if flag := tt.level == model.DangerOne && tt.steps > 0; (err == nil) != flag || c.Covers(p) != flag {
			t.Errorf("level %d, %d steps: --yes gives %+v, %v", tt.level, tt.steps, c, err)
		}
	}
	p := aPlan(t, model.DangerName, 1)
	p.Object = ""
	for _, phrase := range []string{"", "y", "yes", p.Steps[0].Target} {
		if c, err := p.Agree(phrase, p.Made); err == nil || c.Covers(p) {
			t.Errorf("without a name, %q agrees", phrase)
		}
	}
	p = aPlan(t, model.DangerOne, 1)
	if c, err := p.Agree("y", p.Expires); err == nil || c.Covers(p) {
		t.Error("an expired plan takes consent")
	}
	if (model.Consent{}).Covers(p) || (model.Consent{}).Covers(model.ChangePlan{}) {
		t.Error("the zero consent covers something")
	}
}

// TestNothingElseAgrees: random phrases, and those one slip away from the right
// one, never agree.
func TestNothingElseAgrees(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 10))
	letters := []rune("yYeEsSnN0123456789 onON.gitlabexmpcjd-_\t\n\x00é界")
	plans := []model.ChangePlan{aPlan(t, model.DangerOne, 1), aPlan(t, model.DangerName, 1), aPlan(t, model.DangerMany, 25)}
	for range 20_000 {
		p := plans[r.IntN(len(plans))]
		phrase := []rune(p.Phrase())
		if r.IntN(2) == 0 {
			phrase = make([]rune, r.IntN(30))
			for i := range phrase {
				phrase[i] = letters[r.IntN(len(letters))]
			}
		} else {
			i, c := r.IntN(len(phrase)), letters[r.IntN(len(letters))]
			switch r.IntN(3) {
			case 0:
				phrase = append(phrase[:i], phrase[i+1:]...)
			case 1:
				phrase[i] = c
			default:
				phrase = append(phrase[:i], append([]rune{c}, phrase[i:]...)...)
			}
		}
		s := string(phrase)
		right := s == p.Phrase() || p.Level == model.DangerOne && (strings.EqualFold(s, "y") || strings.EqualFold(s, "yes"))
		if c, err := p.Agree(s, p.Made); !right && (err == nil || c.Covers(p)) {
			t.Fatalf("level %d: %q agrees", p.Level, s)
		}
	}
}

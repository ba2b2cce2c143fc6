package model

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

// everything is a value of every kind that documents of this program have.
type everything struct {
	S    string            `json:"s"`
	Text Text              `json:"text"`
	B    bool              `json:"b"`
	I    int8              `json:"i"`
	U    uint16            `json:"u"`
	F    float64           `json:"f"`
	P    *everything       `json:"p,omitempty"`
	L    []everything      `json:"l"`
	M    map[string]int    `json:"m"`
	Day  Day               `json:"day"`
	Time time.Time         `json:"time"`
	Opt  Opt[[]Opt[Text]]  `json:"opt"`
	Raw  json.RawMessage   `json:"raw"`
	MM   map[Plan][]string `json:"mm"`
	Err  *Error            `json:"err"`
	Not  func()            `json:"-"`
	inner
}

type inner struct {
	Deep string
}

var odd = []string{
	`{}`, `null`, ``, ` `, `[]`, `{"s":"a"}`, `{"s":"a",}`, `{"s":"a"}x`, ` { "s" : "a" , "b" : true } `, "{\"s\":\"a\"}\x00",
	`{"S":"upper"}`, `{"unknown":1,"s":"a"}`, `{"s":"a","s":"b"}`, `{"l":[{"s":"a"}],"l":[{}]}`, `{"s":null,"p":null,"l":null,"m":null,"i":null,"raw":null,"opt":null,"text":null,"day":null}`,
	`{"s":"→ é"}`, "{\"é\":\"a\"}", "{\"s\":\"a\",\"\xff\":1}", "{\"s\":\"\xe2\x86\"}", "{\"s\":\"\x7f\"}", "{\"raw\":\"\xff → \"}", "{\"m\":{\"→\":1,\"\xff\":2}}",
	`{"s":"\u00e9\n"}`, "{\"s\":\"é\xff\"}", "{\"s\":\"a\nb\"}", `{"s":"a`, `{"s":"a\`, `{"s":1}`, `{"\u0073":"a"}`, `{"text":"a\u202eb"}`,
	`{"i":127}`, `{"i":128}`, `{"i":-128}`, `{"i":1.0}`, `{"i":1e1}`, `{"i":01}`, `{"i":-}`, `{"i":"1"}`, `{"u":-1}`, `{"u":65535}`, `{"u":65536}`,
	`{"f":1e400}`, `{"f":-0.5e-3}`, `{"f":1.}`, `{"f":.5}`, `{"f":1E+2}`, `{"f":1e}`, `{"b":tru}`, `{"b":false}`, `{"b":1}`,
	`{"l":[]}`, `{"l":[{"i":1},{"i":2},{"i":3},{"i":4},{"i":5}]}`, `{"l":[{}`, `{"l":[{},]}`, `{"l":{}}`, `{"p":{"p":{"s":"deep"}}}`,
	`{"m":{"a":1,"b":2,"a":3}}`, `{"m":{}}`, `{"m":{"a":"x"}}`, `{"m":{"a":1`, `{"mm":{"ultimate":["a","b"],"free":null}}`,
	`{"day":"2026-02-29"}`, `{"day":"2026-02-28"}`, `{"day":5}`, `{"time":"2026-11-22T02:51:20.116Z"}`, `{"time":"yesterday"}`, `{"opt":["a",null]}`, `{"opt":"a"}`,
	`{"raw":{"a":[1,{"b":"\u0041\"é"},true,null,-1.5e3]}}`, `{"raw":{"a":[1,}}`, `{"raw":"\x"}`, `{"raw":01}`, `{"raw":nul}`, `{"raw":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}`,
	`{"err":{"class":"denied","op":"read"}}`, `{"err":5}`, `{"Deep":"x"}`, `{"deep":"x"}`, `{"Not":1}`, `{"-":1}`,
}

// Whatever the bytes are, the result and whether there is one are those of
// encoding/json.
func TestDecodeAsEncodingJSON(t *testing.T) {
	for _, s := range odd {
		same[everything](t, []byte(s))
		same[Opt[int]](t, []byte(s))
		same[[]map[string]Day](t, []byte(s))
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range odd {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) { same[everything](t, b) })
}

func same[T any](t *testing.T, b []byte) {
	t.Helper()
	var got, want T
	gotErr, wantErr := DecodeJSON(b, &got), json.Unmarshal(b, &want)
	if (gotErr == nil) != (wantErr == nil) || wantErr == nil && !reflect.DeepEqual(got, want) {
		t.Errorf("%T of %q\n got %+v, %v\nwant %+v, %v", got, b, got, gotErr, want, wantErr)
	}
}

// What is read at a start takes the quick way: otherwise it would only cost.
func TestQuickEnough(t *testing.T) {
	now := time.Date(2026, 3, 4, 5, 6, 7, 8, time.UTC)
	var f Facts
	fill(reflect.ValueOf(&f).Elem(), 3)
	entry := Entry{Seq: 1, Prev: "00", At: now, Kind: EntryCount, Key: "k", Body: json.RawMessage(`{"a":1}`)}
	for _, v := range []any{&f, &entry, &DayCount{At: now, Count: 3}} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		fresh := reflect.New(reflect.TypeOf(v).Elem())
		if !quickJSON(b, fresh.Interface()) {
			t.Errorf("%T is left to encoding/json: %s", v, b)
		}
		again, err := json.Marshal(fresh.Interface())
		if err != nil || string(again) != string(b) {
			t.Errorf("%T comes back as\n%s, not\n%s", v, again, b)
		}
	}
}

// fill sets every exported member to something, and lists to two elements.
func fill(v reflect.Value, n int) {
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = time.Unix(int64(n), 0).UTC()
		return
	case *Text:
		*x = Clean("some text, naïve")
		return
	case *Version:
		*x = Version{19, 5, n, "ee"}
		return
	case **Error:
		*x = Fail(ClassDenied, "read", "no", "try")
		return
	}
	if set := v.Addr().MethodByName("UnmarshalJSON"); set.IsValid() && v.Kind() == reflect.Struct {
		for _, s := range []string{"1", `"x"`, `"2026-01-02T03:04:05Z"`, "true", `{"major":1}`} {
			if out := set.Call([]reflect.Value{reflect.ValueOf([]byte(s))}); out[0].IsNil() {
				return
			}
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i), n+i)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n+1)
	case reflect.String:
		v.SetString("word")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Int8:
		v.SetInt(int64(n % math.MaxInt8))
	}
}

func TestValidJSON(t *testing.T) {
	for _, s := range []string{
		``, ` `, `{}`, ` {"a":[1,2.5e-3,"x",null,true,false]} `, `{"a":1,"a":2}`, `{"a":1,}`, `[1,]`, `{"a"}`, `"\u00e9"`, `"\x"`, `"é"`, "\"\x00\"", `01`, `-`, `nul`, `{} {}`, `{}x`,
		strings.Repeat(`[`, 50) + strings.Repeat(`]`, 50), strings.Repeat(`[`, 50),
	} {
		if got, want := ValidJSON([]byte(s)), json.Valid([]byte(s)); got != want {
			t.Errorf("%s: %t, want %t", s, got, want)
		}
	}
}

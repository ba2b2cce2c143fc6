package gitlab

import (
	"errors"
	"io"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"seatdeck/model"
)

// wired has every kind of member that wire types have.
type wired struct {
	Name  text                      `json:"name"`
	Raw   jsontext.Value            `json:"raw"`
	List  []number                  `json:"list"`
	Map   map[string]jsontext.Value `json:"map"`
	Inner struct {
		On flag `json:"on"`
	} `json:"inner"`
	Maybe *struct {
		At day `json:"at"`
	} `json:"maybe"`
	silent bool
}

func TestUnmarshal(t *testing.T) {
	var w wired
	err := unmarshal([]byte(`{"name":"Ada","more":{"name":"no"},"silent":true,"raw":[1, 2],"list":["1,234",5.0,null],
		"map":{"a":{"b":1}},"inner":{"on":"true"},"maybe":{"at":"1970-01-02"}}`), &w)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Name.v.String() + string(w.Raw) + string(w.Map["a"]); got != `Ada[1, 2]{"b":1}` {
		t.Error(got)
	}
	if len(w.List) != 3 || w.List[0].v != 1234 || w.List[1].v != 5 || w.List[2].known || !w.Inner.On.v || w.Maybe.At.v.String() != "1970-01-02" || w.silent {
		t.Errorf("%+v", w)
	}
	// null says as little as an absent member.
	var none, nulls wired
	if err := errors.Join(unmarshal([]byte(`{}`), &none), unmarshal([]byte(`{"name":null,"list":null,"map":null,"inner":null,"maybe":null}`), &nulls)); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(none, nulls, cmp.AllowUnexported(wired{}, text{}, model.Text{}, number{}, flag{}, day{})); d != "" {
		t.Error(d)
	}
	if none.List != nil {
		t.Error("an absent list is not told from an empty one")
	}
}

func TestUnmarshalErrors(t *testing.T) {
	for in, want := range map[string]error{
		``:                              io.EOF,
		`{"name":"A`:                    io.ErrUnexpectedEOF,
		`{"name":"A"} 1`:                errTrailing,
		`{"name":"A","name":"B"}`:       jsontext.ErrDuplicateName,
		`{"more":[{"x":1,"x":2}]}`:      jsontext.ErrDuplicateName,
		`{"raw":{"x":1,"x":2}}`:         jsontext.ErrDuplicateName,
		`[]`:                            errKind,
		`{"list":{}}`:                   wrongError{"/list"},
		`{"list":[1,true]}`:             wrongError{"/list/1"},
		`{"inner":{"on":"perhaps"}}`:    wrongError{"/inner/on"},
		`{"inner":7}`:                   wrongError{"/inner"},
		`{"maybe":{"at":"yesterday"}}`:  wrongError{"/maybe/at"},
		`{"map":[]}`:                    wrongError{"/map"},
		`{"name":["\u001b[2J"],"a":{}}`: wrongError{"/name"},
	} {
		var w wired
		if err := unmarshal([]byte(in), &w); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", in, err, want)
		}
	}
}

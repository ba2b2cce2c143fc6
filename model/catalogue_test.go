package model_test

import (
	"os"
	"strings"
	"testing"

	"seatdeck/model"
)

func catalogue(t testing.TB) model.Catalogue {
	t.Helper()
	data, err := os.ReadFile("../assets/catalogue/features.json")
	if err != nil {
		t.Fatal(err)
	}
	cat, err := model.ParseCatalogue(data)
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

func TestEmbeddedCatalogue(t *testing.T) {
	cat := catalogue(t)
	tiers := map[model.Tier]int{}
	documented := 0
	for _, f := range cat.Features {
		tiers[f.Tier]++
		if f.Documented {
			documented++
			if !f.Since.Known() {
				t.Errorf("%s is documented without a release", f.Name)
			}
		}
	}
	// Contract §8: 24 in GitLab's table and pull mirroring; two of the Ultimate list.
	if len(cat.Features) != 25 || documented != 24 || tiers[model.TierUltimate] != 2 {
		t.Errorf("%d features, %d documented, %d of Ultimate; want 25, 24, 2", len(cat.Features), documented, tiers[model.TierUltimate])
	}
}

func TestParseCatalogueRefuses(t *testing.T) {
	const feature = `{"name":"A","since":"16.0","keys":["a"],"tier":"premium","brief":"x","what":"x","documented":true}`
	doc := func(features string) string {
		return `{"schema":"seatdeck.features","version":1,"as_of":"2026-11-01","source":"s","features":[` + features + `]}`
	}
	if _, err := model.ParseCatalogue([]byte(doc(feature))); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"empty":          ``,
		"no features":    doc(``),
		"other schema":   strings.Replace(doc(feature), "seatdeck.features", "other", 1),
		"newer version":  strings.Replace(doc(feature), `"version":1`, `"version":2`, 1),
		"unknown member": strings.Replace(doc(feature), `"tier"`, `"teir":1,"tier"`, 1),
		"unknown tier":   strings.Replace(doc(feature), `premium`, `platinum`, 1),
		"no keys":        strings.Replace(doc(feature), `["a"]`, `[]`, 1),
		"bad release":    strings.Replace(doc(feature), `16.0`, `sixteen`, 1),
		"doubled":        doc(feature + `,` + feature),
		"no date":        strings.Replace(doc(feature), `"2026-11-01"`, `null`, 1),
		"two documents":  doc(feature) + doc(feature),
	} {
		if _, err := model.ParseCatalogue([]byte(bad)); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}

func TestTierInPlan(t *testing.T) {
	// Contract §8: "starter" list features are sold today as Premium.
	tests := []struct {
		tier model.Tier
		plan model.Plan
		want bool
	}{
		{model.TierStarter, model.PlanStarter, true}, {model.TierStarter, model.PlanPremium, true}, {model.TierStarter, model.PlanUltimate, true},
		{model.TierPremium, model.PlanStarter, false}, {model.TierPremium, model.PlanPremium, true}, {model.TierPremium, model.PlanUltimate, true},
		{model.TierUltimate, model.PlanPremium, false}, {model.TierUltimate, "gold", true},
		{model.TierStarter, model.PlanFree, false}, {model.TierStarter, "", false},
	}
	for _, tt := range tests {
		if got := tt.tier.InPlan(tt.plan); got != tt.want {
			t.Errorf("%s in %q: %v", tt.tier, tt.plan, got)
		}
	}
}

func FuzzParseCatalogue(f *testing.F) {
	if data, err := os.ReadFile("../assets/catalogue/features.json"); err == nil {
		f.Add(data)
	}
	f.Add([]byte(`{"schema":"seatdeck.features","version":1,"as_of":"2026-11-01","source":"","features":[{"name":"A","since":"1.","keys":[""],"tier":"starter","brief":"x","what":"x"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		cat, err := model.ParseCatalogue(data)
		if err == nil && len(cat.Features) == 0 {
			t.Error("an empty catalogue passes")
		}
	})
}

package licensing

import (
	"seatdeck/assets"
	"seatdeck/model"
)

// Shelf is the reference data that travels with the program: the catalogue of
// registration features and the list prices, each with its own date.
type Shelf struct {
	Catalogue model.Catalogue
	Prices    model.PriceBook
}

// LoadShelf reads the embedded reference data.
func LoadShelf() (s Shelf, err error) {
	features, err := assets.FS.ReadFile("catalogue/features.json")
	if err != nil {
		return s, err
	}
	if s.Catalogue, err = model.ParseCatalogue(features); err != nil {
		return s, err
	}
	prices, err := assets.FS.ReadFile("catalogue/prices.json")
	if err != nil {
		return s, err
	}
	s.Prices, err = model.ParsePrices(prices)
	return s, err
}

package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"seatdeck/licensing"
	"seatdeck/model"
	"seatdeck/ui/words"
)

// previewDoc is "seatdeck.registration-preview".
type previewDoc struct {
	head
	Instance    instanceJSON               `json:"instance"`
	Pins        aged                       `json:"pins"`    // what the server says of gitlab.rb; asked where the profile syncs by way of it
	Changes     []model.RegistrationChange `json:"changes"` // what each of enable, disable, optional on and off would send now
	Disclosures []model.Disclosure         `json:"what_goes_out"`
	Receipts    []model.Receipt            `json:"receipts"`
}

func (a *app) registrationPreviewVerb() *cobra.Command {
	return &cobra.Command{
		Use: "preview", Short: "What the instance would share with the vendor, value by value; sends nothing",
		Long: `Lays open what the instance sends to the vendor as things stand: the body of the daily sync, and
the cached Service Ping payload with its size, age, categories and all that names somebody in it.
The licence key and the licensee are named, never shown. Below it stands what opting in or out
would change. Where the profile syncs by way of the server, that is asked what gitlab.rb pins, at
most once a minute; GitLab's Ruby takes up to a minute to start. Nothing is sent to anybody.

A receipt is the SHA-256 of a title, its notes and its rows in lines of tabs. Opting in keeps the
receipts of what was shown in the journal.`,
		Example:     "seatdeck registration preview\nseatdeck registration preview -o json",
		Args:        takes(0, 0, ""),
		Annotations: prints(asTable, asPlain, asJSON),
		RunE: func(cmd *cobra.Command, _ []string) error {
			shown := need{about: model.PartSettings, beside: []model.PartName{model.PartLicense, model.PartAddOns, model.PartDaily, model.PartPing}}
			return a.read(cmd.Context(), shown, func(desk *licensing.Desk, _ *licensing.View) error { return a.preview(cmd.Context(), desk) })
		},
	}
}

// preview lays open what goes out, and what each wish would change.
func (a *app) preview(ctx context.Context, desk *licensing.Desk) error {
	if !a.offline {
		if err := desk.ReadPins(ctx); err != nil {
			return err
		}
	}
	v := desk.View()
	shown, changes := model.DisclosuresOf(&v.Facts, v.Now), desk.RegistrationForecasts()
	doc := previewDoc{
		head: headOf("registration-preview"), Instance: instanceOf(v), Pins: agedOf(v.Facts.Pins, itself[model.Pins]), Changes: changes,
		Disclosures: shown, Receipts: []model.Receipt{},
	}
	for i := range changes {
		changes[i].Sends = nonNil(changes[i].Sends)
	}
	for _, d := range shown {
		doc.Receipts = append(doc.Receipts, d.Receipt())
	}
	return a.print(document{body: doc, blocks: append(a.disclosureBlocks(shown), a.changesBlock(changes, v))})
}

// changesBlock is what each wish would send and bring, a line for each.
func (a *app) changesBlock(changes []model.RegistrationChange, v *licensing.View) block {
	b := block{title: "What a change would send", note: "settings " + words.Age(v.Facts.Settings.AsOf, v.Now, a.d.Zone).Text, head: []string{"wish", "sends", "brings"}}
	for i := range changes {
		c, brings := &changes[i], ""
		if !c.Empty() {
			brings = words.Brings(c, &v.Registration)
		}
		b.rows = append(b.rows, []string{string(c.Wish), words.Sends(c), brings})
	}
	if pinned, ok := v.Registration.Pinned.Get(); ok {
		b.tail = []string{"pinned in gitlab.rb: " + words.YesNo(model.Some(pinned)) + ", " + pinsNote(v, a.d.Zone)}
	}
	if e := v.Facts.Pins.Err; e != nil {
		b.tail = append(b.tail, "what gitlab.rb pins could not be asked: "+e.Msg.String())
	}
	return b
}

// pinsNote is when the server told what its file pins; who has not asked it finds
// out by a change alone.
func pinsNote(v *licensing.View, zone *time.Location) string {
	switch r := &v.Registration; {
	case !r.Pinned.Known():
		return "only a change shows it"
	case r.PinsAsOf.Source != model.SourceHost:
		return "Service Ping is on"
	}
	return "read on the server " + words.Event(v.Registration.PinsAsOf.At, v.Now, zone)
}

// disclosureBlocks are what goes out, for people.
func (a *app) disclosureBlocks(shown []model.Disclosure) []block {
	var out []block
	for _, d := range shown {
		out = append(out, a.disclosureBlock(d))
	}
	return out
}

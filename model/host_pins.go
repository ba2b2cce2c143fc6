package model

import "time"

// Pins is what the server says about Service Ping and registration features:
// what is stored, what the configuration file pins, and what comes out of both
// (gitlab-host §6, §8). The program starts afresh, so it sees the rendered file;
// processes that were not restarted since may still go by an older one.
type Pins struct {
	HostAnswer
	Version      Text           `json:"version"`
	Stored       PinSettings    `json:"stored"`
	Pinned       Opt[bool]      `json:"pinned_by_file"`    // the file switches Service Ping off
	Configurable Opt[bool]      `json:"can_be_configured"` // an administrator may change it
	Ping         Opt[bool]      `json:"ping_effective"`
	Features     Opt[bool]      `json:"features_effective"`
	Generation   Opt[bool]      `json:"generation_effective"`
	Forced       Opt[bool]      `json:"forced_by_license"` // operational metrics: sent whatever the switches say
	Sends        Opt[bool]      `json:"sends"`
	Consent      Opt[bool]      `json:"consent_missing"`
	LastSent     Opt[time.Time] `json:"last_sent"`  // set only after the vendor acknowledged
	PayloadAt    Opt[time.Time] `json:"payload_at"` // of the cached payload
	ByPing       []Text         `json:"features_by_ping"`
	ProductUsage Opt[bool]      `json:"product_usage"`
	ProductFrom  Text           `json:"product_usage_source"` // environment or database
	Managed      Opt[bool]      `json:"managed"`              // somebody else manages settings of this instance
	ManagedBy    Text           `json:"managed_by"`
	File         Text           `json:"file_state"` // of gitlab.rb: read, missing or denied, which is usual
	Lines        []PinLine      `json:"lines"`      // in the order in which they count: the last of a key wins
}

// PinSettings are the stored values; unknown where this version has no column.
type PinSettings struct {
	Ping         Opt[bool] `json:"usage_ping_enabled"`
	Features     Opt[bool] `json:"usage_ping_features_enabled"`
	Optional     Opt[bool] `json:"include_optional_metrics_in_service_ping"`
	Generation   Opt[bool] `json:"usage_ping_generation_enabled"`
	ProductUsage Opt[bool] `json:"gitlab_product_usage_data_enabled"`
}

// PinLine is one line of the server's configuration that sets a switch. File
// may also be the name of a variable.
type PinLine struct {
	File Text `json:"file"`
	Line int  `json:"line"`
	Key  Text `json:"key"`
	Set  Text `json:"set"` // true, false or nil
}

// PinnedBy returns the line that counts for a key.
func (p Pins) PinnedBy(key string) (PinLine, bool) {
	for i := len(p.Lines) - 1; i >= 0; i-- {
		if p.Lines[i].Key.String() == key {
			return p.Lines[i], true
		}
	}
	return PinLine{}, false
}

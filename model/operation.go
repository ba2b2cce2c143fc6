package model

import (
	"slices"
	"strings"
)

// Mode is what a profile allows on its instance.
type Mode string

// The modes. ModeReadOnly is the default.
const (
	ModeReadOnly Mode = "read-only"
	ModeWrite    Mode = "write"
)

// Operation is one thing this program may ask of an instance. Adapters send
// nothing that is not in [Operations]; one gate looks at Writes before every
// request.
type Operation struct {
	Name   string // such as "users.list"
	Writes bool   // changes state on the instance or tells somebody outside
	Scope  string // the least token scope, contract §13; "" = none
	What   string // in plain words, for messages
}

// The reading operations (contract §13).
var (
	OpMetadata    = Operation{"instance.metadata", false, "read_user", "read the version"}
	OpToken       = Operation{"token.self", false, "", "read the token's own facts"}
	OpOperator    = Operation{"token.user", false, "read_user", "read the token's account"}
	OpLicense     = Operation{"license.read", false, "read_api", "read the licence"}
	OpLicenses    = Operation{"license.list", false, "read_api", "read the licence history"}
	OpFuture      = Operation{"license.future", false, "read_api", "read future terms"}
	OpAddOns      = Operation{"license.add-ons", false, "read_api", "read add-on purchases"}
	OpPromotions  = Operation{"users.promotions", false, "read_api", "read the role-promotion queue"}
	OpUsers       = Operation{"users.list", false, "read_api", "read the accounts"}
	OpUser        = Operation{"users.read", false, "read_api", "read one account"}
	OpMemberships = Operation{"users.memberships", false, "read_api", "read memberships"}
	OpSettings    = Operation{"settings.read", false, "read_api", "read the settings"}
	OpStatistics  = Operation{"statistics.read", false, "read_api", "read the statistics"}
	OpPing        = Operation{"service-ping.read", false, "read_service_ping", "read the cached Service Ping"}
	OpUsageExport = Operation{"license.usage-export", false, "read_api", "read the daily counts"}
)

// OpUsageExportOffline is the same request as OpUsageExport on an offline
// cloud licence, where it marks the usage as exported: a write (contract §1.10).
var OpUsageExportOffline = Operation{"license.usage-export.offline", true, "read_api", "export the usage file"}

// UsageExportOf is the operation that reading the daily counts of a licence is.
// One whose kind is not known is treated as the kind that does harm.
func UsageExportOf(k Kind) Operation {
	if k == KindOnlineCloud || k == KindLegacy || k == KindNone {
		return OpUsageExport
	}
	return OpUsageExportOffline
}

// The writing operations of the API (contract §13). Nothing but the write
// engine of a desk asks for them.
var (
	OpSettingsWrite = Operation{"settings.write", true, "api", "change the settings"}
	OpRecount       = Operation{"users.recount", true, "api", "count the billable users anew"}
	OpActivate      = Operation{"license.activate", true, "api", "activate the licence"}
)

// The operations on the GitLab server itself, through the configured command.
// They need no token, so they have no scope.
var (
	OpHostCheck   = Operation{"host.check", false, "", "ask the server whether it can sync"}
	OpHostObserve = Operation{"host.observe", false, "", "look at the sync jobs on the server"}
	OpHostPacket  = Operation{"host.packet", false, "", "read on the server what a sync would send"}
	OpHostPins    = Operation{"host.pins", false, "", "look for settings pinned on the server"}
	OpHostRoles   = Operation{"host.roles", false, "", "read the highest roles on the server"}
	OpHostSync    = Operation{"host.sync", true, "", "have the server sync"}
)

// Operations is every operation there is.
var Operations = []Operation{
	OpMetadata, OpToken, OpOperator, OpLicense, OpLicenses, OpFuture, OpAddOns, OpPromotions,
	OpUsers, OpUser, OpMemberships, OpSettings, OpStatistics, OpPing, OpUsageExport, OpUsageExportOffline,
	OpSettingsWrite, OpRecount, OpActivate,
	OpHostCheck, OpHostPacket, OpHostObserve, OpHostPins, OpHostRoles, OpHostSync,
}

// OnHost reports whether the operation runs on the GitLab server instead of
// going through the API.
func (op Operation) OnHost() bool { return strings.HasPrefix(op.Name, "host.") }

// OperationNamed returns the operation of that name.
func OperationNamed(name string) (Operation, bool) {
	i := slices.IndexFunc(Operations, func(op Operation) bool { return op.Name == name })
	if i < 0 {
		return Operation{}, false
	}
	return Operations[i], true
}

// Allow is the one gate: nil when the mode permits the operation. What is not
// in [Operations] is never permitted: it would have escaped the list by which
// read-only is proven. Any mode but ModeWrite reads only.
func (m Mode) Allow(op Operation) *Error {
	if !slices.Contains(Operations, op) {
		return Fail(ClassInternal, op.What, "this is not in the list of operations", "")
	}
	if !op.Writes || m == ModeWrite {
		return nil
	}
	return Fail(ClassRefused, op.What, "this profile is read-only", `set mode = "write" for the instance in config.toml`)
}

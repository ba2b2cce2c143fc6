package gitlab

import (
	"bytes"
	"context"

	"seatdeck/model"
)

// Settings reads the allow-list of settings (contract §7.1). The object holds
// secrets: nothing else of it is decoded.
func (c *Client) Settings(ctx context.Context) (model.Settings, error) {
	cl, err := c.get(ctx, model.OpSettings, "application/settings", nil)
	if err != nil {
		return model.Settings{}, err
	}
	return settingsIn(cl)
}

// settingsIn reads the settings out of an answer and overwrites its body.
func settingsIn(cl *call) (model.Settings, error) {
	defer wipe(&cl.body)
	var w struct {
		ServicePing      flag   `json:"usage_ping_enabled"`
		Features         flag   `json:"usage_ping_features_enabled"`
		OptionalMetrics  flag   `json:"include_optional_metrics_in_service_ping"`
		PingGeneration   flag   `json:"usage_ping_generation_enabled"`
		ProductUsage     flag   `json:"gitlab_product_usage_data_enabled"`
		ProductUsageFrom text   `json:"gitlab_product_usage_data_source"`
		VersionCheck     flag   `json:"version_check_enabled"`
		AdminMode        flag   `json:"admin_mode"`
		Maintenance      flag   `json:"maintenance_mode"`
		SilentMode       flag   `json:"silent_mode_enabled"`
		Deactivate       flag   `json:"deactivate_dormant_users"`
		DormantDays      number `json:"deactivate_dormant_users_period"`
		SeatControl      number `json:"seat_control"`
		SignupsCap       number `json:"new_user_signups_cap"`
	}
	if err := decode(cl, &w); err != nil {
		return model.Settings{}, err
	}
	if !w.ServicePing.known {
		return model.Settings{}, lacking(cl.op, "usage_ping_enabled")
	}
	return model.Settings{
		ServicePing: w.ServicePing.opt(), Features: w.Features.opt(), OptionalMetrics: w.OptionalMetrics.opt(),
		PingGeneration: w.PingGeneration.opt(), ProductUsage: w.ProductUsage.opt(), ProductUsageFrom: w.ProductUsageFrom.v,
		VersionCheck: w.VersionCheck.opt(), AdminMode: w.AdminMode.opt(), Maintenance: w.Maintenance.opt(), SilentMode: w.SilentMode.opt(),
		Deactivate: w.Deactivate.opt(), DormantDays: w.DormantDays.count(), SeatControl: w.SeatControl.count(), SignupsCap: w.SignupsCap.count(),
	}, nil
}

// wipe overwrites a body that held secrets.
func wipe(b *bytes.Buffer) {
	clear(b.Bytes())
	b.Reset()
}

// Statistics reads the approximate counts. GitLab sends them as text with
// digit grouping (contract §5.5, §14).
func (c *Client) Statistics(ctx context.Context) (model.Statistics, error) {
	cl, err := c.get(ctx, model.OpStatistics, "application/statistics", nil)
	if err != nil {
		return model.Statistics{}, err
	}
	var w struct {
		Users       number `json:"users"`
		ActiveUsers number `json:"active_users"`
		Projects    number `json:"projects"`
		Groups      number `json:"groups"`
	}
	if err := decode(cl, &w); err != nil {
		return model.Statistics{}, err
	}
	if !w.Users.known || !w.ActiveUsers.known {
		return model.Statistics{}, lacking(cl.op, "users or active_users")
	}
	return model.Statistics{Users: w.Users.count(), ActiveUsers: w.ActiveUsers.count(), Projects: w.Projects.count(), Groups: w.Groups.count()}, nil
}

package profile

import (
	"strings"
)

// document is config.toml as it stands. Pointers tell "not set" from zero.
type document struct {
	Default   string           `toml:"default"`
	Instances map[string]table `toml:"instances"`
}

type table struct {
	URL                   string     `toml:"url"`
	TokenFile             string     `toml:"token_file"`
	TokenCommand          []string   `toml:"token_command"`
	Mode                  string     `toml:"mode"`
	Colour                string     `toml:"colour"`
	AllowHTTP             bool       `toml:"allow_http"`
	CAFile                string     `toml:"ca_file"`
	Workers               *int       `toml:"workers"`
	ActivationCodeFile    string     `toml:"activation_code_file"`
	ActivationCodeCommand []string   `toml:"activation_code_command"`
	Sync                  syncTable  `toml:"sync"`
	Price                 priceTable `toml:"price"`
}

type syncTable struct {
	Driver      string   `toml:"driver"`
	HostCommand []string `toml:"host_command"`
	Deadline    string   `toml:"deadline"`
}

type priceTable struct {
	SeatYear string `toml:"seat_year"`
	Currency string `toml:"currency"`
}

// key is one value a table may hold, and what it looks like.
type key struct{ name, like string }

var (
	topKeys = []key{
		{"default", `default = "prod"`},
		{"instances", `[instances.prod]`},
	}
	instanceKeys = []key{
		{"url", `url = "https://gitlab.example.com"`},
		{"token_file", `token_file = "prod.token"`},
		{"token_command", `token_command = ["pass", "show", "gitlab/admin"]`},
		{"mode", `mode = "read-only"`},
		{"colour", `colour = "red"`},
		{"allow_http", `allow_http = true`},
		{"ca_file", `ca_file = "/etc/ssl/our-ca.pem"`},
		{"workers", `workers = 4`},
		{"activation_code_file", `activation_code_file = "prod.code"`},
		{"activation_code_command", `activation_code_command = ["pass", "show", "gitlab/code"]`},
		{"sync", `[instances.prod.sync]`},
		{"price", `[instances.prod.price]`},
	}
	syncKeys = []key{
		{"driver", `driver = "host"`},
		{"host_command", `host_command = ["sudo", "-n", "gitlab-rails"]`},
		{"deadline", `deadline = "2m"`},
	}
	priceKeys = []key{
		{"seat_year", `seat_year = "348.00"`},
		{"currency", `currency = "USD"`},
	}
)

// keysAt returns what the table that holds the path's last element may hold,
// and how that table is called. The path is such as instances, prod, sync,
// driver.
func keysAt(path []string) (keys []key, table string) {
	switch {
	case len(path) == 4 && path[2] == "sync":
		keys = syncKeys
	case len(path) == 4 && path[2] == "price":
		keys = priceKeys
	case len(path) == 3:
		keys = instanceKeys
	case len(path) == 1:
		return topKeys, ""
	}
	return keys, "[" + strings.Join(path[:len(path)-1], ".") + "]"
}

// like returns an example of the value at path, "" for an unknown key.
func like(path []string) string {
	if len(path) == 0 {
		return ""
	}
	keys, _ := keysAt(path)
	for _, k := range keys {
		if k.name == path[len(path)-1] {
			return k.like
		}
	}
	return ""
}

func names(keys []key) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = k.name
	}
	return out
}

// colours are those of the badge. Magenta is the sandbox's alone.
var colours = []string{"red", "green", "yellow", "blue", "cyan", "white"}

var drivers = []string{DriverHost, DriverActivation, DriverBrowser, DriverNone}

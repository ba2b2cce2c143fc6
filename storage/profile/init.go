package profile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"seatdeck/model"
	"seatdeck/storage"
)

const opInit = "write a configuration"

// Starter is the commented file that Init writes. Nothing in it is active
// until somebody fills it in.
const Starter = `# Configuration of seatdeck. seatdeck config show tells where each value comes from.
# A token never stands in this file, only the way to it.

# The instance that opens first. With one instance it may be left out.
# default = "prod"

# [instances.prod]
# url = "https://gitlab.example.com"

# One of the two. The file must belong to you and have mode 0600.
# token_file = "~/.config/seatdeck/prod.token"
# token_command = ["pass", "show", "gitlab/admin"]

# read-only: nothing is ever changed (the default). write: changes are planned, shown and asked for.
# mode = "read-only"

# Badge in every header: red, green, yellow, blue, cyan or white.
# colour = "red"

# Certificates to trust besides the system's.
# ca_file = "/etc/ssl/certs/our-ca.pem"

# Unencrypted http to another machine. Everybody on the way can read the token.
# allow_http = false

# Most pages read at a time, 1 to 16.
# workers = 8

# Only for the sync driver "activation"; one of the two.
# activation_code_file = "~/.config/seatdeck/prod.code"
# activation_code_command = ["pass", "show", "gitlab/code"]

# [instances.prod.sync]
# How a sync is asked for: host, activation, browser or none.
# driver = "browser"
# host_command = ["sudo", "-n", "gitlab-rails"]
# deadline = "2m"

# What your contract says, if it differs from the public list.
# [instances.prod.price]
# seat_year = "348.00"
# currency = "USD"
`

// Init writes the starter file and returns its path. It never replaces a file.
// The system's file is readable for its group, a person's only for that person.
func Init(c storage.Caller, p storage.Places) (string, error) {
	dir := filepath.Dir(p.Config)
	modes := storage.Private
	if p.Scope == storage.ScopeSystem {
		modes = storage.Modes{Dir: 0o750, File: 0o640}
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := storage.EnsureDir(c, storage.Place{Dir: dir, Modes: modes}); err != nil {
			return "", initFault(p.Config, err)
		}
	}
	if err := storage.WriteNew(p.Config, []byte(Starter), modes.File); err != nil {
		return "", initFault(p.Config, err)
	}
	return p.Config, nil
}

func initFault(path string, err error) error {
	f := storage.FaultOf("write", path, err)
	next := f.Next
	if f.Kind == storage.KindExists {
		next = "edit it, or move it away first"
	}
	return model.Fail(model.ClassConfig, opInit, f.Msg, next).Because(err)
}

// InitHere is Init for the places of c.
func InitHere(c storage.Caller) (string, error) {
	places, err := storage.Locate(c)
	if err != nil {
		return "", model.Fail(model.ClassConfig, "write the configuration", err.Error(), "").Because(err)
	}
	return Init(c, places)
}

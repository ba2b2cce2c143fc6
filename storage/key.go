package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/url"
	"strings"
)

// instanceKeyLen is the length of an instance key in hexadecimal digits: 48
// bits, far more than the instances of one house need.
const instanceKeyLen = 12

// InstanceKey is the name under which things of one instance are kept: a short
// hash of its normalised address, so that no address shows in file names and
// "https://Host/", "https://host" and "https://host:443" are one instance.
func InstanceKey(address string) string {
	sum := sha256.Sum256([]byte(NormalURL(address)))
	return hex.EncodeToString(sum[:])[:instanceKeyLen]
}

// NormalURL is the one spelling of an instance's address: scheme and host in
// lower case, no default port, no user, query, fragment, trailing dot or
// trailing slash. Text that is no address comes back unchanged.
func NormalURL(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return address
	}
	scheme := strings.ToLower(u.Scheme)
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	port := u.Port()
	if scheme == "https" && port == "443" || scheme == "http" && port == "80" {
		port = ""
	}
	switch {
	case port != "":
		host = net.JoinHostPort(host, port)
	case strings.Contains(host, ":"):
		host = "[" + host + "]"
	}
	return scheme + "://" + host + strings.TrimRight(u.EscapedPath(), "/")
}

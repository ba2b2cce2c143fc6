package gitlab

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"seatdeck/model"
)

// authority is a certificate authority made for one test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T, name string) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), KeyUsage: x509.KeyUsageCertSign}
	return authority{sign(t, tmpl, tmpl, key, key), key}
}

func sign(t *testing.T, tmpl, parent *x509.Certificate, key, by *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, key.Public(), by)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// leaf issues a server certificate for 127.0.0.1, changed by f.
func (a authority) leaf(t *testing.T, f func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "gitlab.example.com"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	if f != nil {
		f(tmpl)
	}
	cert := sign(t, tmpl, a.cert, key, a.key)
	return tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key}
}

func (a authority) file(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// Every way an encrypted connection can be wrong has words of its own, and the
// token is never sent before the other side is verified.
func TestEncryption(t *testing.T) {
	ca, stranger := newAuthority(t, "our authority"), newAuthority(t, "another authority")
	good := ca.leaf(t, nil)
	plain := func(cert tls.Certificate) *tls.Config { return &tls.Config{Certificates: []tls.Certificate{cert}} }
	for name, tc := range map[string]struct {
		server *tls.Config
		text   string // "" for a connection that works
	}{
		"good":          {plain(good), ""},
		"expired":       {plain(ca.leaf(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })), "expired or not yet valid"},
		"not yet valid": {plain(ca.leaf(t, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Minute) })), "expired or not yet valid"},
		"wrong name":    {plain(ca.leaf(t, func(c *x509.Certificate) { c.IPAddresses = nil; c.DNSNames = []string{"other.example"} })), "not for 127.0.0.1"},
		"wrong use":     {plain(ca.leaf(t, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} })), "not valid for this use"},
		"unknown":       {plain(stranger.leaf(t, nil)), "ca_file"},
		"old TLS":       {&tls.Config{Certificates: []tls.Certificate{good}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, "outdated TLS"},
		"client wanted": {&tls.Config{Certificates: []tls.Certificate{good}, ClientAuth: tls.RequireAnyClientCert}, "client certificate"},
	} {
		var n atomic.Int32
		srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n.Add(1)
			_, _ = io.WriteString(w, `{"users":1,"active_users":1}`)
		}))
		srv.TLS, srv.Config.ErrorLog = tc.server, quietLog()
		srv.StartTLS()
		q := &quick{at: time.Now()}
		o := Options{BaseURL: srv.URL, CAFile: ca.file(t), Token: staticToken}
		q.use(&o)
		c, err := Dial(o)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Statistics(t.Context())
		switch {
		case tc.text == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case tc.text != "":
			wantClass(t, err, model.ClassUnreachable, tc.text)
			if n.Load() != 0 || len(q.waits) != 0 {
				t.Errorf("%s: %d requests arrived, %d retries", name, n.Load(), len(q.waits))
			}
		}
		c.Close()
		srv.Close()
	}
}

func TestCAFile(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{empty, empty + ".missing"} {
		_, err := Dial(Options{BaseURL: "https://gitlab.example.com", CAFile: file, Token: staticToken})
		wantClass(t, err, model.ClassConfig, "ca_file")
	}
}

// What answers on the port may be anything.
func TestOddServers(t *testing.T) {
	for name, tc := range map[string]struct {
		answer string
		class  model.Class
		text   string
	}{
		"ssh":             {"SSH-2.0-OpenSSH_9.6\r\n", model.ClassMalformed, "does not speak HTTP"},
		"closes at once":  {"", model.ClassUnreachable, "cut before"},
		"control in line": {"HTTP/1.1 301 Moved\r\nLocation: http://a/\x7f\r\n\r\n", model.ClassMalformed, "does not speak HTTP"},
		"huge header":     {"HTTP/1.1 200 OK\r\nX-Long: " + strings.Repeat("h", 70<<10) + "\r\n\r\n", model.ClassMalformed, "64 KiB"},
		"short body":      {"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"users\":", model.ClassUnreachable, "cut before"},
	} {
		t.Run(name, func(t *testing.T) {
			q := &quick{at: time.Now()}
			o := Options{BaseURL: "http://" + raw(t, tc.answer), Token: staticToken}
			q.use(&o)
			c, err := Dial(o)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			_, err = c.Statistics(t.Context())
			wantClass(t, err, tc.class, tc.text)
		})
	}
}

// raw serves the same bytes to every connection.
func raw(t *testing.T, answer string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				_, _ = io.WriteString(conn, answer)
			}
			conn.Close()
		}
	}()
	return l.Addr().String()
}

// net/http repeats a GET over a dead idle connection by itself. For a write
// that is a GET, the usage export of an offline licence, it must not.
func TestDeadIdleConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	var exports atomic.Int32
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				in := bufio.NewReader(conn)
				for {
					r, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					if strings.HasSuffix(r.URL.Path, "usage_export.csv") {
						exports.Add(1)
						return // the work is done, the answer is lost
					}
					_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 30\r\n\r\n"+`{"users":1,"active_users": 1 }`)
				}
			}()
		}
	}()
	c, err := Dial(Options{BaseURL: "http://" + l.Addr().String(), Token: staticToken, Mode: model.ModeWrite})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Statistics(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err = c.Daily(t.Context(), model.KindOfflineCloud)
	wantClass(t, err, model.ClassChanged, "may have arrived")
	if exports.Load() != 1 {
		t.Errorf("the export was asked %d times, want once", exports.Load())
	}
}

func TestNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	q := &quick{at: time.Now()}
	for base, text := range map[string]string{
		"http://" + l.Addr().String():                           "refuses the connection",
		"https://" + raw(t, "HTTP/1.1 400 Bad Request\r\n\r\n"): "", // plain http on an https port
	} {
		o := Options{BaseURL: base, Token: staticToken}
		q.use(&o)
		c, err := Dial(o)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Statistics(t.Context())
		wantClass(t, err, model.ClassUnreachable, text)
		c.Close()
	}
}

func TestPlainHTTPOnTheTLSPort(t *testing.T) {
	srv := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(srv.Close)
	c, err := Dial(Options{BaseURL: "https://" + srv.Listener.Addr().String(), Token: staticToken})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Statistics(t.Context())
	wantClass(t, err, model.ClassUnreachable, "plain http on this port")
}

// Unencrypted traffic to another machine is said, not only allowed.
func TestProbeNamesPlainHTTP(t *testing.T) {
	for base, ok := range map[string]bool{"http://10.0.0.1": false, "http://127.0.0.1": true} {
		c := dial(t, byPath(map[string]string{"GET metadata": `{"version":"19.5.1"}`}), func(o *Options) { o.BaseURL, o.AllowHTTP = base, true })
		checks := c.Probe(t.Context())
		i := slices.IndexFunc(checks, func(c Check) bool { return c.Name == "encryption" })
		if i < 0 || checks[i].OK != ok {
			t.Errorf("%s: %+v", base, checks)
		}
	}
}

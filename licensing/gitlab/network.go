package gitlab

import (
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"

	"seatdeck/model"
)

// dialer returns the real way to the network: TLS 1.2 at least, the system's
// authorities and those of caFile, proxies from the environment, nothing that
// skips verification.
func dialer(caFile string) (http.RoundTripper, error) {
	var pool *x509.CertPool
	if caFile != "" {
		pem, err := os.ReadFile(caFile)
		if err != nil {
			return nil, model.Fail(model.ClassConfig, opConnect, "the ca_file cannot be read", "check the path "+caFile+" and its permissions").Because(err)
		}
		if pool, err = x509.SystemCertPool(); err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, model.Fail(model.ClassConfig, opConnect, "the ca_file holds no certificate", "it must be PEM text beginning with -----BEGIN CERTIFICATE-----")
		}
	}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: dialTime}).DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool},
		TLSHandshakeTimeout:    tlsTime,
		MaxResponseHeaderBytes: headerBytes,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    16,
		IdleConnTimeout:        idleTime,
		DisableCompression:     true, // decompressed by us, under a limit
	}, nil
}

// networkError words a failed exchange; nil when there was none. cause says
// which of our own clocks ended it, if one did.
func networkError(op model.Operation, s site, err, cause error, write bool) error {
	if err == nil {
		return nil
	}
	var ours *model.Error
	if errors.As(err, &ours) {
		return ours
	}
	class, msg, next := describe(s, err, cause)
	if write && class == model.ClassUnreachable && !neverLeft(err) {
		class, next = model.ClassChanged, mayHaveArrived
	}
	return model.Fail(class, op.What, msg, next).Because(err)
}

const mayHaveArrived = "the request may have arrived: look at the instance before asking again"

// neverLeft reports whether an exchange failed before a request could be
// written: no connection came about.
func neverLeft(err error) bool {
	var dial *net.OpError
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &dial) && dial.Op == "dial" || errors.As(err, &dns) || errors.As(err, &certificate) ||
		strings.Contains(err.Error(), "proxyconnect")
}

// describe finds the words for a network failure: distinct ones for each cause
// that has its own remedy (faults T-03).
func describe(s site, err, cause error) (class model.Class, msg, next string) {
	for _, e := range []error{errHeaderTime, errIdleTime, errCallTime} {
		if errors.Is(cause, e) {
			return model.ClassUnreachable, e.Error(), "try again; look at the load of the instance and the network between"
		}
	}
	for _, e := range []error{errTooBig, errHeaderBig, errEncoding} {
		if errors.Is(err, e) {
			return model.ClassMalformed, e.Error(), "check that url points at GitLab itself"
		}
	}
	if class, msg, next, ok := describeTLS(s, err); ok {
		return class, msg, next
	}
	text := err.Error()
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return model.ClassUnreachable, "the name " + s.hostname + " cannot be resolved", "check url in config.toml, and the name servers of this machine"
	case errors.Is(err, syscall.ECONNREFUSED):
		return model.ClassUnreachable, s.host() + " refuses the connection", "check that GitLab runs there and that the port is right"
	case strings.Contains(text, "Proxy Authentication Required"), strings.Contains(text, "proxyconnect"):
		return model.ClassUnreachable, "the proxy does not let the request through", "check HTTPS_PROXY and NO_PROXY in the environment"
	case notHTTP(err):
		return model.ClassMalformed, "what answers at " + s.host() + " does not speak HTTP properly", "check scheme and port of url"
	case strings.Contains(text, "exceeded") && strings.Contains(text, "header"):
		return model.ClassMalformed, errHeaderBig.Error(), "check that url points at GitLab itself"
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), strings.Contains(text, "flate:"):
		return model.ClassMalformed, "the compressed answer is damaged", "try again; a proxy between here and the instance may be the cause"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return model.ClassUnreachable, "the connection was cut before the answer was complete", "try again"
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return model.ClassUnreachable, s.host() + " does not answer in time", "check the network between here and the instance"
	}
	return model.ClassUnreachable, "no answer from " + s.host(), "check the network between here and the instance"
}

// notHTTP reports an answer that net/http cannot read as one.
func notHTTP(err error) bool {
	text := err.Error()
	return strings.Contains(text, "malformed HTTP") || strings.Contains(text, "malformed MIME header")
}

func describeTLS(s site, err error) (class model.Class, msg, next string, ok bool) {
	var unknown x509.UnknownAuthorityError
	var wrong x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	text := err.Error()
	switch {
	case errors.As(err, &unknown):
		msg, next = "the certificate of "+s.host()+" was signed by an authority this machine does not know", "set ca_file to the PEM file of that authority"
	case errors.As(err, &wrong):
		msg, next = "the certificate that answered is not for "+s.hostname, "use the name that is in the certificate, or correct the certificate"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		msg, next = "the certificate of "+s.host()+" is expired or not yet valid", "renew the certificate, and check the clock of this machine"
	case errors.As(err, &invalid):
		msg, next = "the certificate of "+s.host()+" is not valid for this use", "correct the certificate of the instance"
	case errors.As(err, &record) && string(record.RecordHeader[:]) == "HTTP/":
		msg, next = s.host()+" speaks plain http on this port", "check scheme and port of url"
	case errors.As(err, &record):
		msg, next = s.host()+" does not speak TLS on this port", "check scheme and port of url"
	case strings.Contains(text, "protocol version"):
		msg, next = s.host()+" offers only an outdated TLS version", "let the web server of the instance speak TLS 1.2 or newer"
	case strings.Contains(text, "certificate required"), strings.Contains(text, "bad certificate"):
		msg, next = s.host()+" asks for a client certificate", "use an address that does not"
	case strings.Contains(text, "tls: "):
		msg, next = "no encrypted connection to "+s.host()+" came about", "check what answers on that port"
	default:
		return "", "", "", false
	}
	return model.ClassUnreachable, msg, next, true
}

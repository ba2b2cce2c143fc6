"""A plain HTTP proxy that writes down every request that is no GET.

Usage: recorder.py UPSTREAM FILE
Prints its own address. Before a request goes on, FILE gets a JSON line with its
method, path and raw body as it came. It changes nothing on the way.
"""

import http.client
import http.server
import json
import sys
import threading
import urllib.parse

UPSTREAM = urllib.parse.urlsplit(sys.argv[1])
HOP = {"connection", "keep-alive", "transfer-encoding", "host", "content-length"}
LOCK = threading.Lock()
RECORD = open(sys.argv[2], "w", encoding="utf-8")


class Recorder(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def pass_on(self):
        body = self.body()
        if self.command != "GET":
            with LOCK:
                line = {"method": self.command, "path": self.path, "body": body.decode("utf-8", "backslashreplace")}
                print(json.dumps(line), file=RECORD, flush=True)
        up = http.client.HTTPConnection(UPSTREAM.hostname, UPSTREAM.port, timeout=60)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
        headers["Host"] = UPSTREAM.netloc
        up.request(self.command, self.path, body=body or None, headers=headers)
        answer = up.getresponse()
        data = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        up.close()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = pass_on

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
print("http://127.0.0.1:%d" % server.server_port, flush=True)
server.serve_forever()

"""A help desk on this machine: it gives recorded answers and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Desk:
    """Answers by path, in the order in which they were given; the last one is given again and again."""

    def __init__(self, base):
        self.base, self.asked, self.waited = base, [], []
        self._answers = defaultdict(list)

    def gives(self, path, content, *, status=200, headers=None, slowly=None):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self._answers[path].append((status, headers or {}, body, slowly))

    def queries(self, path):
        return [query for asked, query, _headers in self.asked if asked == path]

    def answer(self, path):
        given = self._answers.get(path)
        if not given:
            return 404, {}, b"{}", None
        return given.pop(0) if len(given) > 1 else given[0]


@contextmanager
def running():
    """A desk that can be asked."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    desk = server.desk = Desk(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one piece, so that nobody waits for the other

    def do_GET(self):
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        form = self.rfile.read(length).decode()
        self.server.desk.asked.append((parts.path, parse_qs(parts.query or form), dict(self.headers)))
        status, headers, body, slowly = self.server.desk.answer(parts.path)
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.send_body(body, slowly)

    def do_POST(self):
        self.do_GET()

    def send_body(self, body, slowly):
        if slowly is None:
            self.wfile.write(body)
            return
        try:
            for position in range(len(body)):
                self.wfile.write(body[position : position + 1])
                self.wfile.flush()
                if slowly.wait(0.02):
                    return
        except OSError:
            self.close_connection = True

    def log_message(self, *_arguments):
        pass

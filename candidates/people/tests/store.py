"""A small object store on this machine: it speaks as much of S3 as documents need, over real sockets."""

import hashlib
import threading
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

NOT_THERE = b"<Error><Code>NoSuchKey</Code><Message>There is none.</Message></Error>"
REFUSED = b"<Error><Code>AccessDenied</Code><Message>No.</Message></Error>"


class Store(ThreadingHTTPServer):
    """Objects by their path, with what was said about each; `fails` makes every answer that code."""

    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects, self.asked, self.fails, self.waits, self.forgets, self.is_gone = {}, [], 0, 0.0, False, False
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def close(self):
        """Be away from now on."""
        self.is_gone = True  # connections that stand are cut, too
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        """Nothing."""

    def do_PUT(self):
        content, length = b"", int(self.headers["Content-Length"])
        if self.server.forgets:  # its memory would be measured with ours
            while length > 0:
                length -= len(self.rfile.read(min(length, 65536)))
        content = self.rfile.read(length)
        if self.is_up():
            self.server.objects[self.key] = (content, dict(self.headers), datetime.now(UTC))
            self.answer(200, headers={"ETag": f'"{hashlib.md5(content).hexdigest()}"'})

    def do_GET(self):
        if self.is_up():
            self.give_list() if "prefix" in self.query else self.give()

    def do_HEAD(self):
        self.do_GET()

    def do_DELETE(self):
        if self.is_up():
            self.server.objects.pop(self.key, None)
            self.answer(204)

    @property
    def key(self):
        return unquote(urlsplit(self.path).path)

    @property
    def query(self):
        return parse_qs(urlsplit(self.path).query, keep_blank_values=True)

    def is_up(self):
        """Whether it answers as it should; else it has answered by now."""
        if self.server.is_gone:
            self.close_connection = True
            return False
        self.server.asked.append((self.command, self.key, self.headers.get("Authorization", "")))
        time.sleep(self.server.waits)
        if self.server.fails:
            self.answer(self.server.fails, REFUSED)
        return not self.server.fails

    def give(self):
        if self.key not in self.server.objects:
            return self.answer(404, NOT_THERE)
        content, headers, at = self.server.objects[self.key]
        told = {"Content-Type": headers.get("Content-Type", ""), "Last-Modified": format_datetime(at, usegmt=True)}
        return self.answer(200, content, told)

    def give_list(self):
        folder = f"{self.key.rstrip('/')}/{self.query['prefix'][0]}"
        keys = sorted(key.split("/", 2)[2] for key in self.server.objects if key.startswith(folder))
        entries = "".join(f"<Contents><Key>{key}</Key><Size>1</Size></Contents>" for key in keys)
        self.answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>".encode())

    def answer(self, code, content=b"", headers=None):
        self.send_response(code)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD" and code != 204:
            self.wfile.write(content)

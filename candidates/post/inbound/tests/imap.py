"""A little IMAP server for tests: one folder, a few commands, and a way to break off."""

import re
import socketserver
import threading
from imaplib import IMAP4


class Server(socketserver.ThreadingTCPServer):
    """Mails by their numbers; `seen` are marked as read. `breaks` are numbers at which it hangs up."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, *mails, breaks=(), password="secret"):
        super().__init__(("127.0.0.1", 0), Session)
        self.mails = dict(enumerate(mails, start=1))
        self.sizes, self.seen, self.fetched = {}, set(), []
        self.breaks, self.password = set(breaks), password

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.shutdown()
        self.server_close()

    def connect(self):
        return IMAP4("127.0.0.1", self.server_address[1], timeout=2)


class Session(socketserver.StreamRequestHandler):
    """One client."""

    def handle(self):
        self.say("* OK ready")
        while line := self.rfile.readline().decode():
            tag, command, *rest = line.split(maxsplit=2)
            if not self.answer(tag, command.upper(), rest[0].strip() if rest else ""):
                return

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def answer(self, tag, command, rest):
        if command == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1")
        elif command == "LOGIN" and self.server.password not in rest:
            self.say(f"{tag} NO wrong password")
            return True
        elif command == "UID":
            if not self.by_number(*rest.split(maxsplit=1)):
                return False
        elif command == "LOGOUT":
            self.say("* BYE")
        self.say(f"{tag} OK done")
        return command != "LOGOUT"

    def by_number(self, command, rest):
        if command == "SEARCH":
            self.say("* SEARCH " + " ".join(str(n) for n in self.server.mails if n not in self.server.seen))
            return True
        number, rest = rest.split(maxsplit=1)
        number = int(number)
        if command == "STORE":
            self.server.seen.add(number)
        elif "SIZE" in rest:
            size = self.server.sizes.get(number, len(self.server.mails[number]))
            self.say(f"* {number} FETCH (UID {number} RFC822.SIZE {size})")
        elif number in self.server.breaks:
            return False
        else:
            self.give(number, whole="HEADER" not in rest)
        return True

    def give(self, number, *, whole):
        raw = self.server.mails[number]
        self.server.fetched.append((number, whole))
        part = raw if whole else re.split(rb"\r?\n\r?\n", raw)[0] + b"\r\n\r\n"
        self.wfile.write(b"* %d FETCH (UID %d BODY[] {%d}\r\n" % (number, number, len(part)) + part + b")\r\n")

"""A mailbox is read over TLS from the server that it says it is, and from no other."""

import socket
import ssl
from pathlib import Path
from threading import Thread

import pytest

from candidates.post.inbound import mailbox

CERTIFICATE = Path(__file__).with_name("self_signed.pem")  # that nobody vouches for


@pytest.fixture
def server():
    """Shakes hands with whoever comes, once."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)
        thread = Thread(target=greet, args=(context, listener))
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def greet(context, listener):
    connection, _address = listener.accept()
    with connection:
        try:
            context.wrap_socket(connection, server_side=True).close()
        except OSError:
            return


def test_a_server_whose_certificate_nobody_vouches_for_is_not_talked_to(server, settings):
    settings.REPLY_MAILBOX = {"host": "127.0.0.1", "port": server, "user": "x", "password": "x", "folder": "INBOX"}
    with pytest.raises(ssl.SSLCertVerificationError):
        mailbox.over_tls()

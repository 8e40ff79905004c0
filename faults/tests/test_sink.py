"""The mail server of the stand does to a mail what it was told."""

import asyncio
import smtplib

import pytest

from ats.dev import ports
from faults.stand.sink import Sink

MAIL = "Subject: hello\r\n\r\nhello\r\n"


def send(port, to="ada@example.org", seconds=1):
    with smtplib.SMTP("127.0.0.1", port, timeout=seconds) as server:
        server.sendmail("jobs@example.com", [to], MAIL)


def at_a_sink(tmp_path, way, *rules):
    """Run `way(port)` in a thread at a sink with these rules; gives what arrived."""

    async def run():
        listener = ports.listen(0)
        port = ports.number(listener)
        listener.close()
        for name in ("tmp", "new", "cur"):
            (tmp_path / name).mkdir()
        sink = Sink(port, tmp_path)
        await sink.open()
        for rule in rules:
            await sink.obey({"do": "rule", **rule})
        try:
            await asyncio.to_thread(way, port)
        finally:
            sink.keeper.forget()
            sink.close()
            await asyncio.sleep(0.05)

    try:
        asyncio.run(run())
        error = None
    except (OSError, smtplib.SMTPException) as raised:
        error = raised
    return error, len(list((tmp_path / "new").iterdir()))


def test_a_mail_is_kept(tmp_path):
    assert at_a_sink(tmp_path, send) == (None, 1)


def test_one_address_is_refused_and_the_others_are_not(tmp_path):
    rule = {"act": "refuse", "to": ["bad@example.org"], "code": 550}

    def way(port):
        send(port)
        send(port, to="BAD@example.org")

    error, kept = at_a_sink(tmp_path, way, rule)
    assert (type(error), kept) == (smtplib.SMTPRecipientsRefused, 1)
    assert error.recipients["BAD@example.org"][0] == 550


@pytest.mark.parametrize(("act", "kept"), [("hold", 1), ("cut", 1), ("hang", 0), ("lose", 0), ("refuse_data", 0)])
def test_who_sends_is_left_without_an_answer(tmp_path, act, kept):
    error, found = at_a_sink(tmp_path, lambda port: send(port, seconds=0.3), {"act": act})
    assert error is not None
    assert found == kept


def test_a_rule_for_one_mail_holds_for_one(tmp_path):
    def way(port):
        with pytest.raises(smtplib.SMTPDataError):
            send(port)
        send(port)

    assert at_a_sink(tmp_path, way, {"act": "refuse_data", "times": 1, "code": 451}) == (None, 1)

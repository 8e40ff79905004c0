"""What a domain says, by a resolver that answers from a table: right, wrong, missing, away; and what to publish."""

import base64

import dns.exception
import dns.resolver
import pytest

from ats.deliverability import checks, keys, policy, spf
from ats.deliverability.findings import State
from ats.deliverability.lookups import Dns, Unknown

KEYS = {  # public RSA keys as domains publish them, cut to what the length needs
    bits: base64.b64encode(
        b"\x30\x82" + (size + 32).to_bytes(2, "big") + b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"
        + b"\x03\x82" + (size + 13).to_bytes(2, "big") + b"\x00\x30\x82" + (size + 8).to_bytes(2, "big")
        + b"\x02\x82" + (size).to_bytes(2, "big") + b"\x00\x80" + b"\x11" * (size - 2) + b"\x02\x03\x01\x00\x01"
    ).decode()
    for bits, size in ((2048, 257), (1024, 129), (768, 97))
}  # fmt: skip


class Table:
    """A resolver that knows what it was told; a name told as None gives no answer."""

    def __init__(self, **told):
        self.told = {name.replace("__", "."): texts for name, texts in told.items()}

    def know(self, name, *texts):
        self.told[name] = None if texts == (None,) else list(texts)
        return self

    def txt(self, name):
        if self.told.get(name, []) is None:
            raise Unknown
        return self.told.get(name, [])

    def mx(self, name):
        return self.txt(f"mx:{name}")

    def addresses(self, name):
        return self.txt(f"a:{name}")


def spf_of(*records, provider="", host="mail.example.org", **more):
    table = Table().know("example.org", *records).know(f"a:{host}", "9.9.9.9")
    for name, texts in more.items():
        table.know(name.replace("__", "."), *texts)
    return spf.check("example.org", table, provider=provider, host=host)


def test_one_record_that_lets_our_server_send_is_good():
    found = spf_of("v=spf1 ip4:9.9.9.0/24 -all", "another text")
    assert (found.state, found.publish) == (State.GOOD, None)


def test_without_a_record_it_says_what_to_publish():
    found = spf_of()
    assert (found.state, found.publish.value) == (State.WRONG, "v=spf1 a:mail.example.org ~all")


def test_two_records_are_made_one():
    found = spf_of("v=spf1 ip4:9.9.9.0/24 -all", "v=spf1 include:spf.mtasv.net ~all", provider="postmark")
    assert found.state == State.WRONG
    assert found.publish.value == "v=spf1 include:spf.mtasv.net ip4:9.9.9.0/24 ~all"


def test_more_than_ten_lookups_are_too_many():
    found = spf_of("v=spf1 " + " ".join(f"exists:{n}.example.org" for n in range(11)) + " ~all")
    assert found.state == State.WRONG


def test_lookups_of_what_is_included_count():
    inner = "v=spf1 " + " ".join(f"exists:{n}.example.com" for n in range(10)) + " ~all"
    assert spf_of("v=spf1 include:example.com ~all", example__com=[inner]).state == State.WRONG


def test_a_record_that_includes_itself_is_read_to_an_end():
    assert spf_of("v=spf1 include:example.org ~all").state == State.WRONG


def test_what_includes_nothing_is_wrong():
    assert spf_of("v=spf1 ip4:9.9.9.9 include:gone.example ~all").state == State.WRONG


@pytest.mark.parametrize(
    ("end", "state"),
    [("-all", State.GOOD), ("~all", State.GOOD), ("?all", State.BETTER), ("", State.BETTER), ("+all", State.WRONG)],
)
def test_the_end_says_no_to_others(end, state):
    assert spf_of(f"v=spf1 ip4:9.9.9.9 {end}").state == state


def test_a_provider_that_is_not_included_is_named_with_what_to_add():
    found = spf_of("v=spf1 mx ~all", provider="mailgun")
    assert (found.state, found.publish.value) == (State.BETTER, "v=spf1 include:mailgun.org mx ~all")


def test_a_server_of_ours_that_may_not_send_is_named():
    assert spf_of("v=spf1 ip4:198.51.100.1 -all").state == State.BETTER


@pytest.mark.parametrize("odd", ["v=spf1 ip4:nonsense a/99 %{i} include: -all", "v=spf1 " + "x" * 10_000, "v=spf1"])
def test_an_odd_record_is_no_error(odd):
    assert spf_of(odd).words


@pytest.mark.parametrize(("bits", "state"), [(2048, State.GOOD), (1024, State.BETTER), (768, State.WRONG)])
def test_the_length_of_a_key_is_judged(bits, state):
    table = Table().know("s1._domainkey.example.org", f"v=DKIM1; k=rsa; p={KEYS[bits]}")
    assert keys.check("example.org", table, selector="s1").state == state


@pytest.mark.parametrize(
    ("texts", "state"),
    [
        ([], State.WRONG),
        (["v=DKIM1; p="], State.WRONG),
        (["v=DKIM1; p=not base64!"], State.WRONG),
        ([f"v=DKIM1; p={KEYS[2048][:200]}"], State.WRONG),
        ([f"p={KEYS[2048]}", f"p={KEYS[1024]}"], State.WRONG),
        ([f"v=DKIM1; t=y; p={KEYS[2048]}"], State.BETTER),
        (["v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="], State.BETTER),
    ],
)
def test_a_key_that_is_missing_broken_or_weak_is_told(texts, state):
    assert keys.check("example.org", Table().know("s1._domainkey.example.org", *texts), selector="s1").state == state


def test_without_a_selector_nobody_knows_the_key():
    assert keys.check("example.org", Table(), selector="").state == State.UNKNOWN


def dmarc_of(*texts, domain="example.org", provider="", at="_dmarc.example.org"):
    return policy.dmarc(domain, Table().know(at, *texts), provider=provider, reports_to="jobs@example.org")


@pytest.mark.parametrize(
    ("texts", "state"),
    [
        (["v=DMARC1; p=reject; rua=mailto:a@b"], State.GOOD),
        (["v=DMARC1; p=quarantine; rua=mailto:a@b"], State.GOOD),
        (["v=DMARC1; p=none; rua=mailto:a@b"], State.BETTER),
        (["v=DMARC1; p=reject"], State.BETTER),
        (["v=DMARC1; p=reject; pct=10; rua=mailto:a@b"], State.BETTER),
        (["v=DMARC1"], State.WRONG),
        (["v=DMARC1; p=reject", "v=DMARC1; p=none"], State.WRONG),
        ([], State.WRONG),
    ],
)
def test_a_policy_is_judged(texts, state):
    assert dmarc_of(*texts).state == state


def test_without_a_policy_it_says_what_to_publish():
    told = dmarc_of().publish
    assert (told.name, told.value) == ("_dmarc.example.org", "v=DMARC1; p=quarantine; rua=mailto:jobs@example.org")


def test_the_policy_of_the_domain_above_holds():
    told = dmarc_of("v=DMARC1; p=reject; rua=mailto:a@b", domain="jobs.example.org")
    assert told.state == State.GOOD


def test_a_stricter_policy_is_never_made_softer():
    assert "p=reject" in dmarc_of("v=DMARC1; p=reject; adkim=s").publish.value


@pytest.mark.parametrize(
    ("table", "state"),
    [
        (Table().know("mx:example.org", "mx1.example.org"), State.GOOD),
        (Table().know("a:example.org", "192.0.2.1"), State.BETTER),
        (Table().know("mx:example.org", ""), State.WRONG),
        (Table(), State.WRONG),
    ],
)
def test_answers_need_a_server(table, state):
    assert policy.mx("example.org", table).state == state


def test_a_check_without_an_answer_says_so_and_the_others_go_on(settings):
    settings.DEFAULT_FROM_EMAIL, settings.DKIM_SELECTOR, settings.REPLY_ADDRESS = (
        "a@example.org",
        "s1",
        "r@in.example.org",
    )
    found = checks.look_up(Table().know("example.org", None).know("mx:example.org", "mx"))
    assert [(one.name, str(one.state)) for one in found[:4]] == [
        ("SPF", "blocked"), ("DKIM", "overdue"), ("DMARC", "overdue"), ("MX", "done")
    ]  # fmt: skip
    assert "in.example.org" in found[4].name


@pytest.mark.parametrize(
    ("error", "given"),
    [
        (dns.resolver.NXDOMAIN, []),
        (dns.resolver.NoAnswer, []),
        (dns.resolver.NoNameservers, Unknown),
        (dns.exception.Timeout, Unknown),
        (OSError, Unknown),
    ],
)
def test_what_goes_wrong_is_nothing_there_or_no_answer(monkeypatch, error, given):
    def fails(*args, **fields):
        raise error()

    real = Dns()
    monkeypatch.setattr(real._resolver, "resolve", fails)
    if given == []:
        assert real.txt("example.org") == []
    else:
        with pytest.raises(given):
            real.txt("example.org")


def test_a_long_text_in_pieces_is_one(monkeypatch):
    class Answer:
        strings = (b"v=DKIM1; p=abc", b"def")

    real = Dns()
    monkeypatch.setattr(real._resolver, "resolve", lambda *args, **fields: [Answer()])
    assert real.txt("s1._domainkey.example.org") == ["v=DKIM1; p=abcdef"]

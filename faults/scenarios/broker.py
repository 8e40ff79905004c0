"""Redis away, dumb, forgetful."""

from __future__ import annotations

import shutil
import time

from faults import people
from faults.stand.stand import Stand
from faults.verdict import expect, until

RESUME = ("resume.txt", b"I helped customers for ten years, by phone and by mail.", "text/plain")


def apply(stand: Stand, slug: str, email: str) -> tuple[int, float]:
    """Somebody applies on the page; gives the status of what they got last, and the seconds of the last step."""
    visitor, address = stand.visitor(), f"/jobs/{slug}/apply/"
    form = visitor.get(address).hidden()
    time.sleep(1.1)  # nobody fills it in more quickly
    told = form | {"name": "Ada Applicant", "email": email, "letter": "I love to help.", "consent": "on"}
    began = time.monotonic()
    page = visitor.post(address, told, files={"resume": RESUME})
    expect("/thanks/" in page.path or page.status != 200, f"the form came back: {page.text[:2000]}")
    return page.status, time.monotonic() - began


def refuses_at_commit(stand: Stand) -> str:
    """F1: Redis is stopped while somebody applies; the page says thanks, the mail comes when Redis is back."""
    job, email = people.job(), f"{people.unique('ada')}@example.org"
    stand.stop("redis")
    stand.door("redis", "refused")
    status, seconds = apply(stand, job.slug, email)
    expect(status == 200, f"who applied got {status}")
    expect(job.applications.count() == 1, "the application was not kept")
    expect(not stand.mails(email), "a mail left without a broker: this is no test")
    stand.start("redis")
    stand.door("redis", "open")
    back = time.monotonic()
    until(lambda: stand.mails(email), 60, "the mail did not come within a minute of the broker's return")
    return (
        f"applied in {seconds:.1f} s without a broker; the mail came {time.monotonic() - back:.1f} s after its return"
    )


def never_answers(stand: Stand) -> str:
    """F2: Redis takes connections and says nothing; who applies has an answer within six seconds, time after time."""
    job, emails = people.job(), [f"{people.unique('ada')}@example.org" for _ in range(3)]
    stand.door("redis", "silent")
    took = [apply(stand, job.slug, email) for email in emails]
    for status, seconds in took:
        expect(status == 200, f"who applied got {status}")
        expect(seconds < 6, f"the answer took {seconds:.1f} s")
    for path in ("/", f"/jobs/{job.slug}/", "/readyz"):
        began = time.monotonic()
        expect(stand.visitor().get(path).status == 200, f"{path} is not served")
        expect(time.monotonic() - began < 6, f"{path} took {time.monotonic() - began:.1f} s")
    expect(job.applications.count() == 3, "an application was not kept")
    stand.door("redis", "open")
    back = time.monotonic()
    until(lambda: all(stand.mails(email) for email in emails), 60, "the mails did not come within a minute")
    slowest = max(seconds for _status, seconds in took)
    return f"slowest of 3 answers {slowest:.1f} s; all mails {time.monotonic() - back:.1f} s after it spoke again"


def loses_everything(stand: Stand) -> str:
    """F3: Redis is killed with 1,000 mails due, and comes back empty; each of them leaves once."""
    applications = people.applications(1000)
    messages = people.letters_at_once(applications)
    until(lambda: stand.count_mails() > 50, 30, "the sweep did not begin")
    before = stand.count_mails()
    expect(before < 1000, "all had left before: this is no test")
    stand.kill("redis")
    shutil.rmtree(stand.redis.data)
    stand.start("redis")
    back = time.monotonic()
    until(lambda: people.are_all(messages, "sent"), 120, lambda: f"not all left: {people.status_of(messages)}")
    until(lambda: stand.count_mails() == 1000, 5, lambda: f"{stand.count_mails()} mails for 1,000 rows")
    return f"{before} had left; all 1,000 once each, {time.monotonic() - back:.1f} s after Redis was back, empty"

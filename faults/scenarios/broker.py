"""Redis away, dumb, forgetful."""

from __future__ import annotations

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

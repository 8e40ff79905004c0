"""Sending a mail to oneself, to see that mails leave and arrive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from candidates.pipeline import NotAllowed
from candidates.post import links, mail
from candidates.post.models import Message
from candidates.staff.models import User


def send_test_mail(colleague: User, *, at: datetime) -> Message:
    """A mail to `colleague`, at most one a minute.

    Raises:
        NotAllowed: their account has no mail address.
    """
    if not colleague.email:
        raise NotAllowed(_("Your account has no mail address. Add one first."))
    reader: dict[str, Any] = {"to": colleague.email, "language": colleague.language, "zone": colleague.zone}
    key, link = f"test:{colleague.pk}:{at:%Y-%m-%dT%H:%M}", links.personal("test", colleague.pk)
    return mail.queue_to("candidates/test_mail", **reader, key=key, at=at, link=link, data={"name": str(colleague)})

"""Mails as they come in, for tests."""

from candidates.builders import NOW, make_application
from candidates.models import Message
from candidates.post import mail
from candidates.post.inbound import actions
from candidates.post.inbound.models import Reply


def letter(text="Yes, gladly.", *, sender="Cara <cara@example.org>", kind="text/plain; charset=utf-8", **headers):
    """The bytes of a mail; `in_reply_to` becomes In-Reply-To, and None leaves a header out."""
    given = {
        "from": sender,
        "to": "jobs@rapport.test",
        "subject": "Re: Your application",
        "message-id": "<1@example.org>",
    }
    given |= {"mime-version": "1.0", "content-type": kind}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name.title()}: {value}\r\n" for name, value in given.items() if value is not None)
    return f"{head}\r\n{text}".encode()


def parts(*bodies, kind="multipart/mixed", **headers):
    """A mail of several parts, each as "headers, blank line, body"."""
    inner = "".join(f"--b\r\n{body}\r\n" for body in bodies)
    return letter(f"{inner}--b--\r\n", kind=f'{kind}; boundary="b"', **headers)


def sent_mail(application=None, **fields):
    """A mail of ours that left for the candidate."""
    application = application or make_application()
    message = mail.queue(application, "candidates/received", key=fields.pop("key", "m"), at=NOW, data={"days": 3})
    fields = {"status": Message.Status.SENT, "sent_at": NOW, "subject": "We have your application"} | fields
    Message.objects.filter(pk=message.pk).update(**fields)
    return Message.objects.get(pk=message.pk)


def id_of(message):
    """Its Message-ID as it left."""
    return f"<{message.pk}@rapport.test>"


def take(raw, *, at=NOW, **fields):
    """Take a mail in, as the mailbox does."""
    return actions.take(raw, way=Reply.Way.MAILBOX, at=at, **fields)

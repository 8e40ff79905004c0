"""Files of an erased person: their documents, tables of imports that name them, the local mailbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from ats.engine.erased import IN_BYTES
from ats.importing.models import Import, ImportRow
from ats.privacy.digests import SALT, digest
from ats.privacy.rows import forget_in_log
from candidates.careers.models import Draft
from candidates.people.models import Candidate, Document
from candidates.post.inbound.models import Reply

READ = 40 * 1024 * 1024


def documents_of(applications: Sequence[int], addresses: Sequence[str]) -> list[int]:
    """The keys of all files that are theirs or tell of them. Ask before the rows that name them go."""
    drafts = Draft.objects.filter(is_one_of("email", addresses) | Q(application__in=applications))
    runs = Import.objects.filter(pk__in=ImportRow.objects.filter(application__in=applications).values("run"))
    replies = Reply.objects.filter(
        Q(application__in=applications) | Q(answers__application__in=applications) | is_one_of("sender", addresses)
    )
    theirs = Q(application__in=applications) | Q(pk__in=drafts.values("resume")) | Q(pk__in=replies.values("raw"))
    tables = Q(pk__in=runs.values("table")) | Q(pk__in=runs.values("resumes"))
    loose = Document.objects.filter(application=None) if addresses else Document.objects.none()
    named = [one.pk for one in loose.iterator() if _names(one, addresses)]
    return list(Document.objects.filter(theirs | tables | Q(pk__in=named)).values_list("pk", flat=True))


def delete(keys: Sequence[int]) -> int:
    """The rows at once, their files when the transaction has ended well. Returns how many.

    A file whose deletion fails then is one that no row names: the sweep of those takes it within a day.
    """
    found = Document.objects.filter(pk__in=keys)
    for document in found:
        transaction.on_commit(partial(_delete_file, str(document.file.name)))
    forget_in_log(Document, keys)
    found.delete()
    return len(keys)


def clear_mailbox(addresses: Iterable[str]) -> None:
    """Where mails are only kept on this machine, those to them or about them go."""
    if not settings.MAILBOX_DIR:
        return
    box = Path(settings.MAILBOX_DIR)
    wanted = [address.lower().encode() for address in addresses]
    for path in [*box.glob("new/*"), *box.glob("cur/*")]:
        with suppress(FileNotFoundError):
            content = path.read_bytes().lower()
            if any(address in content for address in wanted):
                path.unlink()


def clear_mailbox_of(erased: Collection[str]) -> None:
    """The same for those who are known by their digests alone: what was under way when they were erased.

    Who has written to us anew since then is somebody new, and keeps their mails.
    """
    if not settings.MAILBOX_DIR:
        return
    box, marks = Path(settings.MAILBOX_DIR), {one[:SALT] for one in erased}
    for path in [*box.glob("new/*"), *box.glob("cur/*")]:
        with suppress(FileNotFoundError):
            found = {one.rstrip(b".!*_-").decode(errors="replace") for one in IN_BYTES.findall(path.read_bytes())}
            gone = [one for one in found if any(digest(one, mark) in erased for mark in marks)]
            if gone and not Candidate.objects.filter(is_one_of("email", gone)).exists():
                path.unlink()


def is_one_of(column: str, addresses: Iterable[str]) -> Q:
    """For a filter: rows whose column holds one of the addresses, however it is written; none for none."""
    found = Q(pk__in=[])
    for address in addresses:
        found |= Q(**{f"{column}__iexact": address})
    return found


def _names(document: Document, addresses: Iterable[str]) -> bool:
    """Whether a file that waits or is kept for a while is words in which an address of theirs stands."""
    if document.kind != Document.Kind.MAIL and not document.content_type.startswith("text/"):
        return False
    try:
        with document.file.open("rb") as file:
            content = file.read(READ).lower()
    except OSError:
        return False
    return any(address.lower().encode() in content for address in addresses)


def _delete_file(name: str) -> None:
    with suppress(OSError):
        Document._meta.get_field("file").storage.delete(name)

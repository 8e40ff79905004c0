"""What becomes of the rows of a chunk: told by a dry run, done by the import itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ats.importing import people
from ats.importing.archive import NotThere, Resumes
from ats.importing.models import Import, ImportRow
from ats.importing.rows import HIRED, Entry, Reading, Refused
from ats.importing.tables import Line
from candidates import pipeline
from candidates.jobs.models import Job
from candidates.people import documents
from candidates.people.actors import Actor, ActorKind
from candidates.people.models import Answer, Application, Document, Note
from candidates.stages import Stage

Fate = ImportRow.Fate


@dataclass
class Judged:
    """A row, what it says, or the reason why it is not taken."""

    number: int
    name: str
    entry: Entry | None = None
    reason: str = ""


class Judge:
    """Reads rows one after another, and knows which people stood in the file before."""

    def __init__(self, reading: Reading, resumes: Resumes | None) -> None:
        self._reading, self._resumes = reading, resumes
        self._seen: dict[tuple[int, str], int] = {}

    def pass_by(self, line: Line) -> None:
        """Read a row that was finished earlier: only who stood in it counts."""
        try:
            entry = self._reading.entry(line)
        except Refused:
            return
        self._seen.setdefault(entry.key, entry.number)

    def judge(self, line: Line) -> Judged:
        """What a row says, or why it cannot be taken."""
        judged = Judged(line.number, self._reading.shown_name(line))
        try:
            judged.entry = self._entry(line)
        except (Refused, NotThere) as refusal:
            judged.reason = str(refusal)
        return judged

    def _entry(self, line: Line) -> Entry:
        entry = self._reading.entry(line)
        first = self._seen.setdefault(entry.key, line.number)
        if first != line.number:
            raise Refused(_("The same person stands in row %d already.") % first)
        if entry.resume and self._resumes:
            self._resumes.take(entry.resume)
        return entry


def tell(judged: Sequence[Judged], run: Import) -> list[ImportRow]:
    """What would become of the rows; nothing is changed."""
    entries = _entries(judged)
    known = people.look(entries)
    return _results(judged, run, known, people.applications(known, entries), set())


def take(judged: Sequence[Judged], run: Import, resumes: Resumes | None, *, at: datetime) -> list[ImportRow]:
    """Take the rows in: people, applications, files, answers, notes; inside `documents.atomic()`. No mail leaves.

    Args:
        judged: the rows of a chunk.
        run: the import, locked.
        resumes: the archive with the files, if there is one.
        at: now.
    """
    entries = _entries(judged)
    known = people.make(entries)
    own = people.applications(known, entries)
    fresh = _applications(entries, known, own)
    by = actor(run)
    pipeline.enter([application for _entry, application in fresh], at=at, by=by, **{"import": run.pk})
    _keep_texts(fresh, run, at)
    for entry, application in fresh:
        _keep_resume(entry, application, resumes, at)
        _end(entry, application, run, at, by)
    own |= {(application.job_id, application.candidate_id): application.pk for _entry, application in fresh}
    return _results(judged, run, known, own, {entry.number for entry, _application in fresh})


def actor(run: Import) -> Actor:
    """The colleague who imports, also when the account is gone."""
    return Actor(ActorKind.PERSON, run.by_name, run.by)


def _entries(judged: Sequence[Judged]) -> list[Entry]:
    return [row.entry for row in judged if row.entry]


def _applications(
    entries: Sequence[Entry], known: people.People, own: dict[people.Pair, int]
) -> list[tuple[Entry, Application]]:
    """A new application for each entry whose person has none for the job; the plan is the job's of this moment."""
    plans = dict(Job.objects.filter(pk__in={entry.job.pk for entry in entries}).values_list("pk", "plan_id"))
    fresh: dict[people.Pair, tuple[Entry, Application]] = {}
    for entry in entries:
        person = known.find(entry.person)
        assert person  # made, or found, before
        pair = entry.job.pk, person.pk
        if pair not in own and pair not in fresh:
            application = Application(
                candidate=person, job=entry.job, plan_id=plans[entry.job.pk], applied_at=entry.applied_at,
                letter=entry.letter, source=entry.source,
            )  # fmt: skip
            fresh[pair] = entry, application
    return list(fresh.values())


def _keep_texts(fresh: Sequence[tuple[Entry, Application]], run: Import, at: datetime) -> None:
    """Notes in the name of the colleague, and answers with the words of their questions."""
    who: dict[str, Any] = {"author": run.by, "author_name": run.by_name, "at": at}
    Note.objects.bulk_create(
        Note(application=application, text=entry.note, **who) for entry, application in fresh if entry.note
    )
    Answer.objects.bulk_create(
        Answer(application=application, question=question, label=question.label, value=text, data=text)
        for entry, application in fresh
        for question, text in entry.answers
        if question.job_id == application.job_id
    )


def _keep_resume(entry: Entry, application: Application, resumes: Resumes | None, at: datetime) -> None:
    """The file out of the archive; read again, so that never more than one is in memory."""
    if entry.resume and resumes:
        documents.store(application, resumes.take(entry.resume), kind=Document.Kind.RESUME, at=at)


def _end(entry: Entry, application: Application, run: Import, at: datetime, by: Actor) -> None:
    """Close here what is closed there, by a move as any other, but without the mail that goes with it."""
    if entry.ended is None:
        return
    hired = entry.ended == Stage.WITHDRAWN and HIRED.search(entry.note)
    reason = _("Hired before this system was in use") if hired else _("Closed before this system was in use")
    pipeline.move(application, entry.ended, at=at, by=by, reason=reason, **{"import": run.pk})


def _results(
    judged: Sequence[Judged], run: Import, known: people.People, own: dict[people.Pair, int], fresh: set[int]
) -> list[ImportRow]:
    """A line for each row; `fresh` are the numbers of those that were taken in just now."""
    results = []
    for row in judged:
        person = known.find(row.entry.person) if row.entry else None
        application = own.get((row.entry.job.pk, person.pk)) if row.entry and person else None
        is_new = application is None or row.number in fresh
        results.append(_result(run, row, Fate.NEW if is_new else Fate.KNOWN, application))
    return results


def _result(run: Import, row: Judged, fate: ImportRow.Fate, application: int | None) -> ImportRow:
    """A line of the results; a row without an entry was refused, whatever `fate` says."""
    return ImportRow(
        run=run,
        number=row.number,
        fate=fate if row.entry else Fate.REFUSED,
        name=row.entry.person.name if row.entry else row.name,
        reason=row.reason[:300],
        application_id=application,
    )

"""Finding words in what people wrote: documents, letters, answers, and notes of colleagues.

Words are sought together, "in quotes" as a phrase, `or` between two for either; the last one may be unfinished. Every
source is sought through its own index for its newest matches only; the best of those are shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import CombinedSearchQuery, SearchHeadline, SearchQuery, SearchRank
from django.db import OperationalError, connection, transaction
from django.db.models import F, QuerySet, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from ats.desk import identity
from candidates.judging import firewall
from candidates.people.models import Answer, Application, DocumentText, Note, words_of

SHOWN = 20
RANKED = 200  # newest matches of each source that are compared with each other
LONGEST = 200  # characters of a search; what is longer is cut
PATIENCE = 3000  # milliseconds
BEGIN, END = "\ue000", "\ue001"  # of a found word; no keyboard has them
CONFIG = "simple"
LENGTHS: dict[str, Any] = {  # of a passage, in words; short ones at its ends stay
    "max_words": 32, "min_words": 12, "short_word": 0, "max_fragments": 2, "fragment_delimiter": " … ",
}  # fmt: skip
UNFINISHED = re.compile(r"(?:^|.*\s)(\w+)", re.DOTALL)

Query = SearchQuery | CombinedSearchQuery


@dataclass(frozen=True)
class Passage:
    """Where the words stand: in whose application, in what, with the words around them."""

    application: Application
    url: str
    source: str | Promise
    document_url: str
    text: SafeString


@dataclass(frozen=True)
class Found:
    """What a search came to: the words it was for, as they were understood, and the passages, the best first."""

    words: str
    passages: list[Passage]
    is_slow: bool = False


@dataclass(frozen=True)
class Source:
    """One column to look in: rows of `model`, reached from an application by `path`."""

    model: Any
    path: str
    text: str
    vector: Any

    def keys(self, applications: QuerySet[Application], query: Query) -> QuerySet[Any]:
        """The newest rows that hold the words, of these applications."""
        key = f"{self.path}__pk" if self.path else "pk"
        vector = F(f"{self.path}__vector") if self.path == "documents__words" else self.vector_from(self.path)
        found = applications.order_by(f"-{key}").annotate(found_in=vector).filter(found_in=query)
        return found.values(key)[:RANKED]

    def vector_from(self, path: str) -> Any:
        """Its words, seen from the application."""
        return words_of(f"{path}__{self.text}" if path else self.text)


DOCUMENT = Source(DocumentText, "documents__words", "text", F("vector"))
LETTER = Source(Application, "", "letter", words_of("letter"))
ANSWER = Source(Answer, "answers", "value", words_of("value"))
NOTE = Source(Note, "notes", "text", words_of("text"))
SOURCES = (DOCUMENT, LETTER, ANSWER, NOTE)


def find(term: str, *, user: Any, at: datetime) -> Found:
    """The passages with the words of `term` that `user` may read now.

    A search that would take too long is given up and says so.
    """
    words = understood(term)
    query = to_query(words)
    if query is None:
        return Found(words, [])
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE)])
            return Found(words, _passages(query, user, at))
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            return Found(words, [], is_slow=True)
        raise


def understood(term: str) -> str:
    """`term` as it is sought: on one line, without what no text holds, and cut when it is endless."""
    shown = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in term[: 10 * LONGEST])
    return unicodedata.normalize("NFKC", " ".join(shown.split())[:LONGEST])


def to_query(words: str) -> Query | None:
    """What the database is asked; None when there is no letter or digit in it. A minus excludes nothing."""
    plain = re.sub(r"(^|[\s\"])-+", r"\1 ", words)
    if not re.search(r"[^\W_]", plain):
        return None
    match = UNFINISHED.fullmatch(plain)
    if match is None or plain.count('"') % 2 or re.search(r"\bor\s+\w+$", plain, re.IGNORECASE):
        return SearchQuery(plain, config=CONFIG, search_type="websearch")
    last, before = match[1], plain[: match.start(1)]
    unfinished = SearchQuery(f"'{last}':*", config=CONFIG, search_type="raw")
    if not before.strip():
        return unfinished
    return SearchQuery(before, config=CONFIG, search_type="websearch") & unfinished


def readable(user: Any, at: datetime) -> QuerySet[Application]:
    """The applications of which `user` may know who wrote what.

    Whoever is still to read a letter without knowing whose it is gets no word of that application.
    """
    return Application.objects.visible_to(user).filter(identity.named_to(user, "pk"))


def remarkable(user: Any, at: datetime) -> QuerySet[Application]:
    """Those of which `user` may read what colleagues think: they owe no judgement of their own."""
    return readable(user, at).filter(firewall.owes_nothing(user, at))


def _passages(query: Query, user: Any, at: datetime) -> list[Passage]:
    best = _best(query, user, at)
    keys = defaultdict(list)
    for number, key in best:
        keys[number].append(key)
    rows = {(number, row.pk): row for number, some in keys.items() for row in _rows(SOURCES[number], some, query)}
    applications = _applications(_application_key(row) for row in rows.values())
    found = [rows[place] for place in best if place in rows]
    return [_passage(row, applications[_application_key(row)]) for row in found]


def _best(query: Query, user: Any, at: datetime) -> list[tuple[int, int]]:
    """The numbers of sources and the keys of their rows, the best match first; one statement for all sources."""
    ranked = []
    for number, source in enumerate(SOURCES):
        allowed = remarkable(user, at) if source is NOTE else readable(user, at)
        rows = source.model.objects.order_by().filter(pk__in=source.keys(allowed, query))
        rank = SearchRank(source.vector, query, normalization=Value(1))  # long texts do not win by their length
        ranked.append(rows.annotate(rank=rank, number=Value(number)).values_list("number", "pk", "rank"))
    union = ranked[0].union(*ranked[1:], all=True).order_by("-rank", "number", "-pk")
    return [(number, pk) for number, pk, _rank in union[:SHOWN]]


def _rows(source: Source, keys: list[int], query: Query) -> QuerySet[Any]:
    """The rows with their passage, and without their long texts."""
    passage = SearchHeadline(source.text, query, config=CONFIG, start_sel=BEGIN, stop_sel=END, **LENGTHS)
    rows = source.model.objects.filter(pk__in=keys).annotate(passage=passage).order_by().defer(source.text)
    if source is DOCUMENT:
        return rows.select_related("document").defer("text", "vector")
    return rows


def _application_key(row: Any) -> int:
    if isinstance(row, Application):
        return row.pk
    if isinstance(row, DocumentText):
        return row.document.application_id or 0  # found from its application, so it has one
    return int(row.application_id)


def _applications(keys: Iterable[int]) -> dict[int, Application]:
    related = Application.objects.select_related("candidate", "job")
    shown = related.only("stage", "duplicate_of", "candidate__name", "job__title")
    return {application.pk: application for application in shown.filter(pk__in=set(keys))}


def _passage(row: Any, application: Application) -> Passage:
    document = row.document if isinstance(row, DocumentText) else None
    return Passage(
        application=application,
        url=reverse("admin:candidates_application_change", args=[application.pk]),
        source=_source(row),
        document_url=reverse("people:document", args=[document.pk]) if document else "",
        text=marked(row.passage),
    )


def _source(row: Any) -> str | Promise:
    if isinstance(row, DocumentText):
        return row.document.name
    if isinstance(row, Answer):
        return row.label
    return _("note by %(name)s") % {"name": row.author_name} if isinstance(row, Note) else _("cover letter")


def marked(passage: str) -> SafeString:
    """`passage` with what was found in <mark>; everything else in it stays plain text."""
    first, *others = " ".join(passage.split()).split(BEGIN)
    pairs = (other.partition(END) for other in others)
    rest = format_html_join("", "<mark>{}</mark>{}", ((found, after) for found, _end, after in pairs))
    return format_html("{}{}", first, rest)

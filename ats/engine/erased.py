"""I9: nothing names a person who was erased: no column of any table, no stored mail or text, no local mailbox.

The columns are those that the database itself names, so a new one is never forgotten. The database finds addresses
and makes their digests; only what fits an erasure ever leaves it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from ats.privacy.digests import SALT, digest
from ats.privacy.models import Erasure
from candidates.people.models import Application, Document
from candidates.staff.models import User

# What may be an address, in a text, in JSON, in a list: generous, since only its digest decides.
ADDRESS = r"""[^][:space:]@<>"'`(),:;{}|=\\/[]+@[^][:space:]@<>"'`(),:;{}|=\\/?&#[]+"""
IN_BYTES = re.compile(rb"""[^\s@<>"'`(),:;{}|=\\/\[\]]+@[^\s@<>"'`(),:;{}|=\\/?&#\[\]]+""")
READABLE = ("text/", "message/")
LONGEST = 40 * 1024 * 1024


def nobody_is_named(at: datetime) -> tuple[str, list[str]]:
    """I9: an erased person has no hit anywhere; who came back with a new application is no erased person any more."""
    erased = dict(Erasure.objects.order_by("at").values_list("digest", "at"))
    if not erased:
        return "nobody was erased", []
    salts = sorted({one[:SALT] for one in erased})
    erased_still = erased.keys() - _came_back(erased, salts) - _colleagues(salts)
    found = [*_in_tables(erased_still, salts), *_in_files(erased_still, salts), *_in_mailbox(erased_still, salts)]
    return f"{len(erased)} erased", found


def _came_back(erased: dict[str, datetime], salts: list[str]) -> set[str]:
    """Those who applied once more after they were erased."""
    first = min(erased.values())
    since = Application.objects.filter(applied_at__gt=first).values_list("candidate__email", "applied_at")
    told = ((digest(email, salt), applied) for email, applied in since.iterator() for salt in salts)
    return {one for one, applied in told if one in erased and applied > erased[one]}


def _colleagues(salts: list[str]) -> set[str]:
    """Whoever works here has an account, whatever became of an application of theirs."""
    emails = User.objects.exclude(email="").values_list("email", flat=True)
    return {digest(email, salt) for email in emails for salt in salts}


def _in_tables(erased: set[str], salts: list[str]) -> Iterator[str]:
    for table, columns in _columns().items():
        with connection.cursor() as cursor:
            cursor.execute(_question(table, columns), {"address": ADDRESS, "salts": salts, "erased": list(erased)})
            for column, rows in cursor.fetchall():
                yield f"{table}.{column} names an erased person in {rows} rows"


def _columns() -> dict[str, list[str]]:
    """Every column that can hold words, by its table; also those of Django's own tables."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT c.table_name, c.column_name FROM information_schema.columns c
            JOIN information_schema.tables t USING (table_schema, table_name)
            WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
                  AND (c.data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'tsvector')
                       OR c.udt_name = 'citext')
            ORDER BY c.table_name, c.ordinal_position
            """)
        found: dict[str, list[str]] = {}
        for table, column in cursor.fetchall():
            found.setdefault(table, []).append(column)
    return found


def _question(table: str, columns: list[str]) -> str:
    """One pass over the table: its words that have an @, the addresses in them, each made a digest."""
    quote = connection.ops.quote_name
    words = ", ".join(f"('{column}', one.{quote(column)}::text)" for column in columns)
    any_at = " OR ".join(f"strpos(one.{quote(column)}::text, '@') > 0" for column in columns)
    return f"""
        SELECT said.place, count(DISTINCT one.ctid)
        FROM {quote(table)} one
        CROSS JOIN LATERAL (VALUES {words}) AS said(place, words)
        CROSS JOIN LATERAL regexp_matches(said.words, %(address)s, 'g') AS found
        CROSS JOIN unnest(%(salts)s::text[]) AS salt
        WHERE ({any_at}) AND strpos(said.words, '@') > 0
              AND salt || left(encode(sha256(convert_to(salt || lower(rtrim(found[1], '.!*_-')), 'UTF8')), 'hex'),
                               {64 - SALT}) = ANY(%(erased)s::text[])
        GROUP BY said.place ORDER BY said.place
        """


def _in_files(erased: set[str], salts: list[str]) -> Iterator[str]:
    """Files that are words themselves; those of others were read into a table."""
    for document in Document.objects.order_by("pk").iterator(chunk_size=1000):
        if document.kind != Document.Kind.MAIL and not document.content_type.startswith(READABLE):
            continue
        try:
            with document.file.open("rb") as file:
                content = file.read(LONGEST)
        except OSError:
            continue  # I1 names it
        if _names(content, erased, salts):
            yield f"document {document.pk} names an erased person"


def _in_mailbox(erased: set[str], salts: list[str]) -> Iterator[str]:
    if not settings.MAILBOX_DIR:
        return
    box = Path(settings.MAILBOX_DIR)
    named = sum(_names(path.read_bytes(), erased, salts) for path in [*box.glob("new/*"), *box.glob("cur/*")])
    if named:
        yield f"{named} mails in the local mailbox name an erased person"


def _names(content: bytes, erased: set[str], salts: list[str]) -> bool:
    found = {one.rstrip(b".!*_-").decode(errors="replace") for one in IN_BYTES.findall(content)}
    return any(digest(address, salt) in erased for address in found for salt in salts)

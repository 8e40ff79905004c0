"""The questions of a job on its form: which box each gets, and what its answer is kept as."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.formats import date_format
from django.utils.html import conditional_escape
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from candidates.careers.held import FileBox
from candidates.careers.texts import LetterField, no_surrogates, one_line
from candidates.jobs.models import Job, JobQuestion
from candidates.people.models import Answer, Document

Kind = JobQuestion.Kind
LONGEST_LINE = 300
LONGEST_TEXT = 5000
YES, NO = "yes", "no"
YES_OR_NO = [(YES, _("Yes")), (NO, _("No"))]
DAYS = ["%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y"]  # the first is what browsers send
TICKED = (Kind.CHOICE, Kind.SEVERAL, Kind.YES_NO)  # shown as cards to tick
REQUIRED = _("Answer this question.")
TOO_LONG = _("Shorten this to %(limit_value)d characters; it has %(show_value)d.")


@dataclass(frozen=True)
class Given:
    """An answer: the question, what people read, the value as it was given, a file, and whether it marks."""

    question: JobQuestion
    value: str
    data: Any = None
    file: UploadedFile | Document | None = None
    is_marked: bool = False

    def row(self, document: Document | None) -> Answer:
        """How it is kept, with the question's words as they are now; not saved yet."""
        kept = Answer(question=self.question, label=self.question.label, value=self.value, data=self.data)
        kept.document, kept.is_marked = document, self.is_marked
        return kept


class NumberField(forms.DecimalField):
    """A number in a box of text: a browser's own box for numbers would lose what it does not understand."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """The number; "3,5" is one too."""
        text = str(value or "").strip()
        return super().to_python(re.sub(r"^([^,.]+),(\d{1,2})$", r"\1.\2", text))


def asked(job: Job) -> list[JobQuestion]:
    """What the job's form asks, in its order. One query."""
    return list(job.questions.filter(is_retired=False))


def name_of(question: JobQuestion) -> str:
    """The name of its box in the form."""
    return f"q{question.pk}"


def field(question: JobQuestion) -> forms.Field:
    """The box that answers `question`."""
    made = BOXES[Kind(question.kind)](question)
    made.label = question.label if question.is_required else _("%s (optional)") % question.label
    made.required = question.is_required
    made.help_text = conditional_escape(question.help)  # crispy prints help texts as they are
    made.widget.is_required = question.is_required
    made.error_messages["required"] = REQUIRED
    return made


def given(question: JobQuestion, cleaned: Any) -> Given | None:
    """The answer to keep, or None where nothing was answered.

    Args:
        cleaned: what `field(question)` made of the input.
    """
    if cleaned is None or cleaned is False or cleaned in ("", []):  # and not: equal to False, as 0 is
        return None
    if question.kind == Kind.FILE:
        return Given(question, str(cleaned.name), file=cleaned)
    return Given(question, words(question, cleaned), plain(cleaned), is_marked=is_marked(question, cleaned))


def words(question: JobQuestion, cleaned: Any) -> str:
    """An answer as people read it."""
    if question.kind == Kind.YES_NO:
        return gettext("Yes") if cleaned == YES else gettext("No")
    if isinstance(cleaned, date):
        return date_format(cleaned, "DATE_FORMAT")
    return ", ".join(cleaned) if isinstance(cleaned, list) else str(plain(cleaned))


def plain(cleaned: Any) -> Any:
    """An answer as JSON has it."""
    if isinstance(cleaned, Decimal):
        return int(cleaned) if cleaned == cleaned.to_integral_value() else float(cleaned)
    return cleaned.isoformat() if isinstance(cleaned, date) else cleaned


def is_marked(question: JobQuestion, cleaned: Any) -> bool:
    """Whether recruiters are shown this answer with a mark. Nothing else follows from it."""
    if isinstance(cleaned, Decimal):
        below = question.at_least is not None and cleaned < question.at_least
        return below or (question.at_most is not None and cleaned > question.at_most)
    if question.kind not in TICKED:
        return False
    return not set(question.marking).isdisjoint(cleaned if isinstance(cleaned, list) else [cleaned])


def _line(question: JobQuestion) -> forms.Field:
    told = {"max_length": TOO_LONG}
    return forms.CharField(max_length=LONGEST_LINE, validators=[one_line], error_messages=told)


def _text(question: JobQuestion) -> forms.Field:
    box = forms.Textarea(attrs={"rows": 4, "data-count": gettext_lazy("{n} letters left")})
    told = {"max_length": TOO_LONG}
    return LetterField(max_length=LONGEST_TEXT, validators=[no_surrogates], widget=box, error_messages=told)


def _choice(question: JobQuestion) -> forms.Field:
    told = {"invalid_choice": _("Choose one of these.")}
    return forms.ChoiceField(choices=_pairs(question), widget=forms.RadioSelect, error_messages=told)


def _several(question: JobQuestion) -> forms.Field:
    told = {"invalid_choice": _("Choose from these."), "invalid_list": _("Choose from these.")}
    box = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(choices=_pairs(question), widget=box, error_messages=told)


def _pairs(question: JobQuestion) -> list[tuple[str, str]]:
    return [(choice, choice) for choice in question.choices]


def _yes_no(question: JobQuestion) -> forms.Field:
    told = {"invalid_choice": _("Choose yes or no.")}
    return forms.ChoiceField(choices=YES_OR_NO, widget=forms.RadioSelect, error_messages=told)


def _number(question: JobQuestion) -> forms.Field:
    told = {
        name: _("Write a number, such as 3 or 3.5.") for name in ("invalid", "max_decimal_places")
    } | {name: _("This number is too large.") for name in ("max_digits", "max_whole_digits")}  # fmt: skip
    box = forms.TextInput(attrs={"inputmode": "decimal"})
    return NumberField(max_digits=12, decimal_places=2, widget=box, error_messages=told)


def _date(question: JobQuestion) -> forms.Field:
    box = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    told = {"invalid": _("Write a date, such as 2030-01-31.")}
    return forms.DateField(input_formats=DAYS, widget=box, error_messages=told)


def _file(question: JobQuestion) -> forms.Field:
    return FileBox()


BOXES: dict[JobQuestion.Kind, Callable[[JobQuestion], forms.Field]] = {
    Kind.TEXT: _line,
    Kind.LONG_TEXT: _text,
    Kind.CHOICE: _choice,
    Kind.SEVERAL: _several,
    Kind.YES_NO: _yes_no,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.FILE: _file,
}

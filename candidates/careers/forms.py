"""The form of an application: five required inputs and the job's own questions, three minutes, no account."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import conditional_escape, format_html
from django.utils.translation import gettext_lazy as _

from candidates.careers import held, questions
from candidates.careers.held import FileBox
from candidates.careers.questions import Given
from candidates.careers.spam import Stamp
from candidates.careers.texts import LetterField, email_box, name_box, no_surrogates, one_line
from candidates.company import notice
from candidates.jobs.models import Job
from candidates.people.models import Document

LONGEST_LETTER = 10_000
ZONES = available_timezones()
TRAP = "homepage"  # a box that people neither see nor reach
NOT_TYPED = {"consent", "shown", TRAP}  # what a draft does not keep
UNFINISHED = {"required", "invalid", "invalid_choice", "not_told"}  # what is no error yet in a draft
AGAIN = {
    "quick": _("This came very quickly, as from a program. All is kept: wait a moment, then send it once more."),
    "old": _("This form was open for a long time. All is kept: wait a moment, then send it once more."),
    "notice": _("Our privacy notice changed while you wrote. Please look at it and agree again."),
}  # fmt: skip


class ApplyForm(forms.Form):
    """What somebody writes who applies for `job`."""

    name = name_box()
    email = email_box(required=_("Tell us your e-mail, so that we can answer."))
    phone = forms.CharField(
        label=_("Your phone (optional)"),
        required=False,
        max_length=40,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"max_length": _("A phone number has at most %(limit_value)d characters.")},
    )
    letter = LetterField(
        label=_("Your letter"),
        max_length=LONGEST_LETTER,
        validators=[no_surrogates],
        widget=forms.Textarea(attrs={"rows": 8, "data-count": _("{n} letters left")}),
        error_messages={
            "required": _("Write us a few lines: this is what we read first."),
            "max_length": _("Shorten your letter to %(limit_value)d characters; it has %(show_value)d."),
        },
    )
    resume = FileBox(label=_("Your résumé"), help_text=_("PDF, DOCX, ODT, RTF or text, at most 10 MB."))
    consent = forms.BooleanField(
        label=_("You may keep and read this to decide about my application."),
        error_messages={"required": _("Without your permission we may not keep your application.")},
    )
    zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-zone": True}))
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, job: Job, at: datetime, kept: Mapping[str, Document] | None = None, **kwargs: Any
    ) -> None:
        """Make the form of `job` as of `at`; `kept` are files of a draft, by the name of their box."""
        super().__init__(*args, **kwargs)
        self.job, self.at, self.notice = job, at, notice.current_version()
        self.questions = questions.asked(job)
        self._ask()
        self._find_kept(kept or {})
        prompt = job.letter_prompt or _("Why this work, and why with us?")
        self.fields["letter"].help_text = conditional_escape(prompt)  # crispy prints help texts as they are
        self.fields["consent"].help_text = format_html(
            '<a href="{}" target="_blank">{}</a>',
            reverse("careers:privacy"),
            _("Privacy notice, version %(version)s: what we keep and who reads it (opens in a new tab)")
            % {"version": self.notice},
        )

    @cached_property
    def helper(self) -> FormHelper:
        """How crispy shows the form; made only when it is shown."""
        helper = FormHelper(self)
        helper.form_tag = False
        helper.layout = Layout(*(self._placed(name) for name in self.fields))
        return helper

    def _ask(self) -> None:
        """Put the job's questions before the consent."""
        last = {name: self.fields.pop(name) for name in ("consent", "zone", "shown")}
        for question in self.questions:
            self.fields[questions.name_of(question)] = questions.field(question)
        self.fields |= last
        self.initial["shown"] = str(Stamp(self.at, self.notice))

    def _placed(self, name: str) -> Any:
        """How crispy shows this box."""
        field = self.fields[name]
        if name == "letter":
            return Field(name, template="careers/letter.html")
        if isinstance(field, FileBox):
            return Field(name, template="careers/file.html")
        return Field(name, template="careers/choices.html") if field.widget.use_fieldset else name

    def _find_kept(self, kept: Mapping[str, Document]) -> None:
        """Files that came before, by the tokens that the form carries; they stand in for a new choice."""
        if self.is_bound:
            left = [name for name in self._boxes if not self.data.get(f"{name}_drop")]
            tokens = {name: self.data.get(f"{name}_held", "") for name in left}
            kept = held.find({name: text for name, text in tokens.items() if text}, self.job, at=self.at)
        self.show_held(kept)

    @property
    def _boxes(self) -> dict[str, FileBox]:
        return {name: field for name, field in self.fields.items() if isinstance(field, FileBox)}

    def forget_file(self, name: str) -> None:
        """The file of this box is gone; another one has to be chosen."""
        self.initial.pop(name, None)
        self._boxes[name].keep(None, self.job, name)
        self.add_error(name, _("We do not have this file any more. Choose it once more."))

    def show_held(self, documents: Mapping[str, Document]) -> None:
        """Show these files, which are kept for the next try."""
        for name, box in self._boxes.items():
            if document := documents.get(name):
                self.initial[name] = document
                box.keep(document, self.job, name)

    @property
    def is_trapped(self) -> bool:
        """Whether a box is filled that no person sees."""
        return bool(self.data.get(TRAP))

    @property
    def uploads(self) -> dict[str, UploadedFile]:
        """The good files that came with this very form, by the name of their box."""
        return {name: file for name, file in self.cleaned_data.items() if isinstance(file, UploadedFile)}

    @property
    def documents(self) -> dict[str, Document]:
        """The files that came before, by the name of their box."""
        return {name: file for name, file in self.cleaned_data.items() if isinstance(file, Document)}

    @property
    def asks_again(self) -> bool:
        """Whether a good file came and could not be kept for the next try."""
        return bool(self.errors) and any(self._boxes[name].held is None for name in self.uploads)

    @property
    def typed(self) -> dict[str, list[str]]:
        """All that was typed and ticked, as it came: what a draft keeps."""
        names = [name for name in self.fields if name not in NOT_TYPED and name not in self.files]
        sent: Any = self.data
        lists = {name: [str(value) for value in sent.getlist(name)] for name in names}
        return {name: values for name, values in lists.items() if any(values)}

    def clean_zone(self) -> str:
        """The browser's time zone; one that we do not know is as good as none."""
        zone = self.cleaned_data["zone"]
        return zone if zone in ZONES else ""

    def clean(self) -> dict[str, Any]:
        """Look at when the form was shown: programs are quick, and they keep forms in store."""
        stamp = Stamp.read(self.data.get("shown", ""))
        if stamp is None or stamp.is_old(self.at):
            self._show_anew("old")
        elif stamp.is_quick(self.at):
            self.add_error(None, AGAIN["quick"])
        elif stamp.notice != self.notice:
            self._show_anew("notice")
        return self.cleaned_data

    def _show_anew(self, why: str) -> None:
        typed: Any = copy(self.data)
        typed["shown"] = self.initial["shown"]
        if why == "notice":
            typed.pop("consent", None)
        self.data = typed
        self.add_error("consent" if why == "notice" else None, AGAIN[why])

    def forgive_unfinished(self) -> None:
        """Keep those errors alone with which a draft cannot be saved: a wrong address, what cannot be kept as it is."""
        told = self.errors.as_data()
        self.errors.clear()
        for name, errors in told.items():
            hard = [error for error in errors if name == "email" or error.code not in UNFINISHED]
            if hard and name in self.fields and name not in NOT_TYPED:
                self.add_error(name, hard)

    def answers(self) -> list[Given]:
        """What was answered to the job's questions."""
        pairs = [(question, self.cleaned_data.get(questions.name_of(question))) for question in self.questions]
        return [answer for question, value in pairs if (answer := questions.given(question, value))]

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments for `careers.actions.apply`."""
        told = {name: self.cleaned_data[name] for name in ("name", "email", "phone", "letter", "resume", "zone")}
        return told | {"consent_version": self.notice, "answers": self.answers()}

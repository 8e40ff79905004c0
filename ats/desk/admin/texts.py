"""Mails in the company's own words, tried out before they are saved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ats.desk.lists import DeskAdmin
from ats.forms import REASONS
from candidates.careers.forms import no_surrogates, one_line
from candidates.jobs.models import Job
from candidates.people.models import Application, Candidate
from candidates.post import rendering, texts
from candidates.post.models import Ask, MailText, Message
from candidates.post.rendering import Mail
from candidates.post.texts import EDITABLE, Words

PREVIEW = "_preview"


def sample(template: str, reason: str, language: str) -> Message:
    """A mail to nobody with all that a real one has, for looking at; it is in no database."""
    at = now()
    candidate = Candidate(name="Cara Candidate", email="cara@example.org", language=language, zone=settings.TIME_ZONE)
    application = Application(candidate=candidate, job=Job(title="Support specialist"), applied_at=at)
    message = Message(template=template, application=application, to=candidate.email)
    message.data = {"days": 7, "starts_at": (at + timedelta(days=7)).isoformat(), "minutes": 45, "reason": reason}
    message.data["place"] = "https://video.example/room"
    if EDITABLE[template].needs_link and "due" in EDITABLE[template].placeholders:
        asked = Ask(name=candidate.name, email=candidate.email, language=language, zone=candidate.zone)
        asked.application, asked.due_at, asked.created_at = application, at + timedelta(days=7), at
        message.ask = asked
    return message


class MailTextForm(forms.ModelForm):
    """Refuses what no mail can fill in, and shows the mail when asked to before it saves anything."""

    template = forms.ChoiceField(label=gettext_lazy("Mail"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Only for the reason"),
        required=False,
        choices=[("", gettext_lazy("every reason")), *REASONS],
        help_text=gettext_lazy("Of a rejection. Without a text of its own a reason gets the one for every reason."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=200, validators=[one_line], widget=forms.TextInput(attrs={"size": 80})
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=5000,
        validators=[no_surrogates],
        widget=forms.Textarea(attrs={"rows": 16, "cols": 80}),
        help_text=gettext_lazy("A blank line begins a new paragraph."),
    )

    class Meta:
        model = MailText
        fields = ("template", "reason", "language", "subject", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = [(key, one.label) for key, one in EDITABLE.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Placeholders and reason must be ones that this mail knows."""
        cleaned = super().clean() or self.cleaned_data
        template = cleaned.get("template", "")
        if template in EDITABLE:
            self._check_reason(template)
            known = EDITABLE[template].placeholders
            self._check("subject", [name for name in known if name != "link"])
            self._check("text", known)
            self._check_link(template)
        return cleaned

    def is_valid(self) -> bool:
        """Looking at the mail saves nothing, so that what was typed stays on the page."""
        return super().is_valid() and PREVIEW not in self.data

    def preview(self) -> Mail | None:
        """The mail as it would leave, when that was asked for."""
        if PREVIEW not in self.data or not super().is_valid():
            return None
        given = self.cleaned_data
        message = sample(given["template"], given["reason"], given["language"])
        return rendering.render(message, link=_("[their personal link]"), words=Words(given["subject"], given["text"]))

    def _check_reason(self, template: str) -> None:
        if self.cleaned_data.get("reason") and not EDITABLE[template].by_reason:
            self.add_error("reason", _("Only rejections have reasons. Choose “every reason” for this mail."))

    def _check(self, field: str, known: Iterable[str]) -> None:
        allowed = list(known)
        wrong = texts.mistakes(self.cleaned_data.get(field, ""), allowed=allowed)
        if wrong:
            listed = ", ".join(f"{{{name}}}" for name in allowed)
            self.add_error(field, ValidationError([*wrong, _("You can use: %(listed)s.") % {"listed": listed}]))

    def _check_link(self, template: str) -> None:
        text = self.cleaned_data.get("text")
        if text and EDITABLE[template].needs_link and "{link}" not in text:
            self.add_error("text", _("Write {link} somewhere: without it nobody can answer this mail."))


@admin.register(MailText)
class MailTextAdmin(DeskAdmin):
    """The mails that may be worded anew; deleting a text brings the shipped one back."""

    form = MailTextForm
    change_form_template = "admin/candidates/mailtext/change_form.html"
    list_display = ("mail", "for_reason", "spoken", "subject", "changed_at")
    list_display_links = ("mail",)
    fields = ("template", "reason", "language", "subject", "text", "known")
    readonly_fields = ("known",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing hangs on a text."""
        return request.user.has_perm("candidates.delete_mailtext")

    @admin.display(description=gettext_lazy("mail"), ordering="template")
    def mail(self, text: MailText) -> str:
        """Which mail it is, in words."""
        return str(EDITABLE[text.template].label) if text.template in EDITABLE else text.template

    @admin.display(description=gettext_lazy("reason"))
    def for_reason(self, text: MailText) -> str:
        """Of a rejection."""
        return str(dict(REASONS).get(text.reason, "")) or "–"

    @admin.display(description=gettext_lazy("language"), ordering="language")
    def spoken(self, text: MailText) -> str:
        """Which language, in words."""
        return str(dict(settings.LANGUAGES).get(text.language, text.language))

    @admin.display(description=gettext_lazy("You can use"))
    def known(self, text: MailText | None) -> SafeString:
        """The placeholders of every mail, with their meanings."""
        return format_html_join(
            "", "<p><strong>{}</strong><br>{}</p>", ((one.label, _listed(key)) for key, one in EDITABLE.items())
        )


def _listed(template: str) -> SafeString:
    return format_html_join(", ", "<code>{}</code> {}", texts.placeholders(template))

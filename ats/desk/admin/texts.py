"""Mails in the company's own words, tried out before they are saved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ats.desk import mail_view
from ats.desk.lists import DeskAdmin
from ats.forms import REASONS
from candidates.careers.forms import no_surrogates, one_line
from candidates.post import markup, placeholders, rendering, samples, texts
from candidates.post.models import MailText
from candidates.post.rendering import Mail
from candidates.post.texts import CANDIDATE, EDITABLE, Words

PREVIEW, HTML, START = "_preview", "_html", "_start"  # buttons that save nothing
OTHERS = gettext_lazy("To others")
LONGEST_HTML = 20_000


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
    html = forms.CharField(
        label=gettext_lazy("HTML"),
        max_length=LONGEST_HTML,
        required=False,
        validators=[no_surrogates],
        widget=forms.Textarea(attrs={"rows": 8, "cols": 80, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Empty: made of the text, which is right for most. A link of its own looks like this: "
            "<code>&lt;a href=&quot;{link}&quot; class=&quot;button&quot;&gt;Open your page&lt;/a&gt;</code>. "
            "Images and scripts are taken out."
        ),
    )

    class Meta:
        model = MailText
        fields = ("template", "reason", "language", "subject", "text", "html")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = _mails()  # type: ignore[attr-defined]
        self.removed: list[str] = []
        if START in self.data:
            self.data = self._begun()

    def clean(self) -> dict[str, Any]:
        """Placeholders and reason must be ones that this mail knows."""
        cleaned = super().clean() or self.cleaned_data
        template = cleaned.get("template", "")
        if template in EDITABLE:
            self._check_reason(template)
            known = EDITABLE[template].placeholders
            self._check("subject", [name for name in known if name not in ("link", "way_out")])
            self._check("text", known)
            self._check_html(known)
            self._check_needs(template)
        return cleaned

    def is_valid(self) -> bool:
        """Looking at the mail saves nothing, so that what was typed stays on the page."""
        return super().is_valid() and not {PREVIEW, HTML, START}.intersection(self.data)

    def preview(self) -> Mail | None:
        """The mail as it would leave, when that was asked for."""
        if not {PREVIEW, HTML}.intersection(self.data) or not super().is_valid():
            return None
        given = self.cleaned_data
        message = samples.sample(given["template"], reason=given["reason"], language=given["language"], at=now())
        words = Words(given["subject"], given["text"], given["html"])
        return rendering.render(message, link=_("[their personal link]"), words=words)

    def clean_html(self) -> str:
        """Without what no mail of ours may hold; what that was is told."""
        given = self.cleaned_data["html"]
        self.removed = markup.removed(given)
        return markup.clean(given)

    def _begun(self) -> QueryDict:
        """What was sent, with the words that we ship in the place of what was typed."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        template, language, reason = (str(data.get(name, "")) for name in ("template", "language", "reason"))
        if template in EDITABLE and language in dict(settings.LANGUAGES):
            words = samples.shipped(template, language=language, reason=reason)
            data["subject"], data["text"], data["html"] = words.subject, words.text, ""
        return data

    def _check_reason(self, template: str) -> None:
        if self.cleaned_data.get("reason") and not EDITABLE[template].by_reason:
            self.add_error("reason", _("Only rejections have reasons. Choose “every reason” for this mail."))

    def _check(self, field: str, known: Iterable[str]) -> None:
        allowed = list(known)
        self._refuse(field, placeholders.mistakes(self.cleaned_data.get(field, ""), allowed=allowed), allowed)

    def _check_html(self, known: Iterable[str]) -> None:
        allowed = list(known)
        self._refuse("html", markup.mistakes(self.cleaned_data.get("html", ""), allowed=allowed), allowed)

    def _refuse(self, field: str, wrong: list[str], allowed: list[str]) -> None:
        if wrong:
            listed = ", ".join(f"{{{name}}}" for name in allowed)
            self.add_error(field, ValidationError([*wrong, _("You can use: %(listed)s.") % {"listed": listed}]))

    def _check_needs(self, template: str) -> None:
        text, html = self.cleaned_data.get("text"), self.cleaned_data.get("html")
        for mark in (f"{{{name}}}" for name in EDITABLE[template].needs):
            if text and mark not in text:
                told = _("Write %(placeholder)s somewhere: without it nobody can answer this mail.")
                self.add_error("text", told % {"placeholder": mark})
            if html and not markup.leads_to(html, mark):
                told = _('A link must lead there: <a href="%(placeholder)s">…</a>. Without it nobody can answer.')
                self.add_error("html", told % {"placeholder": mark})


@admin.register(MailText)
class MailTextAdmin(DeskAdmin):
    """The mails that may be worded anew; deleting a text brings the shipped one back."""

    form = MailTextForm
    change_form_template = "admin/candidates/mailtext/change_form.html"
    list_display = ("mail", "for_reason", "spoken", "subject", "changed_at")
    list_display_links = ("mail",)
    fields = ("template", "reason", "language", "subject", "text", "html", "known")
    readonly_fields = ("known",)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """As usual; asked for the HTML alone, the mail as a page of its own."""
        answer: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        if HTML not in request.POST or not isinstance(answer, TemplateResponse) or not answer.context_data:
            return answer
        mail = answer.context_data["adminform"].form.preview()
        if mail:
            return mail_view.page(mail.html)
        return render(request, "admin/candidates/mailtext/not_yet.html", answer.context_data, status=200)

    def save_model(self, request: HttpRequest, obj: MailText, form: Any, change: bool) -> None:
        """Keep it, and say what was taken out of its HTML."""
        super().save_model(request, obj, form, change)
        if form.removed:
            taken = ", ".join(form.removed)
            messages.warning(request, _("Taken out of the HTML, as no mail of ours may hold it: %s") % taken)

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
        """The placeholders of this mail, or of every mail while it is not chosen, with their meanings."""
        keys = [text.template] if text and text.template in EDITABLE else list(EDITABLE)
        rows = ((EDITABLE[key].label, _listed(key)) for key in keys)
        return format_html_join("", '<details class="mail-shipped"{}><summary>{}</summary>{}</details>', (
            (SafeString(" open" if len(keys) == 1 else ""), label, listed) for label, listed in rows
        ))  # fmt: skip


def _mails() -> list[Any]:
    """The mails to choose from: those to candidates first."""
    named = [(key, one.label) for key, one in EDITABLE.items() if one.reader == CANDIDATE]
    others = [(key, one.label) for key, one in EDITABLE.items() if one.reader != CANDIDATE]
    return [(gettext_lazy("To candidates"), named), (OTHERS, others)]


def _listed(template: str) -> SafeString:
    rows = (
        (mark, meaning, _("for example %s") % example if example else "")
        for mark, meaning, example in texts.known(template)
    )
    return format_html_join("", '<p><code>{}</code> {} <span class="quiet-text">{}</span></p>', rows)

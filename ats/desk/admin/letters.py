"""Templates of offer letters, seen as a PDF before they are saved."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ats.desk.lists import DeskAdmin
from candidates.careers.forms import no_surrogates, one_line
from candidates.company.models import Company
from trials.letters import drawing, texts
from trials.letters.drawing import NotDrawn, Sheet
from trials.letters.models import LetterTemplate

PREVIEW = "_preview"


class LetterTemplateForm(forms.ModelForm):
    """Refuses placeholders that no letter can fill in."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=200, validators=[one_line], widget=forms.TextInput(attrs={"size": 80})
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=20_000,
        validators=[no_surrogates],
        widget=forms.Textarea(attrs={"rows": 24, "cols": 80}),
        help_text=gettext_lazy(
            "A blank line begins a new paragraph; “# ” at the start of a line makes a heading, “- ” an item of a list."
        ),
    )

    class Meta:
        model = LetterTemplate
        fields = ("name", "language", "subject", "text", "is_retired")

    def clean_subject(self) -> str:
        """Only known placeholders."""
        return self._known("subject")

    def clean_text(self) -> str:
        """Only known placeholders."""
        return self._known("text")

    def is_valid(self) -> bool:
        """Looking at the letter saves nothing, so that what was typed stays on the page."""
        return super().is_valid() and PREVIEW not in self.data

    def _known(self, name: str) -> str:
        written: str = self.cleaned_data[name]
        if wrong := texts.mistakes(written):
            listed = ", ".join(f"{{{one}}}" for one in texts.PLACEHOLDERS)
            raise forms.ValidationError([*wrong, _("You can use: %(listed)s.") % {"listed": listed}])
        return written


@admin.register(LetterTemplate)
class LetterTemplateAdmin(DeskAdmin):
    """The words of offer letters; sent letters keep theirs."""

    form = LetterTemplateForm
    change_form_template = "admin/trials/lettertemplate/change_form.html"
    list_display = ("name", "language", "subject", "is_retired")
    list_filter = ("is_retired",)
    fields = ("name", "language", "subject", "text", "is_retired", "known")
    readonly_fields = ("known",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing hangs on a template."""
        return request.user.has_perm("trials.delete_lettertemplate")

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page; or, when that was asked for, what was typed as a PDF with an example's words."""
        if request.method == "POST" and PREVIEW in request.POST and self.has_view_or_change_permission(request):
            form = LetterTemplateForm(request.POST)
            form.full_clean()
            if not {"subject", "text"} & form.errors.keys():
                return _shown(form)
        return super().changeform_view(request, object_id, form_url, extra_context)

    @admin.display(description=gettext_lazy("You can use"))
    def known(self, template: LetterTemplate | None) -> SafeString:
        """The placeholders with their meanings."""
        return format_html_join(
            ", ", "<code>{}</code> {}", ((f"{{{name}}}", meaning) for name, meaning in texts.PLACEHOLDERS.items())
        )


def _shown(form: LetterTemplateForm) -> HttpResponse:
    """The PDF, or the words that there is none now."""
    try:
        return _drawn(form)
    except NotDrawn:
        told = _("The PDF could not be made just now. Go back: what you typed is still there.")
        return HttpResponse(told, content_type="text/plain; charset=utf-8", status=503)


def _drawn(form: LetterTemplateForm) -> HttpResponse:
    values = texts.EXAMPLE | {"company": Company.current().name}
    subject, text = (texts.fill(form.cleaned_data[name], values) for name in ("subject", "text"))
    language = form.cleaned_data.get("language", settings.LANGUAGE_CODE)
    content = drawing.draw(Sheet(values["company"], subject, text, language, now()))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="example.pdf"'
    return response

"""What referees are asked, as a team's own content: questionnaires, their criteria, and the words in each language.

Whatever is edited here, references keep the words that they were asked with. So all of it may be changed at any time;
only what a plan names cannot be deleted, but retired.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ats.desk import questionnaires
from ats.desk.admin.anchors import five_boxes
from ats.desk.lists import DeskAdmin
from candidates.jobs.models import Competency
from references.models import Criterion, CriterionWords, Questionnaire


class CriterionForm(forms.ModelForm):
    """Competencies are ticked."""

    competencies = forms.ModelMultipleChoiceField(
        Competency.objects.all(),
        label=gettext_lazy("Tells about"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "kit-ticks"}),
        help_text=gettext_lazy("Its score then stands beside those of the interviews. None: on a line of its own."),
    )


class CriterionFormSet(BaseInlineFormSet):
    """All criteria of a questionnaire, whose competencies are read once for all of them."""

    choices: list[tuple[int, str]] | None = None

    def add_fields(self, form: Any, index: int | None) -> None:
        """Not one query for each box."""
        super().add_fields(form, index)
        if self.choices is None:
            self.choices = list(Competency.objects.values_list("pk", "name"))
        if "competencies" in form.fields:
            form.fields["competencies"].choices = self.choices


class CriterionInline(admin.StackedInline):
    """What a questionnaire asks about; each has a page of its own for its words."""

    model = Criterion
    form = CriterionForm
    formset = CriterionFormSet
    extra = 0
    show_change_link = True
    fields = (("key", "position"), "competencies", "spoken")
    readonly_fields = ("spoken",)
    classes = ("kit-lines",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Criterion, Any]:
        """With their words."""
        return super().get_queryset(request).prefetch_related("words", "competencies")

    @admin.display(description=gettext_lazy("words"))
    def spoken(self, row: Criterion) -> str:
        """What it is called in each language."""
        told = [f"{one.name} ({one.language})" for one in row.words.all()] if row.pk else []
        return ", ".join(told) or _("None yet: save, then press “Change” above to write them.")


@admin.register(Questionnaire)
class QuestionnaireAdmin(DeskAdmin):
    """What referees are asked about."""

    class Media:
        css = {"all": ("rapport/kit.css",)}

    change_form_template = "desk/questionnaire_change.html"
    inlines = (CriterionInline,)
    list_display = ("name", "minutes", "is_retired")
    list_filter = ("is_retired",)
    search_fields = ("name",)
    fields = ("name", "minutes", "is_retired")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """While no plan names it; never in bulk."""
        may = request.user.has_perm("references.delete_questionnaire")
        return obj is not None and may and not questionnaires.is_used(obj)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """With the plans and jobs that use it."""
        if found := kwargs.get("obj"):
            context["uses"] = questionnaires.uses(found, request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What nobody can be asked yet is allowed, and said."""
        super().save_related(request, form, formsets, change)
        mute = [one.key for one in form.instance.criteria.filter(words=None)]
        if mute:
            told = _("Without words in any language nobody is asked about: %(names)s.") % {"names": ", ".join(mute)}
            messages.warning(request, told)
        if not form.instance.criteria.exclude(words=None).exists():
            messages.warning(request, _("Until it has words, referees are asked about the three things that ship."))

    def get_urls(self) -> list[URLPattern]:
        """With the page as a referee reads it."""
        view = self.admin_site.admin_view(self.preview)
        return [path("<int:pk>/preview/", view, name="references_questionnaire_preview"), *super().get_urls()]

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """As a referee reads it, in the language asked for."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return questionnaires.preview(request, self.get_object(request, str(pk)))


class WordsForm(forms.ModelForm):
    """One language: five boxes for five anchors."""

    language = forms.ChoiceField(label=gettext_lazy("Language"))
    anchors = five_boxes(longest=300, label=gettext_lazy("What they saw, from 1 (weak) to 5 (strong)"))

    class Meta:
        model = CriterionWords
        fields = ("language", "name", "meaning", "anchors", "example")
        widgets = {
            "meaning": forms.Textarea(attrs={"rows": 2, "cols": 60}),
            "example": forms.Textarea(attrs={"rows": 2, "cols": 60}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = dict(settings.LANGUAGES)
        kept = self.instance.language
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            *([(kept, kept)] if kept and kept not in known else []),
            *known.items(),
        ]


class WordsInline(admin.StackedInline):
    """A criterion's words, language by language."""

    model = CriterionWords
    form = WordsForm
    extra = 0
    max_num = len(settings.LANGUAGES) + 5
    fields = (("language", "name"), ("meaning", "example"), "anchors")
    classes = ("kit-lines",)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """A first language is asked for at once."""
        return 0 if obj and obj.words.exists() else 1


@admin.register(Criterion)
class CriterionAdmin(DeskAdmin):
    """One criterion with its words. It is found on the page of its questionnaire."""

    class Media:
        css = {"all": ("rapport/kit.css",)}

    form = CriterionForm
    inlines = (WordsInline,)
    list_display = ("key", "questionnaire", "position")
    list_select_related = ("questionnaire",)
    ordering = ("questionnaire__name", "position", "pk")
    fields = ("of", "key", "position", "competencies")
    readonly_fields = ("of",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Not on the page that lists everything."""
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """On the page of its questionnaire."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One by one: references that asked about it keep their words."""
        return obj is not None and request.user.has_perm("references.delete_criterion")

    @admin.display(description=gettext_lazy("questionnaire"))
    def of(self, row: Criterion) -> str:
        """Of which it is a part."""
        return str(row.questionnaire)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        """Back to the questionnaire."""
        return redirect(reverse("admin:references_questionnaire_change", args=[obj.questionnaire_id]))

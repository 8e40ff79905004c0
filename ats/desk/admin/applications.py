"""Applications: the list, and the addresses of the pages of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ats.desk import bulk, identity, search, words
from ats.desk.lists import KeysetChangeList, ReadOnlyAdmin
from ats.desk.views import application as page
from ats.desk.views import step
from ats.rejections.models import PlannedRejection
from candidates.jobs.models import Job
from candidates.people.models import Application
from candidates.post.models import GRADING, Ask
from candidates.stages import CLOSED, Stage

STAGE_NAMES = dict(Stage.choices)
ROLE_NAMES = dict(Ask.Role.choices)
SINCE = 3  # the column of the time in stage, by which alone the list is sorted: it has the index


class QuickFilter(admin.SimpleListFilter):
    """A filter whose links are made of one address: with forty jobs, encoding each anew would be felt."""

    unfiltered: str | Promise = gettext_lazy("All")

    def choices(self, changelist: Any) -> Iterator[Any]:
        """What the admin's template shows: the list without this filter, then each choice."""
        without = changelist.get_query_string(remove=[self.parameter_name])
        start = without if without == "?" else f"{without}&"
        chosen = self.value()
        yield {"selected": chosen is None, "query_string": without, "display": self.unfiltered}
        for value, label in self.lookup_choices:
            address = f"{start}{self.parameter_name}={value}"
            yield {"selected": chosen == value, "query_string": address, "display": label}


class StageFilter(QuickFilter):
    """Open ones unless something else is chosen."""

    title = gettext_lazy("stage")
    parameter_name = "stage"
    unfiltered = gettext_lazy("Open")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """All, and each stage."""
        return [("all", gettext_lazy("All")), *Stage.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Written like the condition of the partial index, so that the database sees that it fits."""
        if self.value() == "all":
            return queryset
        if self.value() in Stage.values:
            return queryset.filter(stage=self.value())
        return queryset.exclude(stage__in=CLOSED)


class JobFilter(QuickFilter):
    """The jobs that one may see and that people could apply for."""

    title = gettext_lazy("job")
    parameter_name = "job"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """By title."""
        jobs = Job.objects.visible_to(request.user).exclude(status=Job.Status.DRAFT)
        return [(str(pk), title) for pk, title in jobs.order_by("title", "pk").values_list("pk", "title")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those for the chosen job; a key that is none of the choices chooses nothing."""
        chosen = self.value()
        if chosen is None:
            return queryset
        return queryset.filter(job_id=int(chosen)) if chosen.isdecimal() else queryset.none()


class Asked(NamedTuple):
    """What the list tells of an open ask."""

    page: str
    name: str
    role: str
    opens_at: datetime
    due_at: datetime

    @property
    def is_grading(self) -> bool:
        """Whose number and times tell what was thought: the list says that graders are asked, and no more."""
        return self.page == GRADING


@dataclass(frozen=True)
class Row:
    """A line of the list, ready to be shown: whom it waits for comes with whether they are late."""

    application: Application
    url: str
    stage: str | Promise
    since: str
    since_exact: str
    waiting: list[tuple[str, bool]]
    next_due: str
    rejection: str  # when it is carried out, if one is planned
    is_masked: bool  # the reader is to judge it without knowing whose it is


class ApplicationChangeList(KeysetChangeList):
    """The list with what each line shows, read in two queries however long it is."""

    def get_results(self, request: HttpRequest) -> None:
        """Besides the page of rows, the lines made of them."""
        super().get_results(request)
        at, address = now(), request.path
        keys = [application.pk for application in self.result_list]
        waiting, planned = _waiting(keys), _planned(keys)
        hidden = identity.mask(request.user, self.result_list)
        self.rows = [
            _row(one, waiting[one.pk], planned.get(one.pk), f"{address}{one.pk}/change/", at, one.pk in hidden)
            for one in self.result_list
        ]
        self.may_work = request.user.has_perm("candidates.change_application")
        self.most = bulk.MOST
        self.is_more = bool(self.previous_url or self.next_url)
        newest_first = str(self.queryset.query.order_by[0]).startswith("-")
        self.direction = "descending" if newest_first else "ascending"
        self.turn_url = self.get_query_string({"o": f"{'' if newest_first else '-'}{SINCE}"})


def _waiting(keys: list[int]) -> defaultdict[int, list[Asked]]:
    """The open asks of these applications, the earliest deadline first."""
    asks = Ask.objects.open().filter(application__in=keys).order_by("due_at", "pk")
    found: defaultdict[int, list[Asked]] = defaultdict(list)
    for application, *asked in asks.values_list("application_id", *Asked._fields):
        found[application].append(Asked(*asked))
    return found


def _planned(keys: list[int]) -> dict[int, datetime]:
    """When the planned rejections of these applications are carried out."""
    standing = PlannedRejection.objects.standing().filter(application__in=keys)
    return dict(standing.values_list("application_id", "due_at"))


def _row(
    application: Any, asked: list[Asked], rejected_at: datetime | None, url: str, at: datetime, is_masked: bool
) -> Row:
    dated = [one for one in asked if not one.is_grading]
    return Row(
        application=application,
        url=url,
        stage=STAGE_NAMES[application.stage],
        since=words.days_in_stage(application.days_in_stage(at)),
        since_exact=localtime(application.stage_since).isoformat(" ", "minutes"),
        waiting=list(
            dict.fromkeys((_waits_for(one, application, at), one.due_at <= at) for one in asked if one.opens_at <= at)
        ),
        next_due=date_format(localtime(dated[0].due_at), "D j M, H:i") if dated else "",
        rejection=date_format(localtime(rejected_at), "D j M, H:i") if rejected_at else "",
        is_masked=is_masked,
    )


def _waits_for(asked: Asked, application: Application, at: datetime) -> str:
    """Who it is; the candidate is called as the row calls them, which may be by a code name."""
    if asked.is_grading:
        return _("graders, overdue") if asked.due_at <= at else _("graders")
    text = _("%(name)s, %(role)s, overdue") if asked.due_at <= at else _("%(name)s, %(role)s")
    name = application.candidate.name if asked.role == Ask.Role.CANDIDATE else asked.name
    return text % {"name": name, "role": ROLE_NAMES[asked.role]}


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    """Shows and calls, never decides: moves are verbs behind the buttons of the page."""

    list_display = ("candidate", "job", "stage", "since")
    list_filter = (StageFilter, JobFilter)
    search_fields = ("candidate__name", "candidate__email")
    search_help_text = gettext_lazy("A name or a mail address, also part of it.")
    ordering = ("-stage_since", "-pk")
    sortable_by = ("since",)

    @admin.display(description=gettext_lazy("in stage"), ordering="stage_since")
    def since(self, application: Application) -> str:
        """By which column the list is sorted; the template writes the rows."""
        return words.days_in_stage(application.days_in_stage(now()))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        """What the list shows and no long text; duplicates stand on the page of the application that goes on."""
        visible = Application.objects.visible_to(request.user).filter(duplicate_of=None)
        visible = visible.select_related("candidate", "job")
        return visible.only("stage", "stage_since", "candidate__name", "job__title")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        """Ours, which pages by key."""
        return ApplicationChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """People by a part of their name or mail; when there is none, by a name much like it.

        Nobody whom the reader is still to judge without knowing them: a name that finds them would tell it.
        """
        term = search_term.strip()
        if not term:
            return queryset, False
        named = queryset.filter(identity.named_to(request.user, "pk"))
        return named.filter(candidate__in=search.people(term)), False

    def get_urls(self) -> list[URLPattern]:
        """The page of one application, and what is done on it."""

        def named(view: Any) -> Any:
            return self.admin_site.admin_view(identity.by_name(view))

        own = [
            path("<int:pk>/move/<slug:stage>/", named(step.move), name="candidates_application_move"),
            path("<int:pk>/undo-rejection/", named(page.undo_rejection), name="candidates_application_undo_rejection"),
            path("<int:pk>/note/", named(page.note), name="candidates_application_note"),
            path("<int:pk>/override/", named(page.override), name="candidates_application_override"),
            path("<int:pk>/change/", self.admin_site.admin_view(page.page), name="candidates_application_change"),
        ]
        return own + super().get_urls()

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page of one application, also under the admin's other addresses of it.

        Raises:
            Http404: no key at all.
        """
        if not (object_id.isascii() and object_id.isdecimal()):
            raise Http404
        return page.page(request, int(object_id))

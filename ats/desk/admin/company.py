"""What the public pages and the mails say of the company; for administrators."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Field
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ats.desk.lists import DeskAdmin, ReadOnlyAdmin
from candidates.company import actions, notice
from candidates.company.forms import CompanyForm, field_for
from candidates.company.models import ONLY, Company, PrivacyNotice

SNIPPET = """<div data-rapport-jobs></div>
<script src="{script}" async></script>"""
FRAME = """<iframe src="{page}" title="{title}" width="100%" height="600" loading="lazy"></iframe>"""


@admin.register(Company)
class CompanyAdmin(DeskAdmin):
    """The one row; its list leads straight to its page."""

    form = CompanyForm
    readonly_fields = ("logo_now", "snippet", "feeds")
    fieldsets = (
        (None, {"fields": ("name", "website", "country", "products")}),
        (gettext_lazy("Reminders"), {"fields": ("subdivision", ("quiet_from", "quiet_until"))}),
        (gettext_lazy("On the career pages"), {"fields": ("intro", "about", "footer")}),
        (
            gettext_lazy("How it looks"),
            {"fields": ("accent", "accent_dark", "logo_now", "logo_file", "logo_is_gone")},
        ),
        (gettext_lazy("Privacy notice"), {"fields": ("addition",)}),
        (gettext_lazy("On other sites"), {"fields": ("embedded_by", "snippet", "feeds")}),
    )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Company:
        """The row, or what stands for it until somebody saves it."""
        company = Company.objects.filter(pk=ONLY).first() if object_id == str(ONLY) else None
        return company or Company(pk=ONLY, name=settings.COMPANY_NAME, subdivision="")

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **options: Any) -> Any:
        """Addresses are taken for https."""
        if db_field.name in ("website", "embedded_by"):
            return field_for(db_field)
        return super().formfield_for_dbfield(db_field, request, **options)

    def save_model(self, request: HttpRequest, obj: Company, form: Any, change: bool) -> None:
        """By the verb, with the addition to the privacy notice."""
        actions.describe(obj, addition=form.cleaned_data["addition"], at=now())

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is nothing to list: it is the page itself."""
        return self.change_view(request, str(ONLY), extra_context=extra_context)

    def response_post_save_change(self, request: HttpRequest, obj: Company) -> HttpResponseRedirect:
        """Back to the same page: there is no list to go to."""
        return redirect(reverse("admin:candidates_company_change", args=[ONLY]))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The row is made when it is first saved."""
        return False

    @admin.display(description=gettext_lazy("logo now"))
    def logo_now(self, company: Company) -> str:
        """The picture, as pages show it."""
        if not company.logo_url:
            return _("None: pages show the name.")
        picture = '<img class="logo-now" src="{}" alt="{}" width="{}" height="{}">'
        return format_html(picture, company.logo_url, company.name, company.logo_width, company.logo_height)

    @admin.display(description=gettext_lazy("to put on your site"))
    def snippet(self, company: Company) -> str:
        """What to copy into a page of one's own, by a script of ours or as a plain frame."""
        script = SNIPPET.format(script=f"{settings.SITE_URL}{settings.STATIC_URL}rapport/embed.js")
        page = f"{settings.SITE_URL}{reverse('careers:embed')}"
        frame = FRAME.format(page=page, title=_("Open jobs"))
        return format_html(
            '<p>{}</p><pre class="snippet" tabindex="0">{}</pre><p>{}</p><pre class="snippet" tabindex="0">{}</pre>',
            _("The list of open jobs, as high as it is. Your site must stand in the list above."),
            script,
            _("The same without a script:"),
            frame,
        )

    @admin.display(description=gettext_lazy("for job boards"))
    def feeds(self, company: Company) -> str:
        """The addresses to give to job boards."""
        names = {"Indeed": "indeed", "LinkedIn": "linkedin", "RSS": "rss", "JSON": "plain", "Sitemap": "sitemap"}
        lines = [(label, f"{settings.SITE_URL}{reverse(f'careers:{name}')}") for label, name in names.items()]
        return format_html_join("", "<p>{}: <code>{}</code></p>", lines)


@admin.register(PrivacyNotice)
class PrivacyNoticeAdmin(ReadOnlyAdmin):
    """Every version that somebody may have agreed to."""

    list_display = ("full_version", "at")
    fields = ("full_version", "text", "at")
    ordering = ("-version",)

    @admin.display(description=gettext_lazy("version"))
    def full_version(self, addition: PrivacyNotice) -> str:
        """As an application keeps it."""
        return notice.name(addition)

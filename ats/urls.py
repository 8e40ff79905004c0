"""Every address of Rapport, by the room that answers it."""

from django.contrib import admin
from django.urls import include, path

from ats.portal import languages

handler500 = "ats.unreachable.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("desk/", include("ats.desk.urls")),
    path("desk/import/", include("ats.importing.urls")),
    path("company/", include("candidates.company.urls")),
    path("documents/", include("candidates.people.urls")),
    path("interviews/", include("interviews.urls")),
    path("mailbox/", include("ats.dev.urls")),
    path("hooks/", include("candidates.post.inbound.urls")),
    path("link/", include("candidates.post.urls")),
    path("my/", include("ats.portal.urls")),
    path("language/", languages.switch, name="language"),
    path("pool/", include("candidates.sourcing.urls")),
    path("references/", include("references.urls")),
    path("trials/", include("trials.urls")),
    path("screening/", include("candidates.screening.urls")),
    path("", include("ats.engine.urls")),
    path("", include("candidates.careers.urls")),
]

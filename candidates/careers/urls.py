"""Addresses of the career site."""

from django.urls import path

from candidates.careers.views import form, site

app_name = "careers"
urlpatterns = [
    path("", site.jobs, name="jobs"),
    path("privacy/", site.privacy, name="privacy"),
    path("jobs/<slug:slug>/", site.job, name="job"),
    path("jobs/<slug:slug>/apply/", form.apply, name="apply"),
    path("jobs/<slug:slug>/thanks/", form.thanks, name="thanks"),
]

"""Addresses of the career site."""

from django.urls import path

from candidates.careers import views

app_name = "careers"
urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("privacy/", views.privacy, name="privacy"),
    path("jobs/<slug:slug>/", views.job, name="job"),
    path("jobs/<slug:slug>/apply/", views.apply, name="apply"),
    path("jobs/<slug:slug>/thanks/", views.thanks, name="thanks"),
]

"""Addresses of the logo and the colours."""

from django.urls import path

from candidates.company import views

app_name = "company"
urlpatterns = [
    path("style-<slug:version>.css", views.style, name="style"),
    path("logo-<slug:version>", views.logo, name="logo"),
]

"""Addresses of the pages about trials; the approval is on the desk, because managers sign in for it."""

from django.urls import path

from trials import views

app_name = "trials"
urlpatterns = [
    path("check-in/<int:pk>/", views.check_in, name="check_in"),
    path("verdict/<int:pk>/", views.verdict, name="verdict"),
]

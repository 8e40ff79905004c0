"""Addresses of documents."""

from django.urls import path

from candidates.people import views

app_name = "people"
urlpatterns = [path("<int:pk>/", views.document, name="document")]

"""Addresses of imports, on the desk."""

from django.urls import path

from ats.importing import views

app_name = "importing"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("new/", views.upload, name="upload"),
    path("<int:pk>/", views.run, name="run"),
    path("<int:pk>/columns/", views.columns, name="columns"),
    path("<int:pk>/state/", views.state, name="state"),
    path("<int:pk>/start/", views.start, name="start"),
    path("<int:pk>/stop/", views.stop, name="stop"),
    path("<int:pk>/go-on/", views.go_on, name="go_on"),
    path("<int:pk>/not-taken.csv", views.refused, name="refused"),
]

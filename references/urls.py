"""Addresses of the pages about references. `decline` lies below `answer`, because the link's cookie is of its path."""

from django.urls import path

from references import views

app_name = "references"
urlpatterns = [
    path("name/<int:pk>/", views.name_referees, name="name_referees"),
    path("answer/<int:pk>/", views.answer, name="answer"),
    path("answer/<int:pk>/decline/", views.decline, name="decline"),
]

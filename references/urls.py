"""Addresses of the pages about references. `decline` lies below `answer`, because the link's cookie is of its path."""

from django.urls import path

from references.answering import views as answering
from references.naming import views as naming

app_name = "references"
urlpatterns = [
    path("name/<int:pk>/", naming.name_referees, name="name_referees"),
    path("answer/<int:pk>/", answering.answer, name="answer"),
    path("answer/<int:pk>/decline/", answering.decline, name="decline"),
    path("answer/<int:pk>/given/", answering.afterwards, name="given"),
]

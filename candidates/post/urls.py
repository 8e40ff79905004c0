"""Addresses of mailed links."""

from django.urls import path

from candidates.post import views

app_name = "post"
urlpatterns = [
    path("renew/", views.renew, name="renew"),
    path("<str:token>/", views.enter, name="enter"),
]

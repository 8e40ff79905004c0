"""Addresses of the candidate's own page. The clean ones come first: a token is never a number alone."""

from django.urls import path

from ats.portal import views

app_name = "portal"
urlpatterns = [
    path("<int:pk>/", views.home, name="home"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<str:token>/", views.enter, name="enter"),
]

"""Addresses of the candidate's own page. The clean ones come first: a token is never a number alone."""

from django.urls import path

from ats.portal import gate, lost, views

app_name = "portal"
urlpatterns = [
    path("link/", lost.link, name="link"),
    path("<int:pk>/", views.home, name="home"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/documents/", views.add, name="add"),
    path("<int:pk>/documents/<int:document>/", views.document, name="document"),
    path("<int:pk>/data/<slug:kind>/", views.data, name="data"),
    path("<int:pk>/language/", views.speech, name="speech"),
    path("<int:pk>/other/", views.other, name="other"),
    path("<str:token>/", gate.enter, name="enter"),
]

"""Addresses of mailed links."""

from django.urls import path

from candidates.post import views
from candidates.post.to_dos.views import to_do

app_name = "post"
urlpatterns = [
    path("renew/", views.renew, name="renew"),
    path("to-do/<int:pk>/", to_do, name="to_do"),
    path("<str:token>/", views.enter, name="enter"),
]

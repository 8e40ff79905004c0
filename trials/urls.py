"""Addresses of the pages about trials; the approval is on the desk, because managers sign in for it."""

from django.urls import path

from trials.check_ins import views as check_ins
from trials.verdicts import views as verdicts

app_name = "trials"
urlpatterns = [
    path("check-in/<int:pk>/", check_ins.check_in, name="check_in"),
    path("verdict/<int:pk>/", verdicts.verdict, name="verdict"),
]

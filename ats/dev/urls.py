"""The pages of the local mailbox."""

from django.urls import path

from ats.dev import mailbox

app_name = "dev"
urlpatterns = [
    path("", mailbox.mailbox, name="mailbox"),
    path("<str:name>/", mailbox.mail, name="mail"),
]

"""Addresses of the pages about trials; the approval is on the desk, because managers sign in for it."""

from django.urls import path

from trials.afterwards import views as afterwards
from trials.check_ins import views as check_ins
from trials.letters import views as letters
from trials.offering import views as offering
from trials.verdicts import views as verdicts

app_name = "trials"
urlpatterns = [
    path("check-in/<int:pk>/", check_ins.check_in, name="check_in"),
    path("offer/<int:pk>/", offering.offer, name="offer"),
    path("offer/<int:pk>/decline/", offering.decline, name="offer_decline"),
    path("letter/<int:pk>/", letters.letter, name="letter"),
    path("letter/<int:pk>/letter.pdf", letters.letter_file, name="letter_file"),
    path("letter/<int:pk>/answered/", letters.letter_afterwards, name="letter_afterwards"),
    path("letter/<int:pk>/answered/letter.pdf", letters.letter_file_afterwards, name="letter_file_afterwards"),
    path("look-back/<int:pk>/", afterwards.pulse, name="pulse"),
    path("development/<int:pk>/", afterwards.development, name="development"),
    path("development/<int:pk>/read/", afterwards.development_afterwards, name="development_afterwards"),
    path("verdict/<int:pk>/", verdicts.verdict, name="verdict"),
]

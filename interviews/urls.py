"""Addresses of the interviewers' page; opened by the link in their mail, or by themselves when signed in."""

from django.urls import path

from interviews import views

app_name = "interviews"
urlpatterns = [path("<int:pk>/", views.scorecard, name="scorecard")]

"""Addresses of the desk outside the admin."""

from django.urls import path

from ats.desk.views.approval import approval

app_name = "desk"
urlpatterns = [path("approval/<int:pk>/", approval, name="approval")]

"""Addresses of the desk outside the admin."""

from django.contrib import admin
from django.urls import path

from ats.desk.views import bulk, calls, passages
from ats.desk.views.approval import approval

app_name = "desk"
urlpatterns = [
    path("approval/<int:pk>/", approval, name="approval"),
    path("calls/", admin.site.admin_view(calls.page), name="calls"),
    path("search/", admin.site.admin_view(passages.page), name="passages"),
    path("bulk/", admin.site.admin_view(bulk.page), name="bulk"),
]

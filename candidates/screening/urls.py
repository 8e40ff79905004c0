"""Addresses of the screeners' pages; opened by the link in their mail, or by themselves when signed in."""

from django.urls import path

from candidates.screening import views

app_name = "screening"
urlpatterns = [
    path("letter/<int:pk>/", views.letter, name="letter"),
    path("time/<int:pk>/", views.choose_time, name="choose_time"),
    path("phone/<int:pk>/", views.phone, name="phone"),
]

"""Addresses of the talent pool. The clean ones come first: a token is never a number alone."""

from django.urls import path

from candidates.sourcing import views

app_name = "sourcing"
urlpatterns = [
    path("", views.join, name="join"),
    path("sent/", views.sent, name="sent"),
    path("links/<int:pk>/", views.referral_links, name="links"),
    path("links/<str:token>/", views.referrals, name="referrals"),
    path("<int:pk>/", views.own, name="own"),
    path("<str:token>/", views.membership, name="membership"),
]

"""Where mail providers ring, if one is set up."""

from django.urls import path

from candidates.post.inbound import views

app_name = "inbound"
urlpatterns = [path("<slug:provider>/<slug:kind>/", views.ring, name="ring")]

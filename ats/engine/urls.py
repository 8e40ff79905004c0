"""Where monitoring asks."""

from django.urls import path

from ats.engine import health, metrics

app_name = "engine"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]

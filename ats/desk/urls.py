"""Addresses of the desk outside the admin."""

from django.contrib import admin
from django.urls import path

from ats.desk.views import (
    agreement,
    bulk,
    calls,
    debrief,
    duplicates,
    exercises,
    interviews,
    kits,
    passages,
    queue,
    rejections,
    sourcing,
    warnings,
)
from ats.desk.views.approval import approval

app_name = "desk"
urlpatterns = [
    path("agreement/", admin.site.admin_view(agreement.page), name="agreement"),
    path("agreement/state/", admin.site.admin_view(agreement.state), name="agreement_state"),
    path("agreement/<slug:table>.csv", admin.site.admin_view(agreement.download), name="agreement_csv"),
    path("approval/<int:pk>/", approval, name="approval"),
    path("calls/", admin.site.admin_view(calls.page), name="calls"),
    path("debrief/<int:pk>/", admin.site.admin_view(debrief.page), name="debrief"),
    path("overrides/", admin.site.admin_view(debrief.overrides), name="overrides"),
    path("duplicates/", admin.site.admin_view(duplicates.pairs), name="duplicates"),
    path("duplicates/of/<int:pk>/", admin.site.admin_view(duplicates.of_application), name="duplicates_of"),
    path("duplicates/<int:kept>/<int:folded>/", admin.site.admin_view(duplicates.compare), name="duplicates_compare"),
    path("duplicates/undo/<int:pk>/", admin.site.admin_view(duplicates.undo), name="duplicates_undo"),
    path("interviews/of/<int:pk>/arrange/", admin.site.admin_view(interviews.arrange), name="interview_arrange"),
    path("interviews/<int:pk>/change/", admin.site.admin_view(interviews.change), name="interview_change"),
    path("interviews/<int:pk>/cancel/", admin.site.admin_view(interviews.cancel), name="interview_cancel"),
    path("interviews/<int:pk>/missed/", admin.site.admin_view(interviews.missed), name="interview_missed"),
    path("interviews/person/<int:pk>/replace/", admin.site.admin_view(interviews.replace), name="interview_replace"),
    path("interviews/person/<int:pk>/release/", admin.site.admin_view(interviews.release), name="interview_release"),
    path("exercises/of/<int:pk>/send/", admin.site.admin_view(exercises.send), name="exercise_send"),
    path("exercises/<int:pk>/extra/", admin.site.admin_view(exercises.extra), name="exercise_extra"),
    path("exercises/<int:pk>/cancel/", admin.site.admin_view(exercises.cancel), name="exercise_cancel"),
    path("exercises/<int:pk>/another/", admin.site.admin_view(exercises.another), name="exercise_another"),
    path("exercises/<int:pk>/grader/", admin.site.admin_view(exercises.grader), name="exercise_grader"),
    path("invite/", admin.site.admin_view(sourcing.invite), name="invite"),
    path("kits/<int:pk>/", admin.site.admin_view(kits.page), name="kit"),
    path("search/", admin.site.admin_view(passages.page), name="passages"),
    path("bulk/", admin.site.admin_view(bulk.page), name="bulk"),
    path("queue/", admin.site.admin_view(queue.page), name="queue"),
    path("queue/<int:pk>/", admin.site.admin_view(queue.decide), name="queue_decide"),
    path("rejections/", admin.site.admin_view(rejections.page), name="rejections"),
    path("warnings/<int:pk>/", admin.site.admin_view(warnings.see_to), name="warning_seen"),
]

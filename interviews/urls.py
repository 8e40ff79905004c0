"""Addresses of the interviewers' page; opened by the link in their mail, or by themselves when signed in."""

from django.urls import path

from interviews.availability import views as availability
from interviews.availability.own_times import views as own_times
from interviews.cards import views as cards
from interviews.exercises import views as exercises
from interviews.exercises.grading import views as grading
from interviews.kits import views as kits
from interviews.scheduling import views as scheduling

app_name = "interviews"
urlpatterns = [
    path("<int:pk>/", cards.scorecard, name="scorecard"),
    path("<int:pk>/resume/", cards.resume, name="resume"),
    path("<int:pk>/locked/", cards.locked, name="locked"),
    path("<int:pk>/cannot/", scheduling.hand_back, name="hand_back"),
    path("<int:pk>/interview.ics", scheduling.calendar_file, name="calendar"),
    path("<int:pk>/kit/", kits.kit_print, name="kit_print"),
    path("time/<int:pk>/", availability.choose_time, name="choose_time"),
    path("time/<int:pk>/interview.ics", availability.entry, name="time_entry"),
    path("times/<int:pk>/", own_times.page, name="own_times"),
    path("times/<str:token>/", own_times.enter, name="times"),
    path("exercise/<int:pk>/", exercises.exercise, name="exercise"),
    path("grade/<int:pk>/", grading.grade, name="grade"),
    path("grade/<int:pk>/recognised/", grading.recognised, name="recognised"),
    path("grade/<int:pk>/locked/", cards.locked, name="graded"),
]

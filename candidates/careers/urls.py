"""Addresses of the career site."""

from django.urls import path

from candidates.careers.views import form, machines, site

app_name = "careers"
urlpatterns = [
    path("", site.jobs, name="jobs"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("jobs.rss", machines.rss, name="rss"),
    path("jobs.json", machines.plain, name="plain"),
    path("feeds/indeed.xml", machines.indeed, name="indeed"),
    path("feeds/linkedin.xml", machines.linkedin, name="linkedin"),
    path("embed/", machines.embed, name="embed"),
    path("privacy/", site.privacy, name="privacy"),
    path("jobs/<slug:slug>/", site.job, name="job"),
    path("jobs/<slug:slug>/apply/", form.apply, name="apply"),
    path("drafts/<str:token>/", form.resume, name="resume"),
    path("jobs/<slug:slug>/thanks/", form.thanks, name="thanks"),
]

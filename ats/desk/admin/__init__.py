"""The admin's pages, one module per room of the data; importing them registers them."""

from ats.desk.admin import (
    applications,
    company,
    figures,
    interviewers,
    jobs,
    kits,
    letters,
    people,
    plans,
    post,
    questionnaires,
    replies,
    requests,
    sourcing,
    staff,
    texts,
)

__all__ = [
    "applications",
    "company",
    "figures",
    "interviewers",
    "jobs",
    "kits",
    "letters",
    "people",
    "plans",
    "post",
    "questionnaires",
    "replies",
    "requests",
    "sourcing",
    "staff",
    "texts",
]

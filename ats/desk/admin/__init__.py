"""The admin's pages, one module per room of the data; importing them registers them."""

from ats.desk.admin import applications, jobs, people, post, staff

__all__ = ["applications", "jobs", "people", "post", "staff"]

"""Times that travel in a mail's data."""

from datetime import datetime

from django import template
from django.utils.timezone import localtime

register = template.Library()


@register.filter
def moment(written: str) -> datetime:
    """The time that JSON keeps as ISO 8601 text, in the reader's zone, for the `date` filter."""
    return localtime(datetime.fromisoformat(written))

"""What every page knows of the company that hires."""

from django.conf import settings
from django.http import HttpRequest


def company(request: HttpRequest) -> dict[str, str]:
    """Context processor: `company_name`, for titles, headers and mails."""
    return {"company_name": settings.COMPANY_NAME}

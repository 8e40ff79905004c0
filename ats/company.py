"""What every page knows of the company that hires."""

from django.http import HttpRequest

from candidates.company.models import Company


def company(request: HttpRequest) -> dict[str, object]:
    """Context processor: `company`, and `company_name` for titles and headers."""
    current = Company.current()
    return {"company": current, "company_name": current.name}

"""What every page knows of the company that hires."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from candidates.company.models import Company


def company(request: HttpRequest) -> dict[str, object]:
    """Context processor: `company`, and `company_name` for titles and headers; read by the pages that show them."""
    return {"company": SimpleLazyObject(Company.current), "company_name": SimpleLazyObject(_name)}


def _name() -> str:
    return Company.current().name

"""Deleting a colleague's account on the desk; see `ats/desk/leaving.py`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.timezone import now

from ats.desk import leaving
from candidates.staff.models import User


class Leavers:
    """Mixin for the page of an account: it is deleted by the verb, one at a time, and says what hangs on it."""

    delete_confirmation_template: Any = "admin/candidates/user/delete_confirmation.html"

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """One account by its page; nobody's own, and none in bulk."""
        may: bool = super().has_delete_permission(request, obj)  # type: ignore[misc]
        return may and obj is not None and obj != request.user

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, ...]:
        """What follows, and what must be seen to first, in our words instead of a list of rows."""
        (colleague,) = objs
        in_the_way = leaving.obstacles(colleague, at=now())
        return leaving.follows(colleague), {}, set(), in_the_way

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """By the verb."""
        leaving.remove(obj, at=now())

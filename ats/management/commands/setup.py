"""manage.py setup"""

import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from ats import environment
from ats.content import actions as content
from ats.desk import roles
from candidates.staff.models import User


class Command(BaseCommand):
    """Makes a fresh installation usable: roles, content, and one administrator. Safe to repeat.

    The password is typed, or comes from ADMIN_PASSWORD or the file that ADMIN_PASSWORD_FILE names. There is no
    default one: before this command has run, nobody can sign in.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Who the administrator is."""
        parser.add_argument("--username", required=True)
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", default="", help="first and last name")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing and say what was made."""
        roles.ensure_roles()
        self.stdout.write("Roles: up to date.")
        self.stdout.write(f"Content: {content.load()}.")
        self._ensure_administrator(options["username"], options["email"], options["name"])

    def _ensure_administrator(self, username: str, email: str, name: str) -> None:
        existing = User.objects.filter(username=username).first()
        if existing is None:
            self._make_administrator(username, email, name)
        elif existing.is_superuser and existing.is_active:
            self.stdout.write(f"Administrator: {username} was there already; the password stays.")
        else:
            raise CommandError(
                f"{username} is an account without an administrator's rights. Choose another --username."
            )

    def _make_administrator(self, username: str, email: str, name: str) -> None:
        first, _space, last = name.partition(" ")
        user = User(username=username, email=email, first_name=first, last_name=last)
        user.is_staff = user.is_superuser = True
        _require(validate_email, email)
        password = _password()
        _require(validate_password, password, user)
        user.set_password(password)
        user.save()
        self.stdout.write(f"Administrator: {username} <{email}> made. Sign in at /admin/.")


def _require(validate: Any, *values: Any) -> None:
    """Call a validator of Django's and end the command with its words when it refuses."""
    try:
        validate(*values)
    except ValidationError as refused:
        raise CommandError(" ".join(refused.messages)) from None


def _password() -> str:
    """The password from the environment, or typed twice."""
    if given := environment.text("ADMIN_PASSWORD", ""):
        return given
    if not sys.stdin.isatty():
        raise CommandError("Set ADMIN_PASSWORD or ADMIN_PASSWORD_FILE, or run this in a terminal to type the password.")
    typed = getpass.getpass("Password of the administrator: ")
    if typed != getpass.getpass("Once more: "):
        raise CommandError("The two passwords differ.")
    return typed

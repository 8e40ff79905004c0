"""The people of the desk, and the clock an hour after the builders' NOW."""

from ats.desk.tests.conftest import admin, clock, desk, manager, rita, stranger

__all__ = ["admin", "clock", "desk", "manager", "rita", "stranger"]

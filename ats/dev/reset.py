"""`make reset`: delete the data of `make run`, those of PORT where it has its own. Refuses while they are in use."""

import os
import sys

from ats.dev import instance, services
from ats.dev.state import Busy, named


def main() -> int:
    """Delete; gives the exit code."""
    state = named(os.environ.get("PORT"))
    if not state.folder.is_dir():
        sys.stdout.write("There is nothing to delete.\n")
        return 0
    try:
        state.hold()
    except Busy as busy:
        sys.stderr.write(f"{busy} is in use: end that instance first (Ctrl-C in its terminal).\n")
        return 1
    missing = services.missing(state.folder, state.folder)
    instance.recover(state, missing)
    _delete_outside(missing)
    state.delete()
    sys.stdout.write(f"Deleted {state.folder}. The next make run starts over.\n")
    return 0


def _delete_outside(missing: list[services.Service]) -> None:
    for service in missing:
        if isinstance(service, services.Postgres):
            service.delete_outside()


if __name__ == "__main__":
    sys.exit(main())

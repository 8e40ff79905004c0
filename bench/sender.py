"""One of the processes of a worker, for the line `sweep`: `python -m bench.sender` sends as many mails as a line says.

It answers with how many left, and ends with its input.
"""

import sys

import django
from django.utils.timezone import now

django.setup()

from candidates.post import delivery  # noqa: E402

for line in sys.stdin:
    sys.stdout.write(f"{delivery.sweep(clock=now, most=int(line))}\n")
    sys.stdout.flush()

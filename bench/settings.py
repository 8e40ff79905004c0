"""The product's settings as they are, and a middleware that counts queries for the requests that ask for it."""

import os
from pathlib import Path

from ats.settings import *  # noqa: F403
from ats.settings import MIDDLEWARE as PRODUCT_MIDDLEWARE

MIDDLEWARE = ["bench.counting.CountQueries", *PRODUCT_MIDDLEWARE]
# Collected anew for every measurement, so that none disturbs another one or `make run`.
STATIC_ROOT = Path(os.environ["BENCH_STATIC"])
# One machine sends more applications within minutes than any office does in an hour.
APPLY_LIMIT_IP = APPLY_LIMIT_NETWORK = 10_000_000

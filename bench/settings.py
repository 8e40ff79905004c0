"""The product's settings as they are, and a middleware that counts queries for the requests that ask for it."""

from ats.settings import *  # noqa: F403
from ats.settings import MIDDLEWARE as PRODUCT_MIDDLEWARE

MIDDLEWARE = ["bench.counting.CountQueries", *PRODUCT_MIDDLEWARE]

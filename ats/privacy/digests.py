"""The digest of an address: it proves that two are the same, and tells nobody which one it was.

It holds its own salt, one for the whole installation, so that a hundred thousand addresses are compared with all
erased ones by one digest each. It does not hang on the secret key, which is rotated.
"""

from __future__ import annotations

import hashlib
import secrets

from ats.privacy.models import Erasure

SALT = 16  # letters of it; the digest takes the other 48 of the column


def digest(address: str, salt: str) -> str:
    """What is kept of `address`; the same for every way to write its letters large or small."""
    told = hashlib.sha256((salt + normal(address)).encode(errors="surrogatepass")).hexdigest()
    return salt + told[: 64 - SALT]


def normal(address: str) -> str:
    """The address as it is compared."""
    return address.strip().lower()


def salt() -> str:
    """The salt of this installation: that of the erasures so far, or a new one."""
    first = Erasure.objects.order_by("pk").values_list("digest", flat=True).first()
    return first[:SALT] if first else secrets.token_hex(SALT // 2)

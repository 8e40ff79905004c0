"""What must not stand in a log: the tokens of personal links (I8, V23)."""

import logging
import re

TOKEN = re.compile(r"/(link|my|drafts|pool|pool/links)/(?!renew/)[^/\s?\"']*[:.][^/\s?\"']*")


class WithoutTokens(logging.Filter):
    """Puts `…` where the token of a link stood, in the message and in its arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the record; every record passes."""
        if TOKEN.search(text := record.getMessage()):
            record.msg, record.args = masked(text), ()
        return True


def masked(text: str) -> str:
    """`text` without tokens."""
    return TOKEN.sub(r"/\1/…", text)

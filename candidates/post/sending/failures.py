"""What a failure tells: may the mail have left, can another try help, is the server away."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from anymail.exceptions import (
    AnymailAPIError,
    AnymailConfigurationError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
)

CLOSING = 421  # the server ends the conversation, whichever command it answers
MAILBOX_REFUSED = range(550, 555)  # what else begins with 5 speaks of us, not of this mail
CALL_REFUSED = {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY}
NEVER_REACHED = {"NewConnectionError", "ConnectTimeoutError", "NameResolutionError"}  # of urllib3, as causes


@dataclass(frozen=True)
class Failure:
    """Why a mail did not leave, as far as that can be told."""

    is_final: bool = False  # another try would end alike
    may_have_left: bool = False
    is_of_server: bool = False  # the mails behind it would fare alike


def judge(error: Exception, *, was_offered: bool) -> Failure:
    """What `error`, raised while a mail was handed over, means.

    Args:
        was_offered: whether the server was offered the mail's content, so that a silence leaves us in doubt.
    """
    if isinstance(error, AnymailError | AnymailConfigurationError):
        return _of_provider(error)
    if isinstance(error, smtplib.SMTPException) and not isinstance(error, smtplib.SMTPServerDisconnected):
        return _of_answer(error)
    if isinstance(error, ConnectionRefusedError | ssl.SSLCertVerificationError):
        return Failure(is_of_server=True)
    return Failure(may_have_left=was_offered, is_of_server=isinstance(error, OSError | smtplib.SMTPException))


def breaks_conversation(error: Exception) -> bool:
    """Whether the next mail needs a new connection; an answer about this one mail does not end it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return any(code == CLOSING for code, _text in error.recipients.values())
    return not (isinstance(error, smtplib.SMTPDataError) and error.smtp_code != CLOSING)


def _of_answer(error: smtplib.SMTPException) -> Failure:
    """The server spoke, so it did not take the mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        return Failure(is_final=all(code in MAILBOX_REFUSED for code in codes), is_of_server=CLOSING in codes)
    if isinstance(error, smtplib.SMTPDataError):
        return Failure(is_final=error.smtp_code in MAILBOX_REFUSED, is_of_server=error.smtp_code == CLOSING)
    return Failure(is_final=False, is_of_server=True)


def _of_provider(error: Exception) -> Failure:
    """The same of an API that took, refused, or did not answer."""
    if isinstance(error, AnymailRecipientsRefused | AnymailInvalidAddress):
        return Failure(is_final=True)
    if isinstance(error, AnymailConfigurationError):
        return Failure(is_of_server=True)
    if not isinstance(error, AnymailAPIError):
        return Failure()  # it could not be put into a call
    status = _status(error)
    if status is None:
        return Failure(may_have_left=not _was_never_reached(error), is_of_server=True)
    is_in_doubt = status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.SERVICE_UNAVAILABLE
    is_in_doubt = is_in_doubt or status < HTTPStatus.BAD_REQUEST  # it took it, but in words that we cannot read
    return Failure(is_final=status in CALL_REFUSED, may_have_left=is_in_doubt, is_of_server=status not in CALL_REFUSED)


def _status(error: AnymailAPIError) -> int | None:
    if error.status_code is not None:
        return int(error.status_code)
    answer: Any = getattr(error.__cause__, "response", None)  # Amazon's errors keep it there
    return answer["ResponseMetadata"]["HTTPStatusCode"] if isinstance(answer, dict) else None


def _was_never_reached(error: BaseException) -> bool:
    """Whether the connection was never made, as the chain of causes tells."""
    seen: BaseException | Any = error
    for _step in range(8):
        if type(seen).__name__ in NEVER_REACHED:
            return True
        inner = getattr(seen, "reason", None)
        seen = inner or seen.__cause__ or seen.__context__ or next(iter(getattr(seen, "args", ())), None)
        if not isinstance(seen, BaseException):
            return False
    return False

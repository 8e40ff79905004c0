"""Somebody with a browser of their own: cookies, forms, files, and no JavaScript."""

from __future__ import annotations

import http.client
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from http.cookiejar import Cookie, CookieJar
from typing import Any

from django.test import Client
from urllib3.filepost import encode_multipart_formdata

from candidates.staff.models import User

SECONDS = 30
HIDDEN = re.compile(r"<input\b[^>]*>", re.IGNORECASE)
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


@dataclass(frozen=True)
class Page:
    """What came back; status 0 means that nothing did."""

    status: int
    path: str
    text: str
    headers: Mapping[str, str]

    def hidden(self) -> dict[str, str]:
        """The hidden inputs of its forms, by name."""
        inputs = [dict(ATTRIBUTE.findall(tag)) for tag in HIDDEN.findall(self.text)]
        found = [one for one in inputs if one.get("type") == "hidden" and "name" in one]
        return {one["name"]: unescape(one.get("value", "")) for one in found}

    @property
    def links(self) -> list[str]:
        """Where its links lead, as they stand there."""
        return [unescape(found) for found in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', self.text)]


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirection."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """None: the page is the redirection itself."""


class Visitor:
    """One person at one browser. `get` and `post` follow redirections, unless told to stay."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.cookies = CookieJar()
        keeping = urllib.request.HTTPCookieProcessor(self.cookies)
        self.following = urllib.request.build_opener(keeping)
        self.staying = urllib.request.build_opener(keeping, _Stay())

    def sign_in(self, user: User) -> Visitor:
        """Be `user` from now on, without the page for it."""
        client = Client()
        client.force_login(user)
        self._set_cookie("sessionid", client.cookies["sessionid"].value)
        return self

    def get(self, path: str, *, follow: bool = True, seconds: float = SECONDS, method: str = "GET") -> Page:
        """Look at a page."""
        return self._send(urllib.request.Request(self._address(path), method=method), follow, seconds)

    def post(
        self,
        path: str,
        data: Mapping[str, Any],
        *,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        follow: bool = True,
        seconds: float = SECONDS,
    ) -> Page:
        """Send a form as it is, with the token against forgery that this browser has.

        Args:
            data: name to value, or to a list of values.
            files: name to (name of the file, content, type).
        """
        told = [(name, one) for name, value in data.items() for one in (value if isinstance(value, list) else [value])]
        fields: list[Any] = [(name, str(value)) for name, value in told]
        body, kind = encode_multipart_formdata([*fields, *(files or {}).items()])
        headers = {"Content-Type": kind, "Referer": self._address(path), "X-CSRFToken": self.cookie("csrftoken")}
        return self._send(urllib.request.Request(self._address(path), body, headers), follow, seconds)

    def fill(self, path: str, data: Mapping[str, Any], **more: Any) -> Page:
        """Open a page with a form and send it: its hidden inputs as they came, the rest as in `data`."""
        page = self.get(path)
        return self.post(page.path or path, {**page.hidden(), **data}, **more)

    def cookie(self, name: str) -> str:
        """The value of a cookie; empty without."""
        return next((cookie.value or "" for cookie in self.cookies if cookie.name == name), "")

    def _address(self, path: str) -> str:
        return path if path.startswith("http") else self.site + path

    def _send(self, request: urllib.request.Request, follow: bool, seconds: float) -> Page:
        opener = self.following if follow else self.staying
        try:
            with opener.open(request, timeout=seconds) as answer:
                return _page(answer.status, answer)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return _page(refusal.code, refusal)
        except (OSError, http.client.HTTPException) as error:
            return Page(0, "", f"{type(error).__name__}: {error}", {})

    def _set_cookie(self, name: str, value: str) -> None:
        host = urllib.parse.urlsplit(self.site).hostname or ""
        domain = host if "." in host else f"{host}.local"
        self.cookies.set_cookie(
            Cookie(0, name, value, None, False, domain, True, False, "/", True, False, None, True, None, None, {})
        )


def _page(status: int, answer: Any) -> Page:
    address = urllib.parse.urlsplit(answer.url)
    path = address.path + (f"?{address.query}" if address.query else "")
    return Page(status, path, answer.read().decode(errors="replace"), dict(answer.headers))

"""HTML of mails that people write: what may stand in it, what is taken out of it, and how it is filled in.

No image and no address but web, mail and telephone: a mail of ours tells nobody that it was opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from candidates.post import placeholders

LINK_MARK = "{link}"
ADDRESSES = ("{link}", "{way_out}")  # placeholders that may be where a link leads
TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "div", "span", "blockquote", "pre", "code", "ul", "ol", "li", "a"),
    *("strong", "b", "em", "i", "u", "s", "small", "sub", "sup"),
    *("table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption"),
}
ATTRIBUTES = {
    "*": {"style", "dir", "lang", "align"},
    "a": {"href"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
STYLES = {
    *("color", "background-color", "text-align", "text-decoration", "font-weight", "font-style", "font-size"),
    *("line-height", "margin", "margin-top", "margin-bottom", "padding", "width", "border", "border-radius"),
}
WITH_THEIR_WORDS = {"script", "style", "title", "noscript", "template"}  # what they hold is no text
BUTTON = re.compile(r'(<a (?:[^"<>]|"[^"]*")*?)class="button"((?:[^"<>]|"[^"]*")*>)')
HREF = re.compile(r'(<a (?:[^"<>]|"[^"]*")*?)href="[^"]*"')
TAG = re.compile(r'<(?:[^"<>]|"[^"]*")*>')
LOOKS = (
    'class="mail-button" style="display:inline-block;padding:12px 20px;border-radius:8px;'
    'background-color:#0b6468;color:#ffffff;font-weight:600;text-decoration:none"'
)


def clean(html: str) -> str:
    """What of `html` may leave in a mail. Cleaning what is clean changes nothing."""
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=WITH_THEIR_WORDS,
        attributes=ATTRIBUTES,
        attribute_filter=_keep,
        allowed_classes={"a": {"button"}},
        filter_style_properties=STYLES,
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel=None,
    ).strip()


def removed(html: str) -> list[str]:
    """What `clean` takes out of `html`, each once, as a person would name it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return list(dict.fromkeys(reader.found))


def mistakes(html: str, *, allowed: Iterable[str]) -> list[str]:
    """What is wrong with the placeholders of clean `html`, each named."""
    known = list(allowed)
    found = placeholders.mistakes(html, allowed=known)
    words = TAG.sub("", html)
    for name in ADDRESSES:
        if name in words:
            found.append(_("In HTML %(placeholder)s is the address of a link alone.") % {"placeholder": name})
    inside = re.sub(r' href="(?:\{link\}|\{way_out\})"', "", " ".join(TAG.findall(html)))
    found += [
        _("%(placeholder)s cannot stand inside a tag.") % {"placeholder": brace[0]}
        for brace in placeholders.BRACES.finditer(inside)
    ]
    return list(dict.fromkeys(found))


def leads_to(html: str, placeholder: str) -> bool:
    """Whether a link of clean `html` leads to where `placeholder`, `{link}` or its like, says."""
    return f' href="{placeholder}"' in html


def fill_in(html: str, values: Mapping[str, str]) -> SafeString:
    """Clean `html` with what stands for its placeholders, escaped, and with its buttons drawn."""
    escaped = {name: escape(value).replace("\n", "<br>") for name, value in values.items()}
    drawn = BUTTON.sub(lambda link: f"{link[1]}{LOOKS}{link[2]}", html)
    return mark_safe(placeholders.fill_in(drawn, escaped))  # nosec B308 B703 - clean, and every value was escaped


def without_links(html: str) -> str:
    """The same to look at: its links lead nowhere."""
    return HREF.sub(r"\1", html)


def _keep(tag: str, attribute: str, value: str) -> str | None:
    """Links lead to a place of their own; one within our site would lead nowhere out of a mail."""
    if attribute == "href" and value not in ADDRESSES and not re.match(r"(?i)(https?|mailto|tel):", value):
        return None
    return value


class _Reader(HTMLParser):
    """Notes every tag and attribute that is not kept."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(f"<{tag}>")
            return
        self.found += [self._named(name, value or "") for name, value in attrs if not _is_kept(tag, name, value or "")]

    def handle_comment(self, data: str) -> None:
        self.found.append("<!-- … -->")

    @staticmethod
    def _named(name: str, value: str) -> str:
        return f'{name}="{value[:40]}"' if name in ("href", "class") else name


def _is_kept(tag: str, name: str, value: str) -> bool:
    if name == "class":
        return tag == "a" and value == "button"
    if name not in ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set()):
        return False
    if name == "style":
        properties = [one.split(":")[0].strip().lower() for one in value.split(";") if one.strip()]
        return all(one in STYLES for one in properties)
    return _keep(tag, name, value.strip()) is not None

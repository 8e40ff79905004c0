"""A page's form as a browser sends it: all that stands in it, for who changes one field and sends the rest as it is."""

from __future__ import annotations

from html.parser import HTMLParser


class _Form(HTMLParser):
    """Collects names and values of inputs, boxes and choices."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.area = ""
        self.select: tuple[str, bool] | None = None
        self.is_first = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name") or ""
        if tag == "input" and name:
            self._input(name, told)
        elif tag == "textarea":
            self.area, self.sent[name] = name, [""]
        elif tag == "select":
            self.select, self.is_first = (name, "multiple" in told), True
        elif tag == "option" and self.select:
            self._option(*self.select, told)

    def _input(self, name: str, told: dict[str, str | None]) -> None:
        kind = told.get("type") or "text"
        if kind in ("submit", "file", "search") or (kind in ("checkbox", "radio") and "checked" not in told):
            return
        self.sent.setdefault(name, []).append(told.get("value") or ("on" if kind == "checkbox" else ""))

    def _option(self, name: str, is_multiple: bool, told: dict[str, str | None]) -> None:
        if "selected" in told or (self.is_first and not is_multiple):
            values = self.sent.setdefault(name, [])
            if not is_multiple:
                values.clear()
            values.append(told.get("value") or "")
        self.is_first = False

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.sent[self.area][0] = self.sent[self.area][0].removeprefix("\n")
            self.area = ""
        elif tag == "select":
            self.select = None


def standing(page: str) -> dict[str, list[str]]:
    """What stands in the forms of a page, by name."""
    form = _Form()
    form.feed(page)
    return {name: values for name, values in form.sent.items() if name != "csrfmiddlewaretoken"}

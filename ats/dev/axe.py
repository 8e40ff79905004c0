"""axe-core in the browser: what it finds on a page against WCAG 2.2 A and AA, in a line each.

The script comes out of the package `axe-playwright-python` and is put into the page by the browser's debugger, so that
the page keeps its strict Content-Security-Policy.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALL = [*WCAG, "best-practice"]


@cache
def script() -> str:
    """The text of axe-core."""
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page: Any, rules: list[str] = ALL) -> list[str]:
    """What is wrong with `page` (of Playwright), each with its rule and where; empty when nothing is."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(script())
    options = json.dumps({"runOnly": {"type": "tag", "values": rules}, "resultTypes": ["violations"]})
    found = page.evaluate(f"axe.run(document, {options})")["violations"]
    return [_told(rule, node) for rule in found for node in rule["nodes"]]


def _told(rule: dict[str, Any], node: dict[str, Any]) -> str:
    return f"{rule['id']}: {node['html'][:160]} ({' '.join(str(node['failureSummary']).split())[:300]})"

"""The company's colours: whether they can be read on our pages, and the shades that are made of them.

Contrast is counted as WCAG 2.2 does it; 4.5 to 1 is asked of everything that is a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

LEAST = 4.5
BLACK, WHITE = "#000000", "#ffffff"
STEPS = 100


class Theme(NamedTuple):
    """What a colour lies on. The values stand in static/rapport/tokens.css; a test compares them."""

    paper: str
    surface: str
    surface_2: str
    away: str  # what a colour that cannot be read is moved towards


LIGHT = Theme("#f7f6f2", "#ffffff", "#f1efe9", BLACK)
DARK = Theme("#12181a", "#1a2224", "#232d30", WHITE)


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black and white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def worst(colour: str, theme: Theme) -> float:
    """The contrast of `colour` on that background of the theme where it is read worst, and of the words on a button."""
    shades = tokens(colour, theme)
    grounds = (theme.paper, theme.surface, theme.surface_2, shades["action-soft"])
    buttons = (contrast(shades["on-action"], shades[button]) for button in ("action", "action-hover"))
    return min(*(contrast(colour, ground) for ground in grounds), *buttons)


def readable(colour: str, theme: Theme) -> str:
    """`colour` itself when it can be read, else the nearest shade that can."""
    shades = (_mixed(colour, theme.away, step / STEPS) for step in range(STEPS + 1))
    return next(shade for shade in shades if worst(shade, theme) >= LEAST)


def tokens(colour: str, theme: Theme) -> Mapping[str, str]:
    """The values of tokens.css that follow from `colour`."""
    on_colour = WHITE if contrast(WHITE, colour) >= contrast(BLACK, colour) else BLACK
    hover = _mixed(colour, theme.away, 0.25)
    return {
        "action": colour,
        "action-hover": hover,
        "on-action": on_colour,
        "action-soft": _mixed(theme.surface, colour, 0.1),
        "link": colour,
        "link-hover": hover,
        "focus": colour,
    }


def style_sheet(accent: str, accent_dark: str) -> str:
    """The style sheet that puts the company's colours in the place of ours; a missing dark one is made of the other."""
    dark = accent_dark or readable(accent, DARK)
    rules = [f":root {{{_declared(accent, LIGHT)}}}"] if accent else []
    # As tokens.css says it, for what is said less exactly would not be heeded.
    rules.append(f"@media (prefers-color-scheme: dark) {{:root:not([data-theme=light]) {{{_declared(dark, DARK)}}}}}")
    return "\n".join(rules) + "\n"


def _declared(colour: str, theme: Theme) -> str:
    return "".join(f"--{name}:{value};" for name, value in tokens(colour, theme).items())


def _mixed(colour: str, other: str, share: float) -> str:
    """`colour` with `share` (0 to 1) of the `other`."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)

"""Colours: counted as WCAG counts them, on the grounds that tokens.css really has."""

import re
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

from candidates.company import colours

TOKENS = Path(settings.BASE_DIR, "static/rapport/tokens.css").read_text(encoding="utf-8")
EVERY = [f"#{red}{green}{blue}" for red, green, blue in product(("00", "55", "aa", "ff"), repeat=3)]


@pytest.mark.parametrize(("one", "other", "expected"), [
    ("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#0b6468", "#0b6468", 1), ("#ff0000", "#ffffff", 4.0),
])  # fmt: skip
def test_contrast_is_that_of_wcag_whichever_comes_first(one, other, expected):
    assert colours.contrast(one, other) == pytest.approx(expected, abs=0.01)
    assert colours.contrast(other, one) == colours.contrast(one, other)


@pytest.mark.parametrize(("theme", "place"), [(colours.LIGHT, 0), (colours.DARK, 1), (colours.DARK, 2)])
def test_the_grounds_are_those_of_our_pages(theme, place):
    for name, value in (("paper", theme.paper), ("surface", theme.surface), ("surface-2", theme.surface_2)):
        assert re.findall(rf"--{name}: (#\w+);", TOKENS)[place] == value


@pytest.mark.parametrize("theme", [colours.LIGHT, colours.DARK])
@pytest.mark.parametrize("colour", EVERY)
def test_for_every_colour_there_is_a_shade_that_can_be_read_everywhere(colour, theme):
    shade = colours.readable(colour, theme)
    assert colours.worst(shade, theme) >= 4.5
    if colours.worst(colour, theme) >= 4.5:
        assert shade == colour


@pytest.mark.parametrize(("colour", "dark"), [("#0b6468", ""), ("#0b6468", "#55bdb8"), ("", "#55bdb8")])
def test_the_style_sheet_gives_every_token_that_depends_on_the_colour(colour, dark):
    sheet = colours.style_sheet(colour, dark)
    assert sheet.count("--action:") == (2 if colour else 1)
    assert "prefers-color-scheme: dark" in sheet
    assert set(re.findall(r"--([\w-]+):", sheet)) <= set(re.findall(r"--([\w-]+):", TOKENS))

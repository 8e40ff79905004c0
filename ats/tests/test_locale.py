"""What candidates and referees read exists in German, and what was compiled is what was written."""

from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from ats.dev import messages
from candidates.builders import NOW

GERMAN = Path(settings.BASE_DIR) / "locale" / "de" / "LC_MESSAGES" / "django.po"


def test_every_text_for_outsiders_has_its_german():
    _header, known = messages.read(GERMAN)
    said = messages.outsiders_words()
    missing = {key.one: said[key] for key in said if not all(known.get(key, [""]))}
    assert missing == {}, (
        "add the words to locale/de/LC_MESSAGES/django.po; python -m ats.dev.messages lists them there"
    )


def test_the_compiled_file_is_the_written_one():
    header, known = messages.read(GERMAN)
    assert GERMAN.with_suffix(".mo").read_bytes() == messages.compiled(header, known), "run python -m ats.dev.messages"


def test_placeholders_of_the_german_are_those_of_the_english():
    _header, known = messages.read(GERMAN)
    wrong = [
        (key.one, words[-1])
        for key, words in known.items()
        if sorted(set(messages.places(words[-1]))) != sorted(set(messages.places(key.many or key.one)))
    ]
    assert wrong == []


def test_a_line_may_mean_some_classes_functions_and_constants_of_a_file_alone(tmp_path):
    path = tmp_path / "words.py"
    path.write_text("""
A = [_("a")]
B: list = [_("b")]
class C:
    words = _("c")
def d():
    return _("d")
E = _("e")
""")
    assert {key.one for key in messages.used(path, ["A", "B", "C", "d"])} == {"a", "b", "c", "d"}


def test_a_line_that_means_what_is_gone_is_told_instead_of_meaning_the_whole_file(tmp_path):
    path = tmp_path / "words.py"
    path.write_text('A = _("a")')
    with pytest.raises(ValueError, match="has no B any more"):
        messages.used(path, ["A", "B"])


@pytest.mark.parametrize(
    ("count", "told"), [(1, "1 offene Stelle."), (0, "0 offene Stellen."), (7, "7 offene Stellen.")]
)
def test_plurals_are_german(count, told):
    with translation.override("de"):
        assert ngettext("%(total)s open job.", "%(total)s open jobs.", count) % {"total": count} == told


def test_dates_are_german():
    with translation.override("de"):
        assert date_format(NOW, gettext("D j M Y, H:i")) == "Mo, 7. Jan. 2030, 09:00"

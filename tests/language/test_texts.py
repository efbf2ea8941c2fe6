"""Messages come out in the reader's language, and values never take part in the look-up."""

import re
from pathlib import Path

import pytest

from language import texts as module
from language.texts import LANGUAGES, both, texts

HOME = Path(module.__file__).parent


def test_english_is_its_own_key_and_values_go_in_by_name():
    say = texts("en")
    assert say("No such message {x}", x="{y}") == "No such message {y}"
    assert say("No value: {x}") == "No value: {x}"
    assert say.many("{n} day", "{n} days", 1) == "1 day"
    assert say.many("{n} day", "{n} days", 2) == "2 days"


def test_another_language_is_refused():
    with pytest.raises(ValueError, match="vi, en"):
        texts("fr")


def test_every_translation_in_the_sources_is_what_is_shown():
    say, seen = texts("vi"), 0
    for file in sorted((HOME / "vi").glob("*.po")):
        for one, other in re.findall(r'\nmsgid "(.+)"\nmsgstr "(.+)"', file.read_text("utf-8")):
            seen += 1
            plain = one.encode().decode("unicode_escape").encode("latin-1").decode()
            wanted = other.replace('\\"', '"').replace("\\n", "\n")
            assert say(plain) == wanted
    assert seen > 0


def test_both_languages_at_once():
    assert set(both("x")) == set(LANGUAGES)

"""Messages come out in the reader's language, and values never take part in the look-up."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from language import texts as module
from language.texts import LANGUAGES, both, sense, texts

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
        with file.open("rb") as opened:
            known = read_po(opened, locale="vi")
        for one in known:
            if isinstance(one.id, str) and one.id:
                seen += 1
                message = sense(one.context, one.id) if one.context else one.id
                assert say(message) == one.string
                assert texts("en")(message) == one.id
    assert seen > 0


def test_one_english_text_has_a_vietnamese_one_for_each_sense():
    say = texts("vi")
    assert say("off") == "tắt"
    assert say(sense("of a rule", "off")) == "bỏ"
    assert both(sense("no such sense", "off")) == {"vi": "off", "en": "off"}


def test_both_languages_at_once():
    assert set(both("x")) == set(LANGUAGES)

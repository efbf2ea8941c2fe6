"""What is said stays the English str that it was, and is spoken with all of its parts."""

from __future__ import annotations

import copy
import json
import subprocess
import sys

import pytest

from language.said import (
    NOTHING,
    Said,
    SaidError,
    given,
    joined,
    plain,
    said,
    spoken,
    verbatim,
)
from tests.conftest import ROOT

NEAR = said("; did you mean {word}?", word="os.family")
MESSAGE = said("no fact is called {path}{hint}", path="os.famly", hint=NEAR)
ENGLISH = "no fact is called os.famly; did you mean os.family?"
VIETNAMESE = "không có dữ kiện nào tên os.famly; có phải ý là os.family?"


def test_it_is_the_english_text() -> None:
    assert MESSAGE == ENGLISH
    assert isinstance(MESSAGE, str)
    assert spoken(MESSAGE, "en") == ENGLISH
    assert json.loads(json.dumps([MESSAGE])) == [ENGLISH]
    assert f"{MESSAGE}" == ENGLISH
    assert type(plain(MESSAGE)) is str


def test_it_is_spoken_with_all_of_its_parts() -> None:
    assert spoken(MESSAGE, "vi") == VIETNAMESE
    assert spoken("no such message", "vi") == "no such message"
    with pytest.raises(ValueError, match="vi, en"):
        spoken(MESSAGE, "fr")


def test_it_goes_through_an_error_and_into_the_next() -> None:
    fault = SaidError(MESSAGE)
    assert str(fault) == ENGLISH
    assert spoken(str(fault), "vi") == VIETNAMESE
    assert spoken(fault.said, "vi") == VIETNAMESE
    outer = said("{file}: {fault}", file="p.yaml", fault=fault)
    assert outer == f"p.yaml: {ENGLISH}"
    assert spoken(outer, "vi") == f"p.yaml: {VIETNAMESE}"
    assert spoken(said("{fault}", fault=ValueError("of another")), "vi") == "of another"


def test_a_value_is_never_looked_up_and_formats_nothing() -> None:
    for hostile in ("{path}", "{0}", "{path.__class__}", "%s", "{", "no unit", "a list"):
        made = said("no fact is called {path}{hint}", path=hostile, hint="")
        assert made == f"no fact is called {hostile}"
        assert spoken(made, "vi") == f"không có dữ kiện nào tên {hostile}"
        assert spoken(verbatim(hostile), "vi") == hostile
        assert spoken(joined(hostile, [verbatim("a"), "b"]), "vi") == f"a{hostile}b"


def test_without_values_braces_are_braces() -> None:
    text = said("count takes {where: {…}, at_most: 3}")
    assert text == "count takes {where: {…}, at_most: 3}"
    assert spoken(text, "vi") == "count cần {where: {…}, at_most: 3}"


def test_nothing_says_nothing() -> None:
    """gettext answers the empty message with the head of its catalogue."""
    assert not NOTHING
    assert spoken(NOTHING, "vi") == ""
    assert spoken(said("no fact is called {path}{hint}", path="x", hint=NOTHING), "vi").endswith(
        "x"
    )
    assert joined("; ", []) == ""
    assert spoken(joined("; ", []), "vi") == ""


def test_parts_are_joined_and_each_is_spoken() -> None:
    both = joined("\n", [MESSAGE, "plain", said("a list")])
    assert both == f"{ENGLISH}\nplain\na list"
    assert spoken(both, "vi") == f"{VIETNAMESE}\nplain\nmột danh sách"


def test_some_values_can_be_others() -> None:
    other = MESSAGE.but(path="os.x")
    assert other == "no fact is called os.x; did you mean os.family?"
    assert MESSAGE == ENGLISH


def test_a_text_of_both_languages_is_given_in_each() -> None:
    both = given("bật tường lửa {x}", "switch the firewall on {x}")
    made = said("changed: {what}", what=both)
    assert made == "changed: switch the firewall on {x}"
    assert spoken(made, "vi") == "đã đổi: bật tường lửa {x}"


def test_what_is_verbatim_stays_said() -> None:
    assert verbatim(MESSAGE) is MESSAGE
    assert isinstance(verbatim("database is locked"), Said)


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy])
def test_a_copy_can_be_spoken(again) -> None:
    assert spoken(again(MESSAGE), "vi") == VIETNAMESE


def test_nothing_of_gettext_is_loaded_before_something_is_spoken() -> None:
    code = (
        "import sys, language.said as s; made = s.said('a list'); "
        "assert 'gettext' not in sys.modules and 'language.texts' not in sys.modules; "
        "assert s.spoken(made, 'vi') == 'một danh sách' and 'gettext' in sys.modules"
    )
    subprocess.run([sys.executable, "-S", "-c", code], check=True, cwd=ROOT)

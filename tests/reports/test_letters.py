"""Which letters are printed and which are shown as their number."""

from __future__ import annotations

import pytest

from reports import fonts
from reports.letters import _stays, visible


def test_every_letter_of_the_fonts_that_stays_is_printed_and_no_other() -> None:
    known = fonts.letters()
    assert len(known) > 500
    shown = {code for code in range(0x3000) if "[U+" not in visible(chr(code))}
    composed = {code for code in range(0x3000) if len(visible(chr(code))) == 1}
    assert composed <= shown
    for code in composed:
        assert all(ord(one) in known and _stays(one) for one in visible(chr(code))), hex(code)
    stays = {code for code in known if code < 0x3000 and _stays(chr(code))}
    assert stays <= shown
    assert len(shown) < 0x3000 / 2  # the control: most letters of the world are not in them


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Tường lửa đã bật", "Tường lửa đã bật"),
        ("Tu\u031bo\u031b\u0300ng", "Tường"),
        ("a\u202eb", "a[U+202E]b"),
        ("tab\there", "tab[U+0009]here"),
        ("😀]-^\\", "[U+1F600]]-^\\"),
    ],
)
def test_what_cannot_be_shown_is_its_number(text: str, told: str) -> None:
    assert visible(text) == told

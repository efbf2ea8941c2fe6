"""Laws of fitting text into its place: nothing is lost, nothing unprintable is left."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import fonts
from reports.document import Column
from reports.letters import visible
from reports.pdf.pieces import pieces
from reports.widths import MILLIMETRES, widths


@given(st.text())
def test_what_is_shown_is_in_the_fonts_and_has_a_shape(text):
    shown = visible(text)
    assert {ord(letter) for letter in shown} <= fonts.letters()
    assert not any(unicodedata.category(letter).startswith("C") for letter in shown)
    assert visible(shown) == shown


@given(st.text(), st.floats(4, 200), st.sampled_from([7.5, 9, 10.5, 13]))
def test_pieces_are_the_text_and_fit(text, width, points):
    made = pieces(text, width, points)
    whole = made if isinstance(made, str) else "".join(made)
    assert whole == visible(text)
    if isinstance(made, str):
        longest = max(map(fonts.width, made.split(" ")))
        assert longest * points * MILLIMETRES <= width * 1.001


@given(
    st.lists(st.tuples(st.text(max_size=12), st.floats(0.5, 6)), min_size=1, max_size=9),
    st.sampled_from([165.0, 252.0]),
)
def test_columns_fill_the_line(heads, total):
    columns = [Column(head, share) for head, share in heads]
    made = widths(columns, total, 9)
    assert len(made) == len(columns)
    assert sum(made) == pytest.approx(total)
    assert all(width > 0 for width in made)


def test_a_head_keeps_its_words_whole():
    columns = [Column("Requirement", 0.1), Column("x", 10)]
    narrow, wide = widths(columns, 165, 10.5)
    assert narrow > fonts.width("Requirement") * 10.5 * MILLIMETRES
    assert narrow + wide == pytest.approx(165)


def test_every_vietnamese_letter_is_in_all_four_faces():
    vowels = "aăâeêioôơuưy"
    marked = {
        unicodedata.normalize("NFC", vowel + tone)
        for vowel in vowels
        for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    }
    letters = {form(one) for one in marked | {"đ"} for form in (str.lower, str.upper)}
    assert len(letters) == 2 * 73
    assert {ord(letter) for letter in letters} <= fonts.letters()
    assert ord("\u4e2d") not in fonts.letters()

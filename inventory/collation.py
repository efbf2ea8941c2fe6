"""Names in the order of the Vietnamese alphabet.

Letters as primary schools teach them (a ă â b c d đ e ê …; f, j, w, z stand where Latin has them),
tones after letters in the order of dictionaries: none, huyền, hỏi, ngã, sắc, nặng. Numbers inside a
name count as numbers: PC-9 is before PC-10.
"""

from __future__ import annotations

import re
import unicodedata

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACE = {letter: f"{place:02d}" for place, letter in enumerate(_ALPHABET, start=30)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_DIGITS = re.compile(r"(\d+)")
_LONGEST_NUMBER = 12  #: digits; longer ones are compared as text

Key = tuple[str, str, str]


def collation_key(text: str) -> Key:
    """What to sort by: letters first, then tones, then the text itself."""
    letters: list[str] = []
    tones: list[str] = []
    for part in _DIGITS.split(unicodedata.normalize("NFC", text).casefold()):
        if part.isdecimal():
            letters.append(f"1{part.zfill(_LONGEST_NUMBER)}")
        else:
            for letter in part:
                place, tone = _weigh(letter)
                letters.append(place)
                tones.append(tone)
    return "".join(letters), "".join(tones), text


def _weigh(letter: str) -> tuple[str, str]:
    """A letter without its tone by its place in the alphabet, and the tone."""
    marks = unicodedata.normalize("NFD", letter)
    tone = next((_TONES[mark] for mark in marks if mark in _TONES), "0")
    bare = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    return _PLACE.get(bare, f"0{bare}"), tone

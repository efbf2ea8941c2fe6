"""Vietnamese text of the years before Unicode, shown as Western letters: found out, and named.

TCVN3 (TCVN 5712:1993 VN3, the fonts .VnTime and the like) gives each accented letter one byte; VNI
writes the accent as a second letter: ``Phßng Néi vô``, ``Phoøng Noäi vuï``. A text is held to be
one of them only if it has words that Vietnamese cannot have, and every word that the encoding
would change becomes a Vietnamese syllable.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from inventory.folding import folded

_TCVN3 = str.maketrans(
    dict(
        zip(
            "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
            "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
            strict=True,
        )
    )
)
_TONES = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_HATS = dict(zip("áàåãäéèúüë", ["\u0302"] * 5 + ["\u0306"] * 5, strict=True))
_HAT_TONES = dict(
    zip("áàåãäéèúüë", "\u0301\u0300\u0309\u0303\u0323\u0301\u0300\u0309\u0303\u0323", strict=True)
)
_VNI_SINGLE = dict(zip("ñöôíìæóòî", "đươíìỉĩịỵ", strict=True))
_VNI = re.compile("[aeoyuöô][ùøûõï]|[aeo][áàåãäâ]|a[éèúüëê]|[ñöôíìæóòî]", re.IGNORECASE)

_SYLLABLE = re.compile(
    r"(?:ngh?|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnpqrstvx])?"
    r"(?:uye|uya|uyu|ieu|yeu|oai|oay|oeo|uoi|uou|uay|uoe|[aeiouy]{1,2})(?:ch|ng|nh|[cmnpt])?"
)
#: A word with the signs that TCVN3 has in the places of letters; 25µm and 2×8 are none.
_WORD = re.compile(r"[^\s!-/:-@\[-`{-~–—…“”™]+")
_VIETNAMESE = frozenset(
    "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđbcdfghjklmnpqrstvwxz"
)


def legacy_encoding(text: str) -> str | None:
    """``TCVN3`` or ``VNI`` where the text is written so, else None."""
    if text.isascii():
        return None
    plain = unicodedata.normalize("NFC", text)
    return next((name for name in ("VNI", "TCVN3") if _is(plain, name)), None)


def as_read(text: str, encoding: str) -> str:
    """What the text probably says; capitals of a TCVN3 font for capitals come as small letters."""
    if encoding == "TCVN3":
        return text.translate(_TCVN3)
    return unicodedata.normalize("NFC", _VNI.sub(lambda found: _vni(found[0]), text))


def _vni(letters: str) -> str:
    base, mark = letters[0].lower(), letters[1:].lower()
    vowel = _VNI_SINGLE.get(base, base)
    if mark in _HATS:
        vowel += _HATS[mark] + _HAT_TONES[mark]
    elif mark in {"â", "ê"}:
        vowel += "\u0302" if mark == "â" else "\u0306"
    elif mark:
        vowel += _TONES[mark]
    made = unicodedata.normalize("NFC", vowel)
    return made.upper() if letters[0].isupper() else made


def _is(text: str, encoding: str) -> bool:
    words = [
        word for word in _WORD.findall(text) if len(word) > 1 and not any(map(str.isdigit, word))
    ]
    odd = [word for word in words if not _is_vietnamese(word)]
    changed = [new for word in words if (new := as_read(word, encoding)) != word]
    return (
        bool(odd and changed)
        and all(_is_vietnamese(as_read(word, encoding)) for word in odd)
        and all(_SYLLABLE.fullmatch(folded(new)) for new in changed)
    )


@lru_cache(maxsize=4096)  # a register repeats its words
def _is_vietnamese(word: str) -> bool:
    """Whether a word can be one of Unicode: ASCII, or a syllable of Vietnamese letters."""
    if word.isascii():
        return True
    return set(word.lower()) <= _VIETNAMESE and bool(_SYLLABLE.fullmatch(folded(word)))


def _has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)

"""Texts as they are compared and searched: without case, diacritics and superfluous spaces."""

from __future__ import annotations

import unicodedata

_D = str.maketrans({"đ": "d", "Đ": "d"})  #: which has no decomposition in Unicode


def folded(text: str) -> str:
    """``Xã  Bảo Yên`` in any normal form is ``xa bao yen``."""
    if text.isascii():
        return " ".join(text.casefold().split())
    plain = unicodedata.normalize("NFKD", text.translate(_D))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(bare.casefold().split())

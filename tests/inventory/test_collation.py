"""Names in the order that people here expect."""

from __future__ import annotations

import random
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from inventory.collation import collation_key

IN_ORDER = [
    *("An", "Ánh", "Ăn", "Ấp", "Ba", "Bà", "Bả", "Bã", "Bá", "Bạ", "Cam", "Dung", "Đào", "Em"),
    *(
        "Ếch",
        "Minh",
        "Oanh",
        "Ông",
        "Ơn",
        "PC-9",
        "PC-10",
        "PC-100",
        "Uyên",
        "Ước",
        "Xã Tả Van",
        "Yên",
    ),
]


def test_letters_then_tones_then_numbers() -> None:
    mixed = IN_ORDER[:]
    random.Random(7).shuffle(mixed)
    assert sorted(mixed, key=collation_key) == IN_ORDER
    assert sorted(mixed) != IN_ORDER  # the control: code points give another order


@given(st.text(max_size=20))
def test_both_normal_forms_stand_at_one_place(text: str) -> None:
    nfc, nfd = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert collation_key(nfc)[:2] == collation_key(nfd)[:2]

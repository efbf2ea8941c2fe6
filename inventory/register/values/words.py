"""The few words that a register uses for kinds and states of machines, in both languages.

A kind is one of the scanner's (`inventory.sighting_types`), or ``other`` for what is no machine on
a network. What is not understood is ``unknown``, which counts as a computer that should report.
"""

from __future__ import annotations

import re

from inventory.folding import folded
from inventory.register.values.bad import Bad
from inventory.register.values.texts import NOTHING, optional
from inventory.sheets import Value

DISPOSED = "disposed"
UNKNOWN = "unknown"
_COMPUTERS = ("server", "pc")
_KINDS = (
    ("phone", "may tinh bang|tablet|ipad|dien thoai|smartphone|phone"),
    ("other", "^khac$|^other$|may tinh tien|casio|^man hinh|^ban phim|^chuot|^ups"),
    ("server", "may chu|server"),
    ("printer", "may in|printer|may photo|photocopy|may quet|scanner|may fax"),
    ("camera", "camera|dau ghi"),
    ("access_point", "access point|phat wifi|phat song|bo phat"),
    ("switch", "switch|chuyen mach"),
    ("router", "router|modem|dinh tuyen|tuong lua|firewall"),
    ("nas", "nas|luu tru mang"),
    ("pc", "may tinh|may vi tinh|mtxt|pc|desktop|laptop|notebook|xach tay|de ban|workstation"),
    ("pc", "may tram|all in one|aio|mac mini|imac|macbook|mini pc|may bo|computer"),
    ("other", "man hinh|monitor|ups|luu dien|may chieu|projector|ban phim|chuot|keyboard|mouse"),
    ("other", "dieu hoa|ban ghe|tu tai lieu|o cam|webcam|loa|tivi|tv|may huy"),
)
_STATES = (
    (DISPOSED, r"^da (?:thanh ly|tieu huy).*|^(?:thanh ly|tieu huy|disposed|scrapped)$"),
    ("in_store", "thanh ly|tieu huy|luu kho|trong kho|kho|du phong|spare|in store"),
    ("in_store", "chua su dung|khong su dung|ngung su dung|not in use|unused"),
    ("lost", "that lac|mat|bi mat|lost|stolen"),
    ("broken", "hong|hu hong|cho sua|dang sua|bao hanh|loi|broken|damaged|repair"),
    ("in_use", "dang su dung|su dung|dang dung|hoat dong|binh thuong|tot|con tot|moi|kha"),
    ("in_use", "in use|active|good|working|ok|new|trung binh|cu"),
)


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:\b|^)(?:{words})(?:\b|$)")


_KIND_PATTERNS = [(kind, _pattern(words)) for kind, words in _KINDS]
_STATE_PATTERNS = [(state, _pattern(words)) for state, words in _STATES]


def kind_in(text: str) -> str | None:
    """The kind that a text names: of a cell, of a machine's description, of a heading."""
    plain = folded(text)
    return next((kind for kind, pattern in _KIND_PATTERNS if pattern.search(plain)), None)


def kind_by_name(name: str) -> str | None:
    """The kind that a machine's description begins with (``Máy in Canon 2900``), or None.

    Only a computer's own name may be one word (``PC-01``), and a description that speaks of a
    computer too (``Camera PC``) is of no kind: what is left unknown is counted, and a computer
    that was taken for a camera would not be.
    """
    plain = folded(name)
    found = [
        (match.end(), kind) for kind, pattern in _KIND_PATTERNS if (match := pattern.match(plain))
    ]
    if not found:
        return next((kind for kind in _COMPUTERS if _has(kind, plain)), None)
    end, kind = max(found, key=lambda one: one[0])
    doubtful = " " not in plain or any(_has(one, plain[end:]) for one in _COMPUTERS)
    return None if kind not in _COMPUTERS and doubtful else kind


def _has(kind: str, plain: str) -> bool:
    return any(pattern.search(plain) for one, pattern in _KIND_PATTERNS if one == kind)


def kind_of(value: Value) -> str | None:
    """A cell's kind, or None where it is empty.

    Raises:
        Bad: kind_unknown (a warning: the row counts as ``unknown``), and those of `texts.text_of`.
    """
    plain = optional(value)
    if plain is None:
        return None
    found = kind_in(plain)
    if found is None:
        raise Bad("kind_unknown", shown=plain)
    return found


def state_of(value: Value) -> str | None:
    """A cell's state, or None where it is empty.

    Raises:
        Bad: state_unknown (a warning), and those of `texts.text_of`.
    """
    plain = optional(value)
    if plain is None or folded(plain) in NOTHING:
        return None
    text = folded(plain)
    found = next((state for state, pattern in _STATE_PATTERNS if pattern.search(text)), None)
    if found is None:
        raise Bad("state_unknown", shown=plain)
    return found


def check_quantity(value: Value) -> None:
    """A row stands for one machine.

    Raises:
        Bad: several_machines.
    """
    plain = optional(value)
    found = re.match(r"\d+", plain or "")
    if plain is not None and (found is None or int(found[0]) != 1):
        raise Bad("several_machines", shown=plain)

"""The words of explanations in both languages.

Values, spans, reasons, and how numbers are written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from inventory.catalogue import Fact
from policies.times import DAY, HOUR, MINUTE, moment_seconds, moment_text
from policies.values import element_type

TWO_DIGITS = 10  #: from here on a span is told in whole units
LONGEST = 80  #: characters of a value that a machine reported, as shown to people

REASONS = {
    "not_elevated": ("administrator rights are needed", "cần quyền quản trị để đọc"),
    "not_supported": ("this system does not offer it", "hệ thống này không hỗ trợ"),
    "timed_out": ("reading took too long", "đọc quá lâu nên đã dừng"),
    "not_found": ("not found on the machine", "không tìm thấy trên máy"),
    "unreadable": ("what was read made no sense", "đọc được nhưng không hiểu được"),
    "not_installed": ("not installed", "chưa được cài đặt"),
    "failed": ("the collector failed", "bộ thu thập bị lỗi"),
    "redacted": ("left out on request", "đã được ẩn theo yêu cầu"),
    "not_reported": ("not in the report", "không có trong báo cáo"),
    "too_old": ("the report is too old", "báo cáo đã quá cũ"),
    "wrong_type": ("the value has the wrong type", "giá trị sai kiểu"),
    "never_reported": ("the machine has never reported", "máy chưa từng gửi báo cáo"),
    "contradicted": ("the network shows otherwise", "mạng cho thấy điều ngược lại"),
    "no_agent": ("no agent speaks for it", "chưa có tác tử trên máy"),
    "no_scan": ("no scan has seen it", "chưa lần quét nào thấy máy"),
    "too_large": (
        "what this machine sends is too large to be judged (over 768 KiB)",
        "dữ liệu máy này gửi quá lớn để đánh giá (trên 768 KiB)",
    ),
    "scan_too_old": ("the scan is too old", "lần quét đã quá cũ"),
    "not_in_table": ("not in the table of makers' dates", "không có trong bảng vòng đời"),
    "not_registered": ("it is not in the register", "không có trong sổ tài sản"),
    "quarantined": ("the agent is in quarantine", "tác tử đang bị cách ly"),
}
_BOOLEANS = {
    "on_off": {True: ("on", "bật"), False: ("off", "tắt")},
    "yes_no": {True: ("yes", "có"), False: ("no", "không")},
    "present_absent": {True: ("present", "có"), False: ("absent", "không có")},
}
_CHOICES = {
    "on": "bật",
    "off": "tắt",
    "yes": "có",
    "no": "không",
    "none": "không có",
    "unknown": "không rõ",
    "filters": "có lọc",
    "accepts_all": "cho qua tất cả",
    "empty": "không có luật nào",
    "absent": "không có",
    "unused": "không dùng",
    "enabled": "bật",
    "disabled": "tắt",
    "allow": "cho phép",
    "block": "chặn",
}
_SPAN_WORDS = ((DAY, "d", "ngày"), (HOUR, "h", "giờ"), (MINUTE, "min", "phút"), (1, "s", "giây"))
_WHOLE_SIZES = ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"))
_SIZES = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
_DECIMAL = frozenset(unit for unit, _ in _SIZES)


def pick(words: tuple[str, str], lang: str) -> str:
    """The English or the Vietnamese one of a pair."""
    return words[1] if lang == "vi" else words[0]


def reason_words(reason: str | None, lang: str) -> str:
    """Why something is unknown, in words."""
    return pick(REASONS.get(reason or "not_reported", (str(reason), str(reason))), lang)


def number(value: float, lang: str, *, decimals: int | None = None) -> str:
    """A number as people write it: 1,234.5 in English, 1.234,5 in Vietnamese."""
    text = f"{value:,.{2 if decimals is None else decimals}f}"
    if decimals is None:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def span(seconds: float, lang: str) -> str:
    """A span of time in its largest fitting unit, whole or with one decimal: ``7 d``, ``2 giờ``."""
    for size, en, vi in _SPAN_WORDS:
        if abs(seconds) >= size:
            whole = seconds // size
            exact = whole * size == seconds or whole >= TWO_DIGITS
            share: float = int(whole) if exact else round(seconds / size, 1)
            share = int(share) if share == int(share) else share
            return f"{number(share, lang)} {vi if lang == 'vi' else en}"
    return f"0 {'giây' if lang == 'vi' else 's'}"


def size(octets: float, lang: str) -> str:
    """A size in bytes: binary units where they come out whole.

    Else decimal ones with one decimal.
    """
    for unit, word in (*_WHOLE_SIZES, *_SIZES):
        share = octets / unit
        if abs(share) >= 1 and (share == int(share) or unit in _DECIMAL):
            return f"{number(int(share) if share == int(share) else round(share, 1), lang)} {word}"
    return f"{number(int(octets), lang)} {'byte' if abs(octets) == 1 else 'bytes'}"


def value_words(value: object, fact: Fact, lang: str) -> str:
    """A value of a fact as a person says it, in its unit and bounded in length."""
    if isinstance(value, bool):
        return pick(_BOOLEANS[fact.words or "yes_no"][value], lang)
    if isinstance(value, int | float):
        return _amount(value, fact, lang)
    text = shown(str(value))
    if element_type(fact) == "timestamp":
        return _date(text, lang)
    if element_type(fact) == "choice":
        return _CHOICES.get(text, text) if lang == "vi" else text.replace("_", " ")
    return text


def _date(text: str, lang: str) -> str:
    """The day of a moment, as people of that language write it (UTC)."""
    seconds = moment_seconds(text)
    if seconds is None:
        return text
    year, month, day = moment_text(seconds)[:10].split("-")
    return f"{day}/{month}/{year}" if lang == "vi" else f"{year}-{month}-{day}"


def _amount(value: float, fact: Fact, lang: str) -> str:
    if fact.unit == "seconds":
        return span(value, lang)
    if fact.unit == "bytes":
        return size(value, lang)
    if fact.unit == "percent":
        return f"{number(value, lang)} %"
    if fact.unit == "port" or (fact.unit is None and fact.type == "integer"):
        return str(value)
    unit = {"MHz": " MHz", "Mbit/s": " Mbit/s", "days": " ngày" if lang == "vi" else " d"}
    return f"{number(value, lang)}{unit.get(fact.unit or '', '')}"


def shown(text: str) -> str:
    """Text from a machine, made safe to read: no control characters, not longer than a line."""
    kinds = ("C", "Z")  # control and format characters, separators
    plain = (" " if unicodedata.category(char).startswith(kinds) else char for char in text)
    clean = " ".join("".join(plain).split())
    return clean if len(clean) <= LONGEST else f"{clean[: LONGEST - 1]}…"


def listed(items: Iterable[str], lang: str, *, most: int = 5, more: int = 0) -> str:
    """``a, b, c and 3 more``; ``more`` counts those that were left out before."""
    words = list(items)
    left = more + max(0, len(words) - most)
    text = ", ".join(words[:most])
    if not left:
        return text
    return f"{text} và {left} mục khác" if lang == "vi" else f"{text} and {left} more"

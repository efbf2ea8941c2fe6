"""The columns that a register may have, and the heads by which offices know them.

Heads are compared folded (`inventory.folding`). Each phrase carries how sure it is: 1.0 says it
plainly; less where the same head is used for something else too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from inventory.folding import folded

#: Fields that tell one machine from another.
IDENTITY = frozenset({"tag", "serial", "macs", "name"})
#: Fields that several columns may fill together.
SEVERAL = frozenset({"macs", "addresses"})
IGNORE = "ignore"  #: a column that is known, and says nothing that is kept

HEADS: dict[str, dict[float, str]] = {
    "ordinal": {1.0: "stt|tt|so tt|so thu tu|no|#|ordinal", 0.6: "so"},
    "tag": {
        1.0: "ma tai san|so the|so the tai san|ma thiet bi|ma may|so hieu tai san|ma so|"
        "so hieu|asset tag|asset id|asset number|asset no|tag|ma vach|barcode|ma so tai san|"
        "ma dinh danh|ma quan ly",
        0.7: "ma|id|code",
    },
    "name": {
        1.0: "ten may|ten may tinh|ten may tram|hostname|host name|computer name|pc name|"
        "device name|machine name",
        0.9: "name|ten|ten thiet bi|ten tai san|machine|computer|may tinh|thiet bi",
        0.8: "ten tai san thiet bi|ten dac diem|ten trang thiet bi|asset|device|equipment|"
        "description",
    },
    "serial": {
        1.0: "so seri|so se ri|se ri|so serial|serial|serial number|serial no|s n|sn|service tag|"
        "so may|seri|so xeri|ma seri|ma serial",
    },
    "macs": {
        1.0: "mac|dia chi mac|mac address|mac addresses|so mac|dia chi vat ly|physical address"
    },
    "addresses": {1.0: "ip|dia chi ip|ip address|ipv4|dia chi mang|ip tinh|ip addresses"},
    "unit": {
        1.0: "don vi|don vi su dung|don vi quan ly|phong ban|ten don vi|unit|department|office|"
        "co quan|xa phuong|xa|don vi bo phan|bo phan su dung|co quan don vi|commune",
        0.8: "bo phan|phong|khoa phong|division|organisation|organization|noi su dung",
    },
    "location": {
        1.0: "vi tri|noi dat|dia diem|phong dat|vi tri lap dat|noi lap dat|location|room|place|"
        "phong lam viec|noi de",
        0.6: "phong|bo phan|dia chi|noi su dung",
    },
    "model": {
        1.0: "model|kieu may|dong may|ma hieu|ky hieu|kieu|model may",
        0.7: "chung loai|quy cach|nhan hieu|loai",
        0.6: "ten tai san|ten thiet bi|cau hinh|description",
    },
    "vendor": {
        1.0: "hang|hang san xuat|nha san xuat|thuong hieu|hang sx|nha sx|vendor|manufacturer|"
        "brand|make",
        0.8: "nhan hieu|nuoc san xuat",
    },
    "kind": {
        1.0: "loai may|loai thiet bi|loai tai san|phan loai|nhom tai san|type|kind|category|"
        "device type",
        0.9: "loai",
        0.7: "chung loai",
    },
    "holder": {
        1.0: "nguoi su dung|nguoi dung|nguoi quan ly|can bo su dung|nguoi giu|user|holder|"
        "assigned to|can bo|owner|ho va ten|ho ten|nguoi duoc giao|can bo quan ly|ten can bo|"
        "ten nguoi su dung|nguoi phu trach",
    },
    "bought_on": {
        1.0: "ngay mua|nam mua|ngay dua vao su dung|nam dua vao su dung|nam su dung|"
        "thoi gian mua|ngay trang bi|nam trang bi|purchase date|bought|bought on|purchased|"
        "year|date of purchase|in use since|in service since|ngay cap|nam cap|ngay su dung|"
        "ngay nhap",
        0.7: "ngay|nam|nam san xuat|nam sx|date",
    },
    "state": {
        1.0: "tinh trang|hien trang|trang thai|tinh trang su dung|status|state|condition|"
        "tinh trang hoat dong",
    },
    "note": {1.0: "ghi chu|note|notes|remark|remarks|comment|comments|dien giai|gc"},
    "quantity": {1.0: "so luong|sl|qty|quantity"},
    IGNORE: {
        1.0: "don vi tinh|dvt|nguyen gia|gia tri|gia tri con lai|thanh tien|don gia|price|cost|"
        "so tien|he dieu hanh|cpu|ram|o cung|o dia|os|chu ky|ky nhan|cau hinh|so hoa don|"
        "bao hanh|warranty|nguon von|nguon kinh phi|dien thoai|chuc vu|email|ngay sinh",
    },
}
FIELDS = tuple(HEADS)
LEAST = 0.5  #: a head that is less sure names nothing

#: What stands below such a head is of the voucher or of the money, not of the machine.
_APART = re.compile(r"\b(?:chung tu|hoa don|khau hao|hao mon|ghi giam|gia tri)\b")
#: Accountants' short words for assets: fixed ones, and tools.
_ASSET = re.compile(r"\b(?:tai san co dinh|tscd|ccdc|ts)\b")
_NOT_WORD = re.compile(r"[^\w#]+")
_PARTS = re.compile(r"[/(){}\[\]\n|,;–-]+")
#: phrase → what it may name; a field's surer phrases stand first
_PHRASES: dict[tuple[str, ...], dict[str, float]] = {}
for _field, _rows in HEADS.items():
    for _sure, _line in _rows.items():
        for _phrase in _line.split("|"):
            _PHRASES.setdefault(tuple(_phrase.split()), {}).setdefault(_field, _sure)
_LONGEST = max(map(len, _PHRASES))
_MOST_WORDS = 20  #: a longer line is a sentence
_ABOVE = 0.6  #: of the sureness that a line above the lowest has alone


def fields_of(texts: Iterable[str]) -> dict[str, float]:
    """What a head may mean, and how sure that is.

    ``texts``: the lines of the head from top to bottom. The lowest line counts alone, and with
    those above it in either order (``Địa chỉ`` over ``MAC``, ``Tài sản`` over ``Mã``).
    """
    lines = [text for text in texts if text.strip()]
    if not lines:
        return {}
    if any(_APART.search(folded(text)) for text in lines[:-1]):
        return {IGNORE: 1.0}
    joined = [" ".join(lines), " ".join(reversed(lines)), lines[-1]]
    found: dict[str, float] = {}
    for text in dict.fromkeys(joined):
        for field, sure in _of_text(text).items():
            found[field] = max(found.get(field, 0.0), sure)
    if len(lines) > 1:
        for text in lines[:-1]:
            for field, sure in _of_text(text).items():
                found[field] = max(found.get(field, 0.0), sure * _ABOVE)
    return {field: round(sure, 2) for field, sure in found.items() if sure >= LEAST}


def _of_text(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in dict.fromkeys([text, *_PARTS.split(text)]):
        plain = _ASSET.sub("tai san", _NOT_WORD.sub(" ", folded(part)))
        words = tuple(plain.split())
        for phrase in _within(words):
            for field, sure in _PHRASES.get(phrase, {}).items():
                share = len(phrase) / len(words)
                found[field] = max(
                    found.get(field, 0.0), sure if share == 1 else sure * (0.45 + 0.5 * share)
                )
    return found


def _within(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every run of words that may be a phrase."""
    if len(words) > _MOST_WORDS:
        return
    for start in range(len(words)):
        for size in range(1, min(_LONGEST, len(words) - start) + 1):
            yield words[start : start + size]

"""TCVN3 and VNI are found out and read; Unicode, Vietnamese or foreign, is left in peace."""

from __future__ import annotations

import pytest

from inventory.legacy_text import as_read, legacy_encoding

TCVN3 = {
    "M¸y tÝnh ®Ó bµn": "Máy tính để bàn",
    "Phßng Néi vô": "Phòng Nội vụ",
    "Sè m¸y": "Số máy",
    "C«ng an x·": "Công an xã",
    "§¬n vÞ": "Đơn vị",
    "NguyÔn ThÞ HuÖ": "Nguyễn Thị Huệ",
}
VNI = {
    "Maùy tính ñeå baøn": "Máy tính để bàn",
    "Phoøng Noäi vuï": "Phòng Nội vụ",
    "Xaõ Baûo Haø": "Xã Bảo Hà",
    "ÑÔN VÒ": "ĐƠN VỊ",
    "Nguyeãn Vaên Maãu": "Nguyễn Văn Mẫu",
    "Nguyeãn Thò Hueä": "Nguyễn Thị Huệ",
}
UNICODE = [
    *("UBND xã Bảo Yên", "Người sử dụng", "Trung tâm CNTT", "TP. Hồ Chí Minh", "Thuê toán loại"),
    *("Intel® Core™ i5", "Müller", "25µm", "Citroën", "España", "Dell · HP", "naïve", "Straße"),
    *("Nguyễn Văn A – 2×8GB", "Kích thước 20×30", "100 °C", "Øre", "", "PC-01", "Café"),
    *("Đắk Lắk", "Krông Pắk", "Y Bíh Niê", "Hrê", "Công ty Hélène", "Đài TT-TH", "Ê Đê"),
]


@pytest.mark.parametrize(("text", "says"), TCVN3.items())
def test_tcvn3_is_named_and_read(text: str, says: str) -> None:
    assert (legacy_encoding(text), as_read(text, "TCVN3")) == ("TCVN3", says)


@pytest.mark.parametrize(("text", "says"), VNI.items())
def test_vni_is_named_and_read(text: str, says: str) -> None:
    assert (legacy_encoding(text), as_read(text, "VNI")) == ("VNI", says)


@pytest.mark.parametrize("text", [*UNICODE, *TCVN3.values(), *VNI.values()])
def test_unicode_is_not_taken_for_it(text: str) -> None:
    assert legacy_encoding(text) is None

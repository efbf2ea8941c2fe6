"""One document with every kind of block, as long and as hostile as asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reports.charts.bars import Bar, Bars
from reports.document import (
    Annex,
    Block,
    Chart,
    Column,
    Document,
    Heading,
    Items,
    Paragraph,
    Table,
)
from reports.letterhead import Letterhead

BARS = Bars(
    (Bar("Xã Mô Phỏng", (("pass", 41),)), Bar("Văn phòng", (("pass", 7),))),
    (("pass", "Đạt"),),
    "vi",
)
COLUMNS = (
    Column("Tên máy", 3),
    Column("Đơn vị", 3),
    Column("Kết quả", 2),
    Column("Số lỗi", 1, "right"),
)
HEAD = Letterhead(
    superior={"vi": "Ủy ban nhân dân tỉnh Mô Phỏng", "en": "Provincial People's Committee"},
    issuer={"vi": "Ủy ban nhân dân xã Mô Phỏng", "en": "Communal People's Committee"},
    symbol="BC-UBND",
    place={"vi": "Mô Phỏng", "en": "Mo Phong"},
    authority={"vi": "TM. Ủy ban nhân dân", "en": "For the People's Committee"},
    capacity=({"vi": "KT. Chủ tịch", "en": "For the Chair"}, {"vi": "Phó Chủ tịch", "en": "Vice"}),
    signer="Nguyễn Văn Mẫu",
    recipients=(
        {"vi": "UBND tỉnh (để báo cáo);", "en": "Provincial committee;"},
        {"vi": "Lưu: VT, VP.", "en": "Archive."},
    ),
)


def machines(rows: int) -> Table:
    """A table with so many rows; every third is marked."""
    cells = tuple(
        (f"MAY-{n:04d}", "Phòng Kinh tế, Hạ tầng và Đô thị", "Đạt" if n % 3 else "Không đạt", "1")
        for n in range(rows)
    )
    marks = tuple("good" if n % 3 else "bad" for n in range(rows))
    return Table("Các máy theo đơn vị", COLUMNS, cells, marks)


def document(
    lang: str = "vi", rows: int = 60, text: str = "Tường lửa bật trên 541 máy."
) -> Document:
    """Every kind of block, with an annex across and one upright."""
    body = " ".join([text] * 6)
    return Document(
        lang=lang,
        letterhead=HEAD,
        title="Báo cáo" if lang == "vi" else "Report",
        subject="Về kết quả rà soát máy tính và mạng nội bộ",
        number="",
        day="2026-02-05",
        blocks=(
            Heading(1, "I. Kết luận"),
            Paragraph(text, "lead"),
            Paragraph(body),
            Heading(2, "1. Theo đơn vị"),
            Items((text, body)),
            machines(8),
            Chart("Máy theo đơn vị", "Xã Mô Phỏng 41 máy, Văn phòng 7 máy", BARS, 40.0),
            Heading(3, "a) Nguồn"),
            Paragraph("Nguồn: báo cáo có chữ ký của tác tử.", "note"),
            Annex("Phụ lục I", "Danh sách máy", landscape=True),
            machines(rows),
            Annex("Phụ lục II", "Chú giải"),
            Paragraph(body),
        ),
        footer="Báo cáo office-baseline-20260205T010203Z · SHA-256 " + "ab" * 32,
        mark="DỮ LIỆU MÔ PHỎNG – các máy này không có thật",
    )


@pytest.fixture
def whole() -> Document:
    """The document in Vietnamese."""
    return document()


def with_everything(text: str) -> Document:
    """The document, ``text`` in every place that can hold one."""
    one = {"vi": text, "en": text}
    made = document()
    table = Table(text, tuple(Column(text) for _ in range(3)), ((text,) * 3,) * 2, ("bad", ""))
    chart = Chart(text, text, BARS, 40.0)
    blocks: list[Block] = [Heading(level, text) for level in (1, 2, 3)]
    blocks += [Paragraph(text, style) for style in ("body", "lead", "note")]
    blocks += [Items((text, text)), table, chart, Annex(text, text, landscape=True), table]
    head = Letterhead(one, one, text, one, one, one, (one, one), text, (one, one))
    return replace(
        made,
        letterhead=head,
        blocks=tuple(blocks),
        title=text,
        subject=text,
        number=text,
        footer=text,
        mark=text,
    )

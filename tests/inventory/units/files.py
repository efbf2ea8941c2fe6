"""A province with invented names, merged and divided as many were in July 2025."""

from __future__ import annotations

from pathlib import Path

#: The district ended and became two communes; one of them took in two communes of before.
PROVINCE = """\
units:
  - code: TQ
    kind: tỉnh
    name_vi: Tỉnh Trăng Quê
    name_en: Trang Que Province
    networks: [10.20.0.0/16, "2001:db8:20::/48"]
  - code: TQ-H1
    kind: district
    name_vi: Huyện Mây Ngàn
    parent: TQ
    valid_from: 2005-01-01
    valid_to: 2025-06-30
    networks: [10.20.0.0/20]
    successors: [TQ-X1, TQ-X2]
  - code: TQ-X8
    kind: xã
    name_vi: Xã Suối Đàn
    parent: TQ-H1
    valid_from: 2005-01-01
    valid_to: 2025-06-30
    networks: [10.20.1.0/24]
    successors: [TQ-X1]
  - code: TQ-X9
    kind: xã
    name_vi: Xã Đồi Sao
    parent: TQ-H1
    valid_from: 2005-01-01
    valid_to: 2025-06-30
    networks: [10.20.2.0/24]
    successors: [TQ-X1]
  - code: TQ-X1
    kind: commune
    name_vi: Xã Suối Sao
    parent: TQ
    valid_from: 2025-07-01
    networks: [10.20.1.0/24, 10.20.2.0/24]
  - code: TQ-X2
    kind: commune
    name_vi: Xã Mây Ngàn
    name_en: May Ngan Commune
    parent: TQ
    valid_from: 01/07/2025
    networks:
      - 10.20.3.0/24
      - network: "2001:db8:20:3::/64"
        valid_from: 2026-01-01
"""


def written(folder: Path, text: str, name: str = "units.yaml") -> Path:
    """A file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path

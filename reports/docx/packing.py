"""A Word file as bytes: the same document gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any


def packed(made: Any, day: str) -> bytes:
    """The file, every entry of its archive dated with the document's day (ISO)."""
    loose, tight = io.BytesIO(), io.BytesIO()
    made.save(loose)
    at = date.fromisoformat(day)
    with zipfile.ZipFile(loose) as old, zipfile.ZipFile(tight, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (at.year, at.month, at.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  #: the same on every system
            new.writestr(entry, old.read(name))
    return tight.getvalue()

"""Updates behind the last byte of a PDF: what stood before stays as it was, byte for byte.

pyHanko would also set the date of change in the metadata. It is left as it is: the metadata of a
report are part of what was issued, and PDF/A wants them to agree with each other.
"""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class Update(IncrementalPdfFileWriter):
    """One update of a PDF in memory."""

    def __init__(self, pdf: bytes) -> None:
        """Of this file, as it is."""
        super().__init__(BytesIO(pdf))

    def _update_meta(self) -> None:
        """Nothing: see above."""


class SameAgain(Update):
    """An update that gives the same bytes for the same file."""

    @classmethod
    def _handle_id(cls, prev: Any) -> ArrayObject:
        made: ArrayObject = super()._handle_id(prev)
        prev.stream.seek(0)
        again = hashlib.sha256(prev.stream.read()).digest()[:16]
        return ArrayObject([made[0], ByteStringObject(again)])

    def written(self) -> bytes:
        """The file with the update behind it."""
        out = BytesIO()
        self.write(out)
        return out.getvalue()

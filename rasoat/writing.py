"""Text for another program: on stdout, or in a file that is there whole or not at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def write_whole(text: str, out: Path | None) -> None:
    """Write ``text`` as UTF-8; a reader sees the old file or the new one, never a part.

    Raises:
        OSError: the folder cannot be written to.
    """
    encoded = text.encode("utf-8", "replace")
    if out is None:
        sys.stdout.buffer.write(encoded)
        return
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        part.write_bytes(encoded)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)

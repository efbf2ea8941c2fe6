"""Opening a PDF from anywhere: bounded, and a fault of any kind becomes one message."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils.decode_limits import DecodeLimits, StreamDecodeLimits
from pyhanko.pdf_utils.reader import PdfFileReader

from language.said import SaidError, said

MOST = 64 << 20  #: bytes of a file; a report of 568 machines has below one
_LIMITS = DecodeLimits(per_stream=StreamDecodeLimits(max_output_size=MOST))
MOST_REVISIONS = 64  #: each is compared with the one that was issued


class NotReadable(SaidError, ValueError):
    """No PDF, too large, encrypted or damaged; the message says which."""

    exit_code = 2


def content(file: Path) -> bytes:
    """The bytes of a file, if they are not too many.

    Raises:
        NotReadable: there are.
        OSError: it cannot be read.
    """
    with file.open("rb") as read:
        found = read.read(MOST + 1)
    if len(found) > MOST:
        raise NotReadable(said("over {most} MiB; no report of ours is that large", most=MOST >> 20))
    return found


def opened(pdf: bytes) -> PdfFileReader:
    """A reader of the PDF, with pyHanko's limits for what comes from anywhere.

    Raises:
        NotReadable: no PDF, or one that cannot be judged.
    """
    if b"%PDF-" not in pdf[:1024]:
        raise NotReadable(said("is no PDF"))
    with guarded():
        reader = PdfFileReader(BytesIO(pdf), decode_limits=_LIMITS)
        if reader.encrypted:
            raise NotReadable(said("is encrypted; take the encryption off where it was put on"))
        if reader.xrefs.total_revisions > MOST_REVISIONS:
            raise NotReadable(
                said(
                    "was changed over {most} times; that is not signing",
                    most=MOST_REVISIONS,
                )
            )
        _ = reader.root["/Pages"]["/Kids"]
        return reader


@contextmanager
def guarded() -> Iterator[None]:
    """What a parser stumbles over inside is a damaged file.

    Raises:
        NotReadable: it stumbled.
    """
    silenced()
    try:
        yield
    except NotReadable:
        raise
    except Exception as fault:
        told = str(fault).splitlines()[0][:200] if str(fault) else type(fault).__name__
        raise NotReadable(
            said("is damaged, or no PDF as the standard has it: {told}", told=told)
        ) from fault


def silenced() -> None:
    """What pyHanko tells a log stands in our verdict, in words for people."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).propagate = False
        logging.getLogger(name).addHandler(logging.NullHandler())

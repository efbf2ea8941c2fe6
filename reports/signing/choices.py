"""What may be chosen when a report is signed, apart from the large libraries that do it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from language.texts import marked

#: field → what a screen reader and a signing program call it
FIELDS = {
    "person": marked("Digital signature of the person who signs"),
    "agency": marked("Digital signature of the agency"),
}


@dataclass(frozen=True, slots=True)
class Token:
    """A key on a token. ``key``: its id, in hexadecimal: labels of key and certificate differ.

    ``name``: the token's label; empty where the module has one token alone.
    """

    module: Path
    key: str
    name: str = ""

"""What every command needs to know before it starts: which data folder, which language."""

from __future__ import annotations

import locale
import os
from dataclasses import dataclass
from pathlib import Path

DEFAULT_DATA = Path("rasoat-data")
DEFAULT_PORT = 8443
POLICY = "office-baseline"


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of one call of ``rasoat``."""

    data: Path
    lang: str


def default_lang() -> str:
    """``vi`` where the locale is Vietnamese, else ``en``; ``RASOAT_LANG`` decides when set."""
    named = os.environ.get("RASOAT_LANG") or locale.getlocale()[0] or ""
    return "vi" if named.casefold().startswith("vi") else "en"

"""The address at which agents reach this collector, kept in the data folder for later commands."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

from language.said import said
from rasoat.problems import Problem

FILE = "collector.json"


def remember(folder: Path, url: str) -> None:
    """Keep the address; written whole or not at all."""
    part = folder / f"{FILE}.part"
    part.write_text(json.dumps({"url": url}) + "\n", encoding="utf-8")
    part.replace(folder / FILE)


def known(folder: Path) -> str | None:
    """The address that was kept, or None."""
    try:
        found = json.loads((folder / FILE).read_text("utf-8"))["url"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return found if isinstance(found, str) else None


def remembered(folder: Path) -> str:
    """The address that was kept.

    Raises:
        Problem: none was; the message says how to name one.
    """
    found = known(folder)
    if found is None:
        raise Problem(
            said(
                "{folder}: the collector's address is not known yet; run rasoat serve "
                "once, or name it: --url https://NAME:8443",
                folder=folder,
            )
        )
    return found


def port_of(url: str | None, default: int) -> int:
    """The port of a kept address, or ``default``."""
    return (urlsplit(url).port if url else None) or default


def checked(url: str) -> str:
    """The address itself, if agents can use it.

    Raises:
        Problem: it is not https://NAME:PORT.
    """
    bare = url.rstrip("/")
    if not _usable(bare):
        raise Problem(
            said("{url}: not a collector's address; it looks like https://10.1.2.3:8443", url=url)
        )
    return bare


def _usable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port  # reading it checks it
    except ValueError:
        return False
    more = parts.path or parts.query or parts.fragment or parts.username
    return parts.scheme == "https" and bool(parts.hostname) and port != 0 and not more


def host_of(url: str) -> str:
    """The host of an address, for the collector's certificate."""
    return urlsplit(url).hostname or ""

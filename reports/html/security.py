"""The page's own style and script, and the policy that lets the browser run nothing else.

A machine's name is escaped wherever it stands; were that ever forgotten, the browser would still
refuse to run it: it is not the script whose hash the page names.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Page:
    """What stands in the page's head and at its end."""

    policy: Markup
    style: Markup
    script: Markup


@cache
def page() -> Page:
    """Both texts as they are installed, and the policy that names them."""
    style, script = _text("report.css"), _text("report.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return Page(Markup(policy), Markup(style), Markup(script))  # noqa: S704 - our own files


def _text(name: str) -> str:
    """With line ends as a browser reads them, which is what it hashes."""
    source = resources.files("reports.html") / "templates" / name
    return "\n".join(source.read_text("utf-8").splitlines())


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

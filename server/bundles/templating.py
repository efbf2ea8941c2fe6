"""The scripts and documents of a bundle, from the templates beside this file."""

from __future__ import annotations

import importlib.resources
from string import Template


def filled(name: str, **values: str) -> str:
    """The template with every ``$name`` in it replaced.

    Raises:
        KeyError: the template names something that was not given.
    """
    text = (importlib.resources.files("server.bundles") / "templates" / name).read_text("utf-8")
    return Template(text).substitute(values)


def dos(text: str) -> bytes:
    """A text as cmd.exe reads it: ASCII alone, CRLF at every line's end."""
    return text.replace("\n", "\r\n").encode("ascii")

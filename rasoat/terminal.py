"""What is shown at a terminal or in a log: tables, steps, and texts made harmless."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

LOG_WIDTH = 1000  #: characters: a log is searched, and a wrapped line is not found

_STYLES = {
    "met": "bold green",
    "pass": "green",
    "not_met": "bold red",
    "fail": "red",
    "error": "red",
    "quarantined": "bold red",
    "undecided": "bold yellow",
    "unknown": "yellow",
    "pending": "yellow",
    "managed": "green",
    "silent": "yellow",
    "no_agent": "yellow",
    "missing": "red",
    "unregistered": "yellow",
    "unknown_device": "red",
}


def harmless(text: str) -> str:
    """The text without control and direction marks: a PC's name cannot move the cursor.

    Line feeds stay; every other character of category Cc, Cf or Cs becomes U+FFFD.
    """
    return "".join(
        letter
        if letter == "\n" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}
        else "\ufffd"
        for letter in text
    )


def console(*, stderr: bool = False) -> Console:
    """A console on stdout or stderr as they are now; plain unwrapped text if not a terminal."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else LOG_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, soft_wrap=False)


def styled(text: str, word: str = "") -> Text:
    """Harmless text in the style of ``word`` (a result, a verdict, an agent's status)."""
    return Text(harmless(text), style=_STYLES.get(word or text, ""))


def table(heads: Sequence[str], rows: Iterable[Sequence[str | Text]]) -> Table:
    """A table that fits the terminal: long cells wrap, nothing is cut."""
    made = Table(show_edge=False, pad_edge=False, header_style="bold")
    for head in heads:
        made.add_column(head, overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else styled(cell) for cell in row))
    return made


@contextmanager
def step(words: str) -> Iterator[None]:
    """One long step on stderr: a spinner at a terminal, one line otherwise; says when it failed."""
    shown = console(stderr=True)
    try:
        if shown.is_terminal:
            with shown.status(words):
                yield
        else:
            yield
    except BaseException:
        shown.print(Text.assemble(("✗ ", "red"), words))
        raise
    shown.print(Text.assemble(("✓ ", "green"), words))


def print_json(value: Any) -> None:
    """A value for machines, alone on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

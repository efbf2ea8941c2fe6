"""What the server says to the agents' tests: asked in the same process, or over a pipe from 3.8.

Run as a program it answers questions, a line of JSON each, until its input ends.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from inventory import catalogue
from inventory.document import decode_report
from server import certificates


def report(document: str) -> Any:
    """The report as the server understands it; it raises where the server refuses it."""
    return msgspec.to_builtins(decode_report(document.encode("utf-8")))


def reasons() -> list[str]:
    """Why an agent may say that it does not know."""
    return list(catalogue.AGENT_REASONS)


def leaves() -> list[dict[str, Any]]:
    """Every fact that holds a value of its own: path, platforms and witness."""
    return [
        {"path": fact.path, "platforms": list(fact.platforms), "witness": fact.witness}
        for fact in catalogue.catalogue().leaves()
    ]


def certify(folder: str, names: list[str]) -> dict[str, str]:
    """Make a CA in a folder, and a collector's certificate for these names; where they lie."""
    certificates.ensure_authority(Path(folder))
    certificates.ensure_server(Path(folder), names)
    return {
        "ca": certificates.CA_FILE,
        "certificate": certificates.SERVER_FILE,
        "key": certificates.SERVER_KEY_FILE,
    }


QUESTIONS: dict[str, Callable[..., Any]] = {
    "report": report,
    "reasons": reasons,
    "leaves": leaves,
    "certify": certify,
}


def answers(lines: Iterable[str]) -> None:
    """Answer every line ``[question, argument, …]``: ``{"answer": …}``, or ``{"refused": why}``."""
    for line in lines:
        question, *arguments = json.loads(line)
        try:
            said = {"answer": QUESTIONS[question](*arguments)}
        except Exception as fault:  # noqa: BLE001 - told to who asked, and raised there
            said = {"refused": f"{type(fault).__name__}: {fault}"}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    answers(sys.stdin)

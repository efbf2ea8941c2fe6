"""The catalogue as people and machines read it: plain rows, and the page of all that is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inventory.catalogue import Catalogue, Fact, catalogue
from language.texts import LANGUAGES, marked, texts

_PLATFORM_NAMES = {"windows": "Windows", "linux": "Linux", "macos": "macOS"}


def rows(search: str = "") -> list[dict[str, Any]]:
    """Every fact as a plain row, or those with ``search`` in path or label (case ignored)."""
    wanted = search.casefold()
    return [
        _row(fact)
        for fact in catalogue().facts.values()
        if wanted in f"{fact.path} {fact.label_vi} {fact.label_en}".casefold()
    ]


def _row(fact: Fact) -> dict[str, Any]:
    return {
        "path": fact.path,
        "type": type_words(fact),
        "unit": fact.unit,
        "values": list(fact.values),
        "label": {"vi": fact.label_vi, "en": fact.label_en},
        "platforms": list(fact.platforms),
        "witness": fact.witness,
        "source": fact.source,
        "why": fact.why,
        "since": fact.since,
    }


def type_words(fact: Fact) -> str:
    """The type as a person reads it: ``list of ip``, ``choice``, ``integer``."""
    if fact.type == "list":
        return f"list of {fact.of or 'objects'}"
    return fact.type


def markdown(language: str = "en") -> str:
    """The page "what the agent reads and why", ``en`` or ``vi``, made from the catalogue alone."""
    return "\n".join(_page(catalogue(), language)) + "\n"


_HEAD = marked(
    """\
# What the agent reads, and why

<!-- Made by `make docs` from inventory/catalogue.yaml; do not edit. -->

This is the closed list of all that is collected: the server refuses a report with anything else.
Each section says its purpose, each fact where it comes from and on which systems; a fact with a
purpose of its own says it in brackets.

- **Never collected**: browser history, DNS cache, file names and contents, command lines,
  environment variables, Wi-Fi names and keys, what anybody types or sees. Accounts appear as
  counts and flags, without names; programs that listen by the name of their executable alone.
- **Only read**: the agent changes nothing on the machine but its own state folder, takes no
  instructions from the server and has no open port.
- **See it before it is sent**: `rasoat-agent show` prints every fact of this machine and sends
  nothing.
- A fact that could not be read is reported as unknown, with the reason; it is never guessed.

The facts of Linux are read on real machines in every test run, those of Windows by the real code
on Windows Pythons under Wine and on recorded machines. Those of macOS were written after Apple's
documents and are tested on authored recordings: no Mac has run them yet. Those of the network
scan (witness: scan) are what [`rasoat scan`](scan.md) sees; sightings are kept beside what an
agent signed, and rules do not read them yet."""
)
_ROW = marked("| fact | type | meaning | nghĩa | platforms | source |")


def _page(known: Catalogue, language: str) -> Iterator[str]:
    say = texts(language)
    yield say(_HEAD)
    for section in known.sections:
        yield from _section(section, known, language)


def _purpose(fact: Fact, language: str) -> str:
    return texts(language)(fact.why)


def _labels(fact: Fact, language: str) -> tuple[str, str]:
    """The label in the page's language, then in the other."""
    other = next(lang for lang in LANGUAGES if lang != language)
    return fact.label(language), fact.label(other)


def _section(section: Fact, known: Catalogue, language: str) -> Iterator[str]:
    say = texts(language)
    why, witness = say("Why"), say("Witness")
    yield ""
    yield f"## {section.path}: {' · '.join(_labels(section, language))}"
    yield ""
    yield f"{why}: {_purpose(section, language)}. {witness}: {section.witness}."
    yield ""
    yield say(_ROW)
    yield "|---|---|---|---|---|---|"
    for fact in known.facts.values():
        if fact.path.startswith(f"{section.path}."):
            yield _line(fact, section, language)


def _line(fact: Fact, section: Fact, language: str) -> str:
    words = type_words(fact)
    if fact.values:
        words += ": " + ", ".join(fact.values)
    if fact.unit:
        words += f" ({fact.unit})"
    meaning, other = _labels(fact, language)
    if fact.why != section.why:
        meaning += f" ({_purpose(fact, language)})"
    platforms = ", ".join(_PLATFORM_NAMES[name] for name in fact.platforms)
    cells = (f"`{fact.path}`", words, meaning, other, platforms, fact.source)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

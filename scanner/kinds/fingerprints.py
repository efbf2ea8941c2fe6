"""The fingerprints, read from their file once; matched by RE2, in time that grows with the text.

One pattern set a word of evidence answers in one pass which fingerprints a text fits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from scanner.evidence import WORDS

FILE = Path(__file__).with_name("fingerprints.yaml")
#: What is looked at besides the words of evidence.
OWN_WORDS: dict[str, str] = {
    "vendor": "who made the card, by the IEEE's registry",
    "name": "each name of the host",
    "os": "what an earlier reader said about the system",
    "product": "product and version behind a port",
    "mac": "random, where the address is made up by the host",
}
LONGEST = 300  #: characters of a text that are looked at


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells kinds apart: a text of ``what`` is ``like`` it, or ``ports`` are open."""

    id: str
    means: tuple[tuple[str, float], ...]  #: (kind, how much it says for it alone: 0 to 1)
    en: str
    vi: str
    what: tuple[str, ...] = ()
    like: str = ""
    ports: frozenset[int] = frozenset()
    without: frozenset[int] = frozenset()
    os: str = ""
    silences: frozenset[str] = frozenset()  #: families that speak of another host when it fits

    def weight(self, kind: str) -> float:
        """How much it says for ``kind``."""
        return dict(self.means).get(kind, 0.0)

    def fits_ports(self, found: frozenset[int]) -> bool:
        """Whether these open ports are what it is about."""
        return bool(self.ports) and self.ports <= found and not self.without & found


def document() -> dict[str, Any]:
    """The file as it stands, examples included."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: dict[str, Any] = yaml.load(FILE.read_bytes(), loader)  # noqa: S506 - safe loaders
    return loaded


@cache
def fingerprints() -> dict[str, Fingerprint]:
    """All of them by id, in the file's order."""
    found = map(read, document()["fingerprints"])
    return {one.id: one for one in found}


@cache
def labels() -> dict[str, dict[str, str]]:
    """kind → its name for people, in ``en`` and ``vi``."""
    found: dict[str, dict[str, str]] = document()["kinds"]
    return found


@cache
def against() -> dict[str, str]:
    """What stands before a reason that speaks for another kind, in ``en`` and ``vi``."""
    found: dict[str, str] = document()["against"]
    return found


def read(entry: dict[str, Any]) -> Fingerprint:
    """One entry of the file; a test holds every entry to the form that its head describes."""
    what = entry.get("what", ())
    return Fingerprint(
        entry["id"],
        tuple(sorted(entry["means"].items())),
        entry["en"],
        entry["vi"],
        (what,) if isinstance(what, str) else tuple(what),
        entry.get("like", ""),
        frozenset(entry.get("ports", ())),
        frozenset(entry.get("without", ())),
        entry.get("os", ""),
        frozenset(entry.get("silences", ())),
    )


class Matcher:
    """Which of some fingerprints a text fits."""

    def __init__(self, among: Iterable[Fingerprint]) -> None:
        import re2

        options = re2.Options()
        options.case_sensitive = False
        options.log_errors = False
        self._among = list(among)
        self._set = re2.Set.SearchSet(options)
        for one in self._among:
            self._set.Add(one.like)
        self._set.Compile()

    def fitting(self, text: str) -> list[Fingerprint]:
        """Those that ``text`` fits, in their order."""
        return [self._among[place] for place in sorted(self._set.Match(text[:LONGEST]) or ())]


@cache
def matcher(word: str) -> Matcher | None:
    """For texts of one word of evidence, or None where no fingerprint looks at them."""
    among = [one for one in fingerprints().values() if word in one.what]
    return Matcher(among) if among else None


def known_words() -> frozenset[str]:
    """Every word under which a fingerprint may look."""
    return frozenset((*WORDS, *OWN_WORDS))

"""What one answer told: names, ports, evidence. Readers of protocols make it, and never raise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from scanner.partial import Partial
from scanner.sighting import LONGEST_NAME, Name, Port, clean

MOST_OF_EACH = 48  #: names, ports and pieces of evidence that one technique keeps of a host
LONGEST_EVIDENCE = 300  #: characters of one piece; longer ones are cut
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Heard:
    """What was read of one host's answers; bounded, clean, without its address."""

    names: tuple[Name, ...] = ()
    ports: tuple[Port, ...] = ()
    os_guess: str = ""
    evidence: tuple[tuple[str, str], ...] = ()
    flags: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names or self.ports or self.os_guess or self.evidence or self.flags)

    def __add__(self, other: Heard) -> Heard:
        """Both, each thing once, no more than `MOST_OF_EACH`."""
        return Heard(
            _joined(self.names, other.names),
            _joined(self.ports, other.ports),
            self.os_guess or other.os_guess,
            _joined(self.evidence, other.evidence),
            _joined(self.flags, other.flags),
        )

    @property
    def size(self) -> int:
        """Characters of its texts: what it costs to remember."""
        texts = [one.name for one in self.names] + [text for _, text in self.evidence]
        return sum(map(len, texts)) + sum(len(port.banner) for port in self.ports)

    def partial(self, ip: str, method: str, at: float) -> Partial:
        """The same as one technique's word on ``ip``."""
        return Partial(
            ip,
            method,
            at,
            names=self.names,
            ports=self.ports,
            os_guess=self.os_guess,
            evidence=self.evidence,
            flags=self.flags,
        )


def evidence(*pairs: tuple[str, str | bytes]) -> tuple[tuple[str, str], ...]:
    """The pairs that have a text, cleaned; bytes are read as UTF-8, or else as Latin-1."""
    cleaned = ((what, clean(plain(text), LONGEST_EVIDENCE)) for what, text in pairs)
    return tuple(dict.fromkeys((what, text) for what, text in cleaned if text))[:MOST_OF_EACH]


def opened(
    number: int, service: str, product: str = "", version: str = "", banner: str = ""
) -> Port:
    """An open TCP port with what was learned there, cleaned."""
    return Port("tcp", number, "open", service, clean(product), clean(version), clean(banner))


def names(source: str, *words: str | bytes) -> tuple[Name, ...]:
    """The words that can be a host's name: no spaces, no path, not an address's own text."""
    cleaned = dict.fromkeys(clean(plain(word), LONGEST_NAME).rstrip(".") for word in words)
    return tuple(Name(word, source) for word in cleaned if _names_a_host(word))[:MOST_OF_EACH]


def plain(text: str | bytes) -> str:
    """Bytes from the network as text: UTF-8 where they are, else Latin-1, which always is."""
    if isinstance(text, str):
        return text
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _names_a_host(word: str) -> bool:
    if not word or word == "localhost" or word.startswith(("localhost.", "*")):
        return False
    if any(one in " /\\\"'<>&:;,@" for one in word):
        return False
    return not word.replace(".", "").isdigit()


def _joined(one: Iterable[_Item], other: Iterable[_Item]) -> tuple[_Item, ...]:
    return tuple(dict.fromkeys((*one, *other)))[:MOST_OF_EACH]

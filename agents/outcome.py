"""The central type of the agents: an answer is a value, or an honest reason why there is none."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable

#: Why a fact is unknown, the closed list that the catalogue shares.
REASONS = (
    "not_elevated",
    "not_supported",
    "timed_out",
    "not_found",
    "unreadable",
    "not_installed",
    "failed",
    "redacted",
)
DETAIL_LENGTH = 300  #: characters of a detail; the server takes 500


class Unknown(Exception):
    """There is no value, and this is why: a code of `REASONS` and a detail for people."""

    def __init__(self, reason: str, detail: str = "") -> None:
        if reason not in REASONS:
            raise ValueError("no such reason: " + reason)
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = printable(detail)[:DETAIL_LENGTH]

    def entry(self) -> dict[str, str]:
        """The form that stands in a report's table of unknowns."""
        return {"reason": self.reason, "detail": self.detail}


def attempt(question: Callable[..., Any], *arguments: Any) -> Any:
    """The value that ``question`` gives, or the `Unknown` it raised, as a value."""
    try:
        return question(*arguments)
    except Unknown as why:
        return why


def known(answer: Any) -> Any:
    """``answer`` itself; raises it where it is an `Unknown`."""
    if isinstance(answer, Unknown):
        raise answer
    return answer


def printable(text: str) -> str:
    """``text`` without lone surrogates and control characters."""
    if text.isprintable():
        return text
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(sign if sign.isprintable() else " " for sign in clean)


class Answers:
    """What a probe got, by name: each a value, or why there is none."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers

    def ask(self, name: str, question: Callable[..., Any], *arguments: Any) -> Any:
        """Keep under ``name`` what ``question`` answers, and return it; an `Unknown` as a value."""
        answer = attempt(question, *arguments)
        self._answers[name] = answer
        return answer

    def keep(self, name: str, answer: Any) -> None:
        """Keep a value that is already at hand."""
        self._answers[name] = answer

    def get(self, name: str) -> Any:
        """The value under ``name``; raises `Unknown` where there is none."""
        if name not in self._answers:
            raise Unknown("not_found", name + " was not asked for")
        return known(self._answers[name])

    def text(self, name: str) -> str:
        """The value under ``name`` as text, whatever its bytes are."""
        return decoded(self.get(name))

    def names(self) -> list[str]:
        """What was asked, in order."""
        return list(self._answers)


def decoded(raw: bytes) -> str:
    """Bytes as text; what is not UTF-8 becomes a replacement character, never an error."""
    return raw.decode("utf-8", "replace")


class Facts:
    """The facts of one section, or of one element of a list, and the reasons of those it lacks."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.unknown: dict[str, Unknown] = {}

    def put(self, path: str, question: Callable[..., Any], *arguments: Any) -> Any:
        """Set the fact at ``path``, dotted, to what ``question`` answers; returns the answer."""
        answer = attempt(question, *arguments)
        if isinstance(answer, Unknown):
            self.lack(path, answer)
        else:
            self.set(path, answer)
        return answer

    def set(self, path: str, value: Any) -> None:
        """Set the fact at ``path``."""
        branch = self.values
        words = path.split(".")
        for word in words[:-1]:
            branch = branch.setdefault(word, {})
        branch[words[-1]] = value

    def lack(self, path: str, why: Unknown) -> None:
        """Name the fact at ``path`` as unknown."""
        self.unknown[path] = why

    def rows(self, path: str, rows: Iterable[Facts]) -> None:
        """Set a list of objects; a fact that all of them lack for one reason is named once."""
        elements = list(rows)
        self.set(path, [row.values for row in elements])
        for name in sorted({name for row in elements for name in row.unknown}):
            whys = [row.unknown.get(name) for row in elements]
            if all(why is not None and why.reason == _first(whys).reason for why in whys):
                self.lack(path + "." + name, _first(whys))
                continue
            for index, why in enumerate(whys):
                if why is not None:
                    self.lack("%s[%d].%s" % (path, index, name), why)


def _first(whys: list[Unknown | None]) -> Unknown:
    for why in whys:
        if why is not None:
            return why
    raise LookupError("no reason among none")

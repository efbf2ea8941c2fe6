"""Reading the named fields of a mapping.

Unknown keys with a suggestion, missing keys, kinds of value.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from decimal import Decimal

from inventory.yaml_tree import Broken, Mapping, Node, Scalar, Sequence
from language.said import NOTHING, Said, said
from language.texts import LANGUAGES
from policies.problems import Problems, did_you_mean, meant
from policies.times import span_seconds
from policies.tree import Words

WHOLE = 100  #: percent
_NO_KEYS: dict[str, str] = {}
_LANGUAGES = dict.fromkeys(LANGUAGES, "the text in that language")
_KINDS = {
    Scalar: said("a plain value"),
    Mapping: said("a mapping"),
    Sequence: said("a list"),
}
_REFUSED = said("something refused above")


def kind_of(node: Node) -> Said:
    """What a person calls this node."""
    return _KINDS.get(type(node), _REFUSED)


class Fields:
    """The keys of one mapping, each taken by name; every complaint has the place of its key."""

    def __init__(
        self,
        node: Node,
        what: str,
        allowed: Table[str, str],
        problems: Problems,
        later: Table[str, str] = _NO_KEYS,
    ) -> None:
        """``allowed``: each key with one line about it; ``later``: words that may become keys."""
        self.problems = problems
        self.what = what
        self.place = node.place
        self.entries: dict[str, tuple[Scalar, Node]] = {}
        if isinstance(node, Mapping):
            self.entries = node.entries
            if self.entries.keys() - allowed.keys():
                self._refuse_keys(allowed, later)
        elif not isinstance(node, Broken):
            problems.add(
                node.place,
                said("{what} must be a mapping, not {kind}", what=what, kind=kind_of(node)),
            )

    def _refuse_keys(self, allowed: Table[str, str], later: Table[str, str]) -> None:
        """Say of each key that is not allowed what it may have been; the others are kept."""
        every, self.entries = self.entries, {}
        for word, entry in every.items():
            if word in allowed:
                self.entries[word] = entry
            elif word in later:
                message = said("{text} is {allowed}", text=word, allowed=later[word])
                self.problems.add(entry[0].place, message)
            else:
                self.problems.add(entry[0].place, _unknown_key(word, self.what, allowed))

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def node(self, key: str, *, required: bool = False) -> Node | None:
        """The value under ``key``; when it must be there and is not, a problem."""
        entry = self.entries.get(key)
        if entry is not None:
            return entry[1]
        if required:
            self.problems.add(self.place, said("{what} needs {key}", what=self.what, key=key))
        return None

    def text(self, key: str, *, required: bool = False) -> str | None:
        """A plain or quoted text that is not empty."""
        node = self.node(key, required=required)
        if isinstance(node, Scalar):
            if node.text and not node.text.isspace():
                return node.text
            self.problems.add(node.place, said("{key} is empty", key=key))
        elif node is not None and not isinstance(node, Broken):
            self.problems.add(
                node.place,
                said("{key} must be a text, not {kind}", key=key, kind=kind_of(node)),
            )
        return None

    def one_of(
        self, key: str, choices: tuple[str, ...], default: str, *, required: bool = False
    ) -> str:
        """One of a few words."""
        text = self.text(key, required=required)
        if text is None or text in choices:
            return text or default
        self.complain(
            key,
            said(
                "{text} is none of {choices}{hint}",
                text=text,
                choices=", ".join(choices),
                hint=did_you_mean(text, choices),
            ),
        )
        return default

    def span(self, key: str) -> int | None:
        """A span of time in seconds."""
        text = self.text(key)
        seconds = span_seconds(text) if text is not None else None
        if text is not None and not seconds:
            hint = meant(f"{text}d") if text.isdigit() and text != "0" else NOTHING
            self.complain(
                key,
                said(
                    "{text} is not a span of time; write one such as 7d, 12h{hint}",
                    text=text,
                    hint=hint,
                ),
            )
        return seconds or None

    def percent(self, key: str, default: Decimal) -> Decimal:
        """A percentage from 0 to 100."""
        text = self.text(key)
        if text is None:
            return default
        bare = text.removesuffix("%").strip()
        if bare.replace(".", "", 1).isascii() and bare.replace(".", "", 1).isdigit():
            value = Decimal(bare)
            if 0 < value <= WHOLE:
                return value
        self.complain(
            key,
            said(
                "{text} is not a percentage above 0 and up to 100; write one such as 95%", text=text
            ),
        )
        return default

    def words(self, key: str, *, required: bool = False) -> Words | None:
        """A text in both languages: ``{vi: …, en: …}``, or one text for both."""
        node = self.node(key, required=required)
        if isinstance(node, Scalar):
            text = self.text(key)
            return Words(text, text) if text else None
        if not isinstance(node, Mapping):
            if node is not None and not isinstance(node, Broken):
                self.problems.add(
                    node.place, said("{key} must be {{vi: …, en: …}} or a text", key=key)
                )
            return None
        inner = Fields(node, key, _LANGUAGES, self.problems)
        vi, en = inner.text("vi", required=True), inner.text("en", required=True)
        return Words(vi, en) if vi and en else None

    def items(self, key: str, *, required: bool = False) -> tuple[Node, ...]:
        """The items of a list."""
        node = self.node(key, required=required)
        if isinstance(node, Sequence):
            return node.items
        if node is not None and not isinstance(node, Broken):
            self.problems.add(
                node.place,
                said("{key} must be a list, not {kind}", key=key, kind=kind_of(node)),
            )
        return ()

    def complain(self, key: str, message: Said) -> None:
        """A problem at the value of ``key``."""
        self.problems.add(
            self.entries[key][1].place, said("{key}: {message}", key=key, message=message)
        )


def _unknown_key(key: str, what: str, allowed: Table[str, str]) -> Said:
    hint = did_you_mean(key, allowed) or said("; it takes {names}", names=", ".join(allowed))
    return said("{what} has no key {key}{hint}", what=what, key=key, hint=hint)

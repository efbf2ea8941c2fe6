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

    def __init__(self, node: Node, what: str, allowed: Table[str, str], problems: Problems) -> None:
        """``allowed`` maps each key to one line about it.

        ``later`` keys are told apart by that line.
        """
        self.problems = problems
        self.what = what
        self.place = node.place
        self.entries: dict[str, tuple[Scalar, Node]] = {}
        if not isinstance(node, Mapping):
            if not isinstance(node, Broken):
                problems.add(
                    node.place,
                    said("{what} must be a mapping, not {kind}", what=what, kind=kind_of(node)),
                )
            return
        for key, value in node.entries:
            if key.text not in allowed:
                problems.add(key.place, _unknown_key(key.text, what, allowed))
            elif allowed[key.text].startswith("not yet"):
                problems.add(
                    key.place, said("{text} is {allowed}", text=key.text, allowed=allowed[key.text])
                )
            else:
                self.entries[key.text] = (key, value)

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def node(self, key: str, *, required: bool = False) -> Node | None:
        """The value under ``key``; when it must be there and is not, a problem."""
        if key in self.entries:
            return self.entries[key][1]
        if required:
            self.problems.add(self.place, said("{what} needs {key}", what=self.what, key=key))
        return None

    def text(self, key: str, *, required: bool = False) -> str | None:
        """A plain or quoted text that is not empty."""
        node = self.node(key, required=required)
        if node is None or isinstance(node, Broken):
            return None
        if not isinstance(node, Scalar):
            self.problems.add(
                node.place,
                said("{key} must be a text, not {kind}", key=key, kind=kind_of(node)),
            )
            return None
        if not node.text.strip():
            self.problems.add(node.place, said("{key} is empty", key=key))
            return None
        return node.text

    def one_of(self, key: str, choices: tuple[str, ...], default: str) -> str:
        """One of a few words."""
        text = self.text(key)
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
    usable = [name for name, line in allowed.items() if not line.startswith("not yet")]
    hint = did_you_mean(key, usable) or said("; it takes {names}", names=", ".join(usable))
    return said("{what} has no key {key}{hint}", what=what, key=key, hint=hint)

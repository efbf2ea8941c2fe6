"""Compiles the catalogues of messages, and says which message has no Vietnamese text.

`make language` compiles `language/vi/*.po` into one binary catalogue, and `agents/vi.po` into the
agent's own; `make check` runs this with `--check`: every message in the code is translated, once,
with the same `{names}` (the agent's: the same `%s`, in the same order); none that the code no
longer has is left; and the compiled files are what they would be made now.
"""

from __future__ import annotations

import ast
import io
import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["RASOAT_LANG"] = "en"  # the help that is translated is the English one

from agents.cli import COMMANDS  # noqa: E402 - after the path
from inventory.catalogue import catalogue  # noqa: E402
from language.texts import sense  # noqa: E402
from rasoat.cli import cli  # noqa: E402
from rasoat.help import sentences  # noqa: E402

AGENT = ROOT / "agents"
CODE = ("scanner", "inventory", "policies", "reports", "server", "rasoat", "language")
#: functions whose first argument is a message: of `language`, and of Jinja's own tags
KEYWORDS = {
    "said": None,
    "say": None,
    "both": None,
    "marked": None,
    "sense": ((1, "c"), 2),
    "many": (1, 2),
    "plural": (1, 2),
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
}
OPTIONS = {"**.j2": {"newstyle_gettext": "true", "trimmed": "true"}}

Id = str | tuple[str, ...]
_VALUE = re.compile(r"%[-#0-9. ]*[a-zA-Z%]?")  #: of an agent's message


def calls(
    opened: BinaryIO, keywords: Collection[str], _tags: object, options: object
) -> Iterator[tuple[int, str, tuple[str | None, ...], list[str]]]:
    """What a Python file calls those functions with, as Babel asks for it.

    Babel's own reader goes by words and takes ``draft.said.get("kind")`` for a message as well.
    """
    for node in ast.walk(ast.parse(opened.read())):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in keywords:
                yield node.lineno, name, tuple(map(_text, node.args)), []


def _text(node: ast.expr) -> str | None:
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) else None


METHODS: list[Any] = [("**.py", calls), ("**.j2", "jinja2")]


def used() -> dict[Id, str]:
    """Every message in the code, and where it stands first."""
    found: dict[Id, str] = {}
    for part in CODE:
        rows = extract_from_dir(ROOT / part, METHODS, OPTIONS, KEYWORDS)
        for name, line, message, _comments, context in rows:
            key = message if isinstance(message, str) else tuple(message)
            if context and isinstance(key, str):
                key = sense(context, key)
            found.setdefault(key, f"{part}/{name}:{line}")
    for sentence in sentences(cli):  # help is written in decorators and docstrings
        found.setdefault(sentence, "the help of a command")
    known = catalogue()
    for fact in (*known.sections, *known.facts.values()):
        found.setdefault(fact.why, "the purpose of a fact")
    return {key: place for key, place in found.items() if has_words(key)}


def has_words(key: Id) -> bool:
    """Whether there is anything to translate: ``{place}: {message}`` has nothing."""
    text = key if isinstance(key, str) else "".join(key)
    return re.search(r"[^\W\d_]", re.sub(r"(?<!\{)\{\w+[^{}]*\}", "", text)) is not None


def used_by_agent() -> dict[Id, str]:
    """Every message of the agent, and where it stands first."""
    found: dict[Id, str] = {}
    for path in sorted(AGENT.rglob("*.py")):
        with path.open("rb") as opened:
            for line, _, (text, *_values), _ in calls(opened, {"said"}, None, None):
                if text is not None:
                    found.setdefault(text, f"{_place(path)}:{line}")
    for module, about, _ in COMMANDS.values():
        path = ROOT / (module.replace(".", "/") + ".py")
        found.setdefault(about, "agents/cli.py: COMMANDS")
        found.setdefault(
            ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "", f"{_place(path)}:1"
        )
    return {key: place for key, place in found.items() if has_words(_VALUE.sub("", str(key)))}


def _place(path: Path) -> str:
    return os.path.relpath(path, ROOT)


class Pair(NamedTuple):
    """Sources of translations, what is compiled of them, and the messages that they are for."""

    sources: Iterable[Path]
    target: Path
    used: Callable[[], dict[Id, str]]
    values: Callable[[str], object]  #: of a text: what must be the same in both languages


def translated(pair: Pair, problems: list[str]) -> dict[Id, tuple[Message, str]]:
    """Every translation, and the file it stands in."""
    found: dict[Id, tuple[Message, str]] = {}
    for file in sorted(pair.sources):
        try:
            with file.open("rb") as opened:
                known = read_po(opened, locale="vi", abort_invalid=True)
        except PoFileError as fault:
            problems.append(f"{_place(file)}: {fault}")
            continue
        for one in known:
            key = tuple(one.id) if isinstance(one.id, list | tuple) else one.id
            if not key:
                continue
            if one.context and isinstance(key, str):
                key = sense(one.context, key)
            place = f"{_place(file)}:{one.lineno}"
            if key in found and found[key][0].string != one.string:
                problems.append(f"{place}: {key!r} is another text in {found[key][1]}")
            problems += (f"{place}: {fault}" for fault in faults(one, pair.values))
            found[key] = (one, place)
    return found


def faults(one: Message, values: Callable[[str], object]) -> Iterator[str]:
    """What is wrong with one translation."""
    ids = [one.id] if isinstance(one.id, str) else list(one.id)
    strings = [one.string or ""] if isinstance(one.string, str | None) else list(one.string)
    if one.fuzzy:
        yield f"{ids[0]!r} is marked fuzzy; look at it and take the mark away"
    if not all(strings):
        yield f"{ids[0]!r} has no translation"
    elif values(strings[0]) != values(ids[-1]):
        yield f"{ids[0]!r}: the values are not those of the translation"


def names(text: str) -> set[str]:
    """The names of a text's values: of Python's braces and of Jinja's percent signs."""
    return set(re.findall(r"(?<!\{)\{(\w+)[^{}]*\}|%\((\w+)\)s", text))


def in_order(text: str) -> list[str]:
    """The values of an agent's text, ``%s`` and its kind, which go in by their order."""
    return _VALUE.findall(text)


def compiled(known: dict[Id, tuple[Message, str]]) -> bytes:
    """All translations as one binary catalogue; the same input gives the same bytes."""
    fixed = datetime(2026, 1, 1, tzinfo=UTC)
    all_of_them = Catalog(locale="vi", fuzzy=False, creation_date=fixed, revision_date=fixed)
    for key in sorted(known, key=str):
        one = known[key][0]
        all_of_them.add(one.id, one.string, context=one.context)
    made = io.BytesIO()
    write_mo(made, all_of_them)
    return made.getvalue()


PAIRS = (
    Pair(
        tuple((ROOT / "language" / "vi").glob("*.po")),
        ROOT / "language" / "vi" / "LC_MESSAGES" / "messages.mo",
        used,
        names,
    ),
    Pair((AGENT / "vi.po",), AGENT / "vi.mo", used_by_agent, in_order),
)


def done(pair: Pair, problems: list[str], *, check: bool) -> int:
    """Compile or check one catalogue; the number of its messages."""
    known = translated(pair, problems)
    wanted = pair.used()
    problems += (
        f"{place}: no Vietnamese for {key!r}" for key, place in wanted.items() if key not in known
    )
    problems += (
        f"{place}: {key!r} is not in the code any more"
        for key, (_, place) in known.items()
        if key not in wanted
    )
    made = compiled(known)
    if not check:
        pair.target.write_bytes(made)
    elif not pair.target.exists() or pair.target.read_bytes() != made:
        problems.append(f"{_place(pair.target)} is not what its sources say; run: make language")
    return len(wanted)


def main() -> int:
    """Compile or check; 1 when something is amiss, each thing on a line of its own."""
    problems: list[str] = []
    count = sum(done(pair, problems, check="--check" in sys.argv[1:]) for pair in PAIRS)
    print("\n".join(problems) if problems else f"{count} messages, all in Vietnamese too")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

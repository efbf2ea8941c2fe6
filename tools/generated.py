"""Writes the pages of docs/ that are made from the code; `--check` says which are out of date.

`make docs` writes, `make check` checks: a command or a fact cannot be forgotten in the docs.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["RASOAT_LANG"] = "en"  # whoever makes them, the pages are in English

import click  # noqa: E402 - after the path

from agents import cli as agent_cli  # noqa: E402
from inventory import describe, fact_types  # noqa: E402
from inventory.catalogue import Fact, catalogue  # noqa: E402
from language.texts import texts  # noqa: E402
from policies import operators  # noqa: E402
from rasoat.cli import cli  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WIDTH = 88  # columns, so that a page does not depend on the terminal it was made in

HEAD = """\
# Commands

<!-- Made by `make docs` from the commands themselves; do not edit. -->

Exit codes of every command: 0 done, and all is well; 1 done, and something fails or cannot be
decided; 2 bad usage or bad input, with file, line and column where there is one; 3 could not be
carried out. `--json` goes to stdout alone; progress and messages go to stderr.
"""


def commands_page() -> str:
    """`docs/commands.md`: the help of every command, as `--help` prints it."""
    parts = [HEAD, "## rasoat\n", helped(cli, None, "rasoat")]
    parts += list(subcommands(cli, None, "rasoat"))
    parts += agent_help()
    return "\n".join(parts)


def subcommands(group: click.Group, parent: click.Context | None, name: str) -> Iterator[str]:
    """The commands under a group, in the order the group lists them."""
    context = click.Context(group, parent=parent, info_name=name if parent is None else None)
    for child in group.list_commands(context):
        command = group.get_command(context, child)
        if command is None:
            message = f"{name} lists {child}, which is not there"
            raise LookupError(message)
        yield f"### {name} {child}\n"
        yield helped(command, context, child)
        if isinstance(command, click.Group):
            inner = click.Context(command, parent=context, info_name=child)
            yield from subcommands_within(command, inner, f"{name} {child}")


def subcommands_within(group: click.Group, context: click.Context, name: str) -> Iterator[str]:
    """The commands of a group that stands in a group."""
    for child in group.list_commands(context):
        command = group.get_command(context, child)
        if command is not None:
            yield f"#### {name} {child}\n"
            yield helped(command, context, child)


def helped(command: click.Command, parent: click.Context | None, name: str) -> str:
    """One command's help in a code block."""
    context = click.Context(
        command, parent=parent, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH
    )
    return fenced(command.get_help(context))


def agent_help() -> Iterator[str]:
    """What `rasoat-agent --help` prints, and the help of each of its commands."""
    yield "## rasoat-agent\n"
    yield fenced(printed("--help"))
    for name in agent_cli.COMMANDS:
        yield f"### rasoat-agent {name}\n"
        yield fenced(printed(name, "--help"))


def printed(*words: str) -> str:
    """What the agent's command line prints for these words."""
    with contextlib.redirect_stdout(io.StringIO()) as output:
        agent_cli.main(list(words))
    return output.getvalue()


OPERATORS_HEAD = """\
# Operators

<!-- Made by `make docs` from policies/operators.py; do not edit. -->

The words that may stand below a fact in [a rule](rules.md). A bare value means `is`.

| word | on facts of type | example | says | nói |
|---|---|---|---|---|
"""
OPERATORS_TAIL = """
Below a list stand `any`, `all`, `none` and `count` (`count: {at_least: 2}`; `count: {where: {…},
at_most: 0}` counts the elements that fit). A list of plain values also takes `contains` and
`subset_of`. `exists: true` and `exists: false` ask whether a fact is there at all. `not`, `all_of`
and `any_of` join conditions. `missing: pass`, `fail` or `unknown` says what absence means.
"""


def _meaning(word: operators.Operator, lang: str) -> str:
    return texts(lang)(word.words).format("…", "…")


def operators_page() -> str:
    """`docs/operators.md`: the table that the loader reads, as a table to read."""
    rows = (
        f"| `{word.name}` | {', '.join(sorted(word.fits))} | `{word.example}` "
        f"| {_meaning(word, 'en')} | {_meaning(word, 'vi')} |\n"
        for word in operators.OPERATORS.values()
    )
    return OPERATORS_HEAD + "".join(rows) + OPERATORS_TAIL


def fenced(text: str) -> str:
    """A code block; blank space at line ends is dropped."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "```text\n" + "\n".join(lines) + "\n```\n"


SHAPES_HEAD = '''"""The shape of every section, from the catalogue: what an agent may say at all.

Made by `make docs` from inventory/catalogue.yaml; do not edit. An object is a dict, a list has the
shape of its elements; a word is a type, one that begins with ``=`` the choices.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# fmt: off
'''


def shapes_module() -> str:
    """`agents/shapes.py`: of the catalogue, what agents need that do not have it."""
    known = catalogue()
    sections = [one for one in known.sections if one.witness == "agent" and one.name != "agent"]
    rows = "".join(f'    "{one.name}": {shape(one, 1)},\n' for one in sections)
    return (
        f"{SHAPES_HEAD}LONGEST = {fact_types.TEXT_LENGTH}  #: characters of one text\n"
        f"MOST_ELEMENTS = {fact_types.LIST_LENGTH}  #: of a list\n"
        f"MOST_PROGRAMS = {fact_types.SOFTWARE_LENGTH}  #: of the list of software\n"
        "PATTERNS = {\n"
        + "".join(f'    "{name}": r"{one}",\n' for name, one in fact_types.PATTERNS.items())
        + "}\nSHAPES: dict[str, Any] = {\n"
        + rows
        + "}\n"
    )


def shape(fact: Fact, depth: int) -> str:
    """One fact's shape as Python."""
    if fact.children:
        indent = "    " * depth
        inside = "".join(
            f'{indent}    "{child.name}": {shape(child, depth + 1)},\n'
            for child in catalogue().children(fact)
        )
        table = f"{{\n{inside}{indent}}}"
        return f"[{table}]" if fact.type == "list" else table
    if fact.type == "list":
        return f'["{fact.of or "text"}"]'
    word = "=" + "|".join(fact.values) if fact.type == "choice" else fact.type
    return f'"{word}"'


PAGES: dict[str, Callable[[], str]] = {
    "docs/commands.md": commands_page,
    "docs/facts.md": describe.markdown,
    "docs/vi/may-tram-doc-gi.md": lambda: describe.markdown("vi"),
    "docs/operators.md": operators_page,
    "agents/shapes.py": shapes_module,
}


def main() -> int:
    """Write the pages, or with ``--check`` compare: 0 the same, 1 a page is out of date."""
    stale = []
    for name, page in PAGES.items():
        path, text = ROOT / name, page()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv[1:]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"{name}: written")
    if stale and "--check" in sys.argv[1:]:
        print(f"out of date: {', '.join(stale)}; run `make docs`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

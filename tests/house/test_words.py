"""Laws over every text that people read: it stands in the catalogues, in both languages.

No pair of texts is made by hand in code, no Vietnamese word stands beside them, and every message
is written where `tools/catalogues.py` finds it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from language.texts import LANGUAGES
from tests.conftest import ROOT

SHOWING = frozenset({"print", "echo", "secho", "styled", "step", "table", "confirm", "prompt"})
WORD = re.compile("[^\\W\\d_]{3}")
Law = Callable[[ast.AST], Iterator[str]]

PARTS = ("inventory", "policies", "reports", "server", "rasoat", "scanner", "language")
SAYING = frozenset({"say", "many", "both", "marked", "sense"})  #: calls whose texts are messages
NAME = re.compile("Rà Soát")
LETTERS = re.compile(
    "[àáạảãâầấậẩẫăằắặẳẵèéẹẻẽêềếệểễìíịỉĩòóọỏõôồốộổỗơờớợởỡùúụủũưừứựửữỳýỵỷỹđ]", re.IGNORECASE
)

#: files that may have such a pair or ask which language it is, each with the reason
PAIRS = {
    "inventory/catalogue.py": "the catalogue's data carries its labels in both languages",
    "inventory/units/model.py": "a unit's names are data",
    "policies/tree.py": "a policy's texts are data",
    "scanner/kinds/classify.py": "a fingerprint's reasons are data, and scanner has no catalogue",
    "language/forms.py": "the one home of how each language writes numbers and days",
    "language/said.py": "English is its own key",
    "language/texts.py": "English is its own key",
    "reports/docx/blank.py": "names of languages, as Word has them",
    "reports/pdf/payload.py": "names of countries, as Typst has them",
    "reports/workbook/styles.py": "patterns of days, as Excel has them",
}
#: files that may have Vietnamese words outside the catalogues, each with the reason
VIETNAMESE = {
    "inventory/collation.py": "the alphabet",
    "inventory/folding.py": "the alphabet",
    "inventory/legacy_text.py": "the alphabet in old encodings",
    "inventory/describe.py": "the English page has a Vietnamese column",
    "inventory/identity/junk.py": "what offices write where there is no number",
    "inventory/register/*": "heads and words as offices write them, which are read",
    "inventory/units/from_sheets.py": "heads as offices write them, which are read",
    "language/forms.py": "a day as Decree 30/2020 has it",
    "rasoat/commands/attest.py": "an example of what to type",
    "rasoat/commands/changes.py": "an example of letters that match",
    "rasoat/commands/devices.py": "an example of letters that match",
    "rasoat/commands/register.py": "an example of what to type",
    "rasoat/commands/waive.py": "an example of what to type",
    "rasoat/simulated/*": "an invented office",
    "reports/yearly/document.py": "the decree's own number",
    "reports/office_file.py": "an example of a file that has both languages",
    "reports/yearly/systems_file.py": "an example of a file that has both languages",
}
#: files that may show words as they stand, each with the reason
UNSAID: dict[str, str] = {
    "rasoat/cli.py": "the program's own name before an error",
}


@cache
def sources() -> list[tuple[str, ast.Module]]:
    """Every Python file, by its path from the root."""
    files = sorted(path for part in PARTS for path in (ROOT / part).rglob("*.py"))
    return [(_named(path), ast.parse(path.read_text("utf-8"))) for path in files]


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def pairs(tree: ast.AST) -> Iterator[str]:
    """Texts in both languages beside each other, and questions which of them is wanted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            of = {
                key.value: value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            }
            if of.keys() >= {*LANGUAGES} and any(map(_has_text, map(of.__getitem__, LANGUAGES))):
                yield f"{node.lineno} a text in both languages"
        elif isinstance(node, ast.Compare) and any(
            isinstance(one, ast.Constant) and one.value in LANGUAGES
            for one in (node.left, *node.comparators)
        ):
            yield f"{node.lineno} asks which language it is"


def _has_text(value: ast.AST) -> bool:
    return any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in _of(value))


def _of(value: ast.AST) -> Iterator[ast.AST]:
    """All parts of a value, but the keys that it looks up."""
    yield value
    for part in ast.iter_child_nodes(value):
        if not (isinstance(value, ast.Subscript) and part is value.slice):
            yield from _of(part)


def vietnamese(tree: ast.AST) -> Iterator[str]:
    """Vietnamese words in the code's texts; the product's name, and docstrings, aside."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if id(node) not in docs and LETTERS.search(NAME.sub("", node.value)):
            yield f"{node.lineno} {node.value[:40]!r}"


def unfound(tree: ast.AST) -> Iterator[str]:
    """Messages where Babel does not find them: in an f-string, made of one, or said at once."""
    inside = {
        id(call)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        said = _called(node.func)
        at_once = isinstance(node.func, ast.Call) and _called(node.func.func) == "texts"
        if said not in SAYING and not at_once:
            continue
        fixed = isinstance(node.args[-1 if said == "sense" else 0], ast.Constant)
        if isinstance(node.args[0], ast.JoinedStr) or (fixed and (at_once or id(node) in inside)):
            yield f"{node.lineno} {ast.unparse(node)[:60]}"


def _called(function: ast.expr) -> str:
    return getattr(function, "id", "") or getattr(function, "attr", "")


def unsaid(tree: ast.AST) -> Iterator[str]:
    """Words that are shown on a screen as they stand in the code."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        if _called(node.func) in SHOWING and any(map(WORD.search, _literals(node.args[0]))):
            yield f"{node.lineno} {ast.unparse(node)[:60]}"


def _literals(shown: ast.AST) -> Iterator[str]:
    """The code's own texts in what is shown; what a call makes of them is its own affair."""
    if isinstance(shown, ast.Constant) and isinstance(shown.value, str):
        yield shown.value
    elif isinstance(shown, ast.JoinedStr | ast.IfExp | ast.Tuple | ast.List | ast.BinOp):
        for part in ast.iter_child_nodes(shown):
            yield from _literals(part)


LAWS: tuple[tuple[Law, dict[str, str]], ...] = (
    (pairs, PAIRS),
    (vietnamese, VIETNAMESE),
    (unfound, {}),
)


@pytest.mark.parametrize(("law", "homes"), LAWS, ids=[law.__name__ for law, _ in LAWS])
def test_every_text_is_a_message(law, homes):
    files = sources()
    assert len(files) > 300, "the parts are not where this test looks"
    broken = {name: found for name, tree in files if (found := list(law(tree)))}
    excused = {name: home for name in broken for home in homes if fnmatch(name, home)}
    assert {name: found for name, found in broken.items() if name not in excused} == {}
    assert set(excused.values()) == set(homes), "an exception that nothing needs any more"


@pytest.mark.parametrize(
    ("law", "code"),
    [
        (pairs, 'W = {"vi": "máy", "en": "machine"}'),
        (pairs, 'W = {"en": {"a": ("x",)}, "vi": {"a": ("y",)}}'),
        (pairs, 'W = {"vi": f"{n} x", "en": f"{n} y"}'),
        (pairs, 'x = "a" if lang == "vi" else "b"'),
        (pairs, 'x = names[lang == "en"]'),
        (vietnamese, 'x = pick(("off", "tắt"), lang)'),
        (vietnamese, 'def f():\n    "doc"\n    return f"không {x}"'),
        (unfound, "x = f\"{say('Machine')}: {n}\""),
        (unfound, 'x = say(f"{n} machines")'),
        (unfound, 'x = texts(lang)("Machine")'),
        (unfound, "x = f\"{say.many('one', 'more', 2)}\""),
    ],
)
def test_a_text_that_is_none_is_found(law, code):
    assert list(law(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        '"""Máy"""\nx = {"vi": one.vi, "en": one.en}',
        'x = {"vi": found["name_vi"], "en": found["name_en"]}',
        'WIDTH = {"vi": 56.0, "en": 73.0}',
        'x = say("Machine", n=say(WORDS[one]))\ny = f"{say(WORDS[one])}: {n}"',
        'x = texts(lang)(WORDS[one])\ny = both(sense("a unit", "ended"))',
        'x = "Rà Soát"',
        'print(styled(say("Machine")))\nprint(f"{a}: {b}")\nprint(word("Machine"))',
    ],
)
def test_what_is_no_hand_made_pair_is_left_alone(code):
    tree = ast.parse(code)
    assert [*pairs(tree), *vietnamese(tree), *unfound(tree), *unsaid(tree)] == []

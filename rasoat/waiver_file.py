"""Waivers from a YAML file: ``waivers:`` and under it a list; every problem, each at its place."""

from __future__ import annotations

from pathlib import Path

from inventory.yaml_tree import Broken, Scalar, read_tree
from language.said import said
from policies.fields import Fields
from policies.problems import PolicyRefused, Problems
from rasoat.waiving import Wish

_A_WAIVER = said("a waiver")
_FILE = {"waivers": "the list of exceptions"}
_KEYS = {
    "rule": "the rule's id",
    "device": "the device's id",
    "unit": "the code of a unit, in place of a device",
    "all": "yes: for every machine, in place of a device",
    "reason": "why; it stands in every report",
    "approved_by": "who approved it",
    "from": "the first day (left out: the day of the import)",
    "expires": "the last day, at most 366 days after the first",
}


def read(path: Path) -> list[Wish]:
    """What the file asks for.

    Raises:
        PolicyRefused: the file is wrong; every place is named.
        OSError: it cannot be read.
    """
    problems = Problems(str(path))
    tree = read_tree(path.read_bytes(), problems)
    wishes: list[Wish] = []
    if not isinstance(tree, Broken):
        fields = Fields(tree, said("the file"), _FILE, problems)
        for node in fields.items("waivers", required=True):
            wish = _wish(Fields(node, _A_WAIVER, _KEYS, problems), problems)
            if wish is not None:
                wishes.append(wish)
    elif not problems.found:
        problems.add(tree.place, said("the file is empty; write “waivers:” and under it a list"))
    if problems.found:
        raise PolicyRefused(problems.found)
    return wishes


def _wish(fields: Fields, problems: Problems) -> Wish | None:
    if not fields.entries:
        return None
    texts = {
        name: fields.text(name, required=True)
        for name in ("rule", "reason", "approved_by", "expires")
    }
    named = [name for name in ("device", "unit", "all") if name in fields]
    if len(named) != 1:
        problems.add(fields.place, said("a waiver needs one of device, unit, all"))
        return None
    scope = {"device": "device", "unit": "unit", "all": "rule"}[named[0]]
    subject = fields.text(named[0])
    if scope == "rule" and not _yes(fields):
        fields.complain("all", said("write yes, or name a device or a unit"))
    if None in texts.values() or subject is None:
        return None
    line, column = fields.place
    return Wish(
        rule=texts["rule"] or "",
        scope=scope,
        subject="" if scope == "rule" else subject,
        why=texts["reason"] or "",
        approved_by=texts["approved_by"] or "",
        until=texts["expires"] or "",
        starts=fields.text("from") or "",
        place=f"{problems.file}:{line}:{column}: ",
    )


def _yes(fields: Fields) -> bool:
    node = fields.node("all")
    return isinstance(node, Scalar) and node.text.casefold() in {"yes", "true"}

"""A policy that extends another: the parent's rules, with what the child says of them instead.

Done on the tree before anything is read, so that a mistake of the child keeps its place. Inherited
examples are left with the parent: they were written for its thresholds.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass
from pathlib import Path

from inventory.yaml_tree import Broken, Mapping, Node, Scalar, Sequence, read_tree
from language.said import NOTHING, said
from language.system import reason
from policies.problems import Problem, Problems, did_you_mean

MAX_DEPTH = 4  #: policies in one line of descent
_PARENT = ("policy", "version")


@dataclass(frozen=True, slots=True)
class Heritage:
    """The merged tree; where its parent lies; which rules came unchanged, which are off and why."""

    tree: Node
    parent: str = ""
    raw: bytes = b""
    inherited: frozenset[str] = frozenset()
    off: Table[str, tuple[Scalar, str]] | None = None


def merged(
    tree: Node, problems: Problems, known: Table[str, Path], chain: tuple[str, ...] = ()
) -> Heritage:
    """The tree with all that it inherits; problems are noted at the child's place."""
    node = tree.get("extends") if isinstance(tree, Mapping) else None
    if node is None or not isinstance(tree, Mapping):
        return Heritage(tree)
    found = _parent(node, problems, known, chain)
    if found is None:
        return Heritage(tree)
    file, raw, version = found
    base = Problems(str(file))
    above = merged(read_tree(raw, base), base, known, (*chain, _key(problems.file)))
    if base.found or not isinstance(above.tree, Mapping):
        _refused(problems, node, base.found, file)
        return Heritage(tree)
    if version and _text(above.tree.get("version")) != version.text:
        have = _text(above.tree.get("version"))
        problems.add(
            version.place,
            said(
                "extends version {text}, and {name} is {have}",
                text=version.text,
                name=file.name,
                have=have,
            ),
        )
    off = _off(tree, problems)
    rules, inherited = _rules(tree, above.tree, off, problems)
    entries = {word: above.tree.entries[word] for word in ("vars",) if word in above.tree.entries}
    entries |= tree.entries
    if "vars" in entries:
        key, own = entries["vars"]
        entries["vars"] = (key, _both(above.tree.get("vars"), own))
    at = entries["rules"][0] if "rules" in entries else Scalar(tree.mark, "rules", quoted=False)
    entries["rules"] = (at, Sequence(at.mark, rules))
    return Heritage(Mapping(tree.mark, entries), str(file), raw, inherited, off)


def parent_of(raw: bytes, file: str, known: Table[str, Path]) -> Path | None:
    """The file that a policy extends, be it there or not; None where it extends none."""
    tree = read_tree(raw, Problems(file))
    node = tree.get("extends") if isinstance(tree, Mapping) else None
    name = node.get("policy") if isinstance(node, Mapping) else node
    return _file(name.text, file, known) if isinstance(name, Scalar) else None


def _file(name: str, child: str, known: Table[str, Path]) -> Path:
    return known.get(name, Path(child).parent / name)


def _key(file: str) -> str:
    return str(Path(file).resolve()) if Path(file).exists() else file


def _parent(
    node: Node, problems: Problems, known: Table[str, Path], chain: tuple[str, ...]
) -> tuple[Path, bytes, Scalar | None] | None:
    """The parent's file and content, and the version that the child wants of it."""
    name: Node | None = node
    version: Node | None = None
    if isinstance(node, Mapping):
        wrong = [key for key, _ in node.entries.values() if key.text not in _PARENT]
        for key in wrong:
            problems.add(
                key.place, said("extends has no {text}; it takes policy, version", text=key.text)
            )
        name, version = node.get("policy"), node.get("version")
    if not isinstance(name, Scalar):
        problems.add(
            node.place, said("extends names one policy: a shipped one, or a file beside this")
        )
        return None
    file = _file(name.text, problems.file, known)
    if _key(str(file)) in (*chain, _key(problems.file)):
        problems.add(name.place, said("{text} extends this policy: a circle", text=name.text))
        return None
    if len(chain) >= MAX_DEPTH:
        problems.add(
            name.place,
            said("more than {most} policies extend one another", most=MAX_DEPTH),
        )
        return None
    try:
        raw = file.read_bytes()
    except OSError as fault:
        hint = did_you_mean(name.text, known) or said(
            "; shipped policies: {names}", names=", ".join(known)
        )
        problems.add(
            name.place,
            said(
                "{text}: {why}{hint}",
                text=name.text,
                why=reason(fault),
                hint=hint,
            ),
        )
        return None
    return file, raw, version if isinstance(version, Scalar) else None


def _refused(problems: Problems, node: Node, wrong: list[Problem], file: Path) -> None:
    first = said(": {problem}", problem=wrong[0].__str__()) if wrong else NOTHING
    problems.add(
        node.place,
        said(
            "the policy that it extends is wrong itself ({name}){first}",
            name=file.name,
            first=first,
        ),
    )


def _off(tree: Mapping, problems: Problems) -> dict[str, tuple[Scalar, str]]:
    """Rule → where it is switched off, and why."""
    node = tree.get("off")
    if node is None or isinstance(node, Broken):
        return {}
    if not isinstance(node, Mapping):
        problems.add(node.place, said("off is a mapping of rules to reasons: {NET-009: why}"))
        return {}
    found = {}
    for key, value in node.entries.values():
        why = value.text if isinstance(value, Scalar) else ""
        if not why.strip():
            problems.add(value.place, said("off: say why {text} is not asked here", text=key.text))
        found[key.text] = (key, why)
    return found


def _rules(
    child: Mapping, parent: Mapping, off: Table[str, tuple[Scalar, str]], problems: Problems
) -> tuple[tuple[Node, ...], frozenset[str]]:
    """The parent's rules in its order, changed as the child says, then the child's own."""
    above = {_text(_of(node, "id")): node for node in _items(parent.get("rules"))}
    own = {_text(_of(node, "id")): node for node in _items(child.get("rules"))}
    for name, (key, _) in off.items():
        if name not in above:
            hint = did_you_mean(name, above)
            problems.add(
                key.place,
                said(
                    "off: the policy that it extends has no rule {name}{hint}", name=name, hint=hint
                ),
            )
    kept = {name: node for name, node in above.items() if name not in off}
    made = [_over(node, own.get(name)) for name, node in kept.items()]
    made += [node for node in _items(child.get("rules")) if _text(_of(node, "id")) not in above]
    return tuple(made), frozenset(kept.keys() - own.keys())


def _over(parent: Node, child: Node | None) -> Node:
    """A rule of the parent with the child's keys in place of its own; without its examples."""
    if not isinstance(parent, Mapping):
        return parent
    entries = {word: entry for word, entry in parent.entries.items() if word != "tests"}
    if not isinstance(child, Mapping):
        return Mapping(parent.mark, entries)
    return Mapping(child.mark, entries | child.entries)


def _both(parent: Node | None, child: Node) -> Node:
    """The variables of both, the child's where both have one."""
    if not isinstance(parent, Mapping) or not isinstance(child, Mapping):
        return child
    return Mapping(child.mark, parent.entries | child.entries)


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def _of(node: Node, key: str) -> Node | None:
    return node.get(key) if isinstance(node, Mapping) else None


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""

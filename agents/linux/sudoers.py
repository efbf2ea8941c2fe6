"""Who may do what with sudo, counted: rules, and users and groups with full rights (sudoers(5)).

No name leaves this module. Part of the accounts section.
"""

from __future__ import annotations

import re

from agents.outcome import Answers, Facts, Unknown, attempt, decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator

    from agents.machine import Machine

_SUDOERS = "/etc/sudoers"
_DEPTH = 16  #: files within files
_FILES = 256  #: files altogether
_INCLUDE = re.compile(r"^[#@](include|includedir)\s+\"?([^\"\s]+)\"?\s*$")
_ALIAS = re.compile(r"^(User|Runas|Host|Cmnd|Cmd)_Alias\s")
_TAG = re.compile(r"^(?:[A-Z_]+:\s*)+")
_RUNAS = re.compile(r"^\([^)]*\)\s*")
_EVERYTHING = "ALL"
_COMMENT = re.compile(r"#(?![0-9]).*")  #: "#1000" is a user by number


def ask(machine: Machine, answers: Answers) -> None:
    """Ask for /etc/sudoers with the files it includes where they stand."""
    answers.ask("sudo there", machine.exists, _SUDOERS)
    answers.ask("sudoers", lambda: "\n".join(_lines(machine, _SUDOERS, [0, 0])))


def _lines(machine: Machine, path: str, seen: list[int]) -> Iterator[str]:
    """``seen`` counts the depth and the files."""
    seen[1] += 1
    if seen[0] > _DEPTH or seen[1] > _FILES:
        raise Unknown("unreadable", "sudoers includes too many files")
    text = decoded(machine.read_file(path)).replace("\\\n", " ")
    for row in text.splitlines():
        found = _INCLUDE.match(row.strip())
        if found is None:
            yield row
            continue
        for one in _included(machine, found.group(1), found.group(2)):
            yield from _lines(machine, one, [seen[0] + 1, seen[1]])


def _included(machine: Machine, kind: str, path: str) -> list[str]:
    """The files; of a folder those without a dot or a tilde at the end, as sudo takes them."""
    path = path if path.startswith("/") else "/etc/" + path
    if kind == "include":
        return [path]
    names = attempt(machine.list_dir, path)
    if isinstance(names, Unknown):
        if names.reason != "not_found":
            raise names
        return []
    return [path + "/" + name for name in names if "." not in name and not name.endswith("~")]


def put(facts: Facts, answers: Answers) -> None:
    """Set the facts of accounts that tell of sudo."""
    facts.put("sudo_rules", lambda: len(_rules(answers)))
    facts.put("sudo_full_rights", lambda: len(_full_rights(answers)))
    facts.put("passwordless_sudo", _passwordless, answers)


def _rows(answers: Answers) -> list[str]:
    """The lines that say something."""
    if not answers.get("sudo there"):
        return []
    rows = (_COMMENT.sub("", row).strip() for row in answers.get("sudoers").splitlines())
    return [row for row in rows if row]


def _rules(answers: Answers) -> list[tuple[str, str]]:
    """Users and what they may, of each user specification."""
    found = []
    for row in _rows(answers):
        if not row.startswith("Defaults") and not _ALIAS.match(row):
            left, equals, right = row.partition("=")
            names = left.rpartition(" ")[0] or left.rpartition("\t")[0]
            if not equals or not names:
                raise Unknown("unreadable", "a line of sudoers that is no rule")
            found.append((_users(left), right))
    return found


def _users(left: str) -> str:
    """The users before the host: a list whose commas may have blanks beside them."""
    return re.sub(r"\s*,\s*", ",", left.strip()).rpartition(" ")[0].strip()


def _aliases(answers: Answers, kind: str) -> dict[str, list[str]]:
    """The members of each alias of a kind; one line may define several, parted by colons."""
    found: dict[str, list[str]] = {}
    for row in _rows(answers):
        if row.startswith(kind):
            for definition in row[len(kind) :].split(":"):
                name, _, members = definition.partition("=")
                found[name.strip()] = [one.strip() for one in members.split(",") if one.strip()]
    return found


def _expanded(names: list[str], aliases: dict[str, list[str]], depth: int = 0) -> set[str]:
    found: set[str] = set()
    for name in names:
        if name in aliases and depth < _DEPTH:
            found |= _expanded(aliases[name], aliases, depth + 1)
        elif name and not name.startswith("!"):
            found.add(name)
    return found


def _full_rights(answers: Answers) -> set[str]:
    people = _aliases(answers, "User_Alias")
    commands = {**_aliases(answers, "Cmnd_Alias"), **_aliases(answers, "Cmd_Alias")}
    found: set[str] = set()
    for users, allowed in _rules(answers):
        if _EVERYTHING in _expanded(_commands(allowed), commands):
            found |= _expanded(users.split(","), people)
    return found - {"root", "#0"}


def _commands(allowed: str) -> list[str]:
    """The commands of a rule, without whom they run as and without tags."""
    return [_TAG.sub("", _RUNAS.sub("", one.strip())).strip() for one in allowed.split(",")]


def _passwordless(answers: Answers) -> bool:
    """A rule with NOPASSWD, or no password for anybody."""
    if any("NOPASSWD" in allowed for _, allowed in _rules(answers)):
        return True
    defaults = (row for row in _rows(answers) if row.startswith("Defaults"))
    return any("!authenticate" in row for row in defaults)

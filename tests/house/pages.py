"""The docs as tests read them: the commands of a page, what they should say, how they should end.

A ```console block holds commands (``$ rasoat …``) and some of the lines they print. A line shown
must come in the output, in that order; ``…`` stands for any text; ``[exit 1]`` on a line of its own
is the exit code (``[exit 0 or 1]`` where it is the machine's verdict), 0 where none is shown.
``$ cat > FILE`` takes the lines up to the next ``$`` as the file's text. ``&`` at the end leaves a
command running until the page ends. In a command ``d-…`` is the last device's id that was
printed, ``…`` alone the last agent's, ``https://127.0.0.1:…`` the collector's address.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

PROGRAMS = ("rasoat", "rasoat-agent")
BLOCK = re.compile(r"(?ms)^```(\w*)\n(.*?)^```$")
EXIT = re.compile(r"\[exit (\d)(?: or (\d))?\]")
IDS = {
    "d-…": re.compile(r"\bd-[a-z2-7]{12}\b"),
    "…": re.compile(r"\b[a-z2-7]{26}\b"),
    "https://127.0.0.1:…": re.compile(r"https://127\.0\.0\.1:[0-9]+"),
}


@dataclass
class Step:
    """One command of a page."""

    line: str
    says: list[str] = field(default_factory=list)
    codes: tuple[int, ...] = (0,)

    @property
    def writes(self) -> str | None:
        """The file that the step writes, for ``cat > FILE``."""
        words = shlex.split(self.line)
        return words[2] if words[:2] == ["cat", ">"] else None

    @property
    def words(self) -> list[str]:
        """The command's words, without a trailing ``&``."""
        return shlex.split(self.line.removesuffix("&"))

    @property
    def stays(self) -> bool:
        """Whether it runs on until the page ends."""
        return self.line.rstrip().endswith("&")


def steps(page: Path) -> list[Step]:
    """Every command of a page, in order; ValueError names a line that cannot be run."""
    found: list[Step] = []
    for block in BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block[1] == "console":
            found += block_steps(block[2])
    for step in found:
        if step.writes is None and step.words[0] not in PROGRAMS:
            raise ValueError(f"{page.name}: `{step.line}` is not a command of ours")
    return found


def block_steps(text: str) -> list[Step]:
    """The commands of one block."""
    found: list[Step] = []
    for line in text.splitlines():
        code = EXIT.fullmatch(line.strip())
        if line.startswith("$ "):
            found.append(Step(line[2:].strip()))
        elif not found:
            raise ValueError(f"`{line}` stands before any command")
        elif code:
            found[-1].codes = tuple(int(one) for one in code.groups() if one)
        else:
            found[-1].says.append(line)
    return found


def completed(word: str, output: str) -> str:
    """The word of a command, an id that the page leaves open taken from what was printed last."""
    if word not in IDS:
        return word
    found = IDS[word].findall(output)
    if not found:
        raise ValueError(f"no id for {word} was printed before")
    return str(found[-1])


def loose_commands(page: Path) -> list[str]:
    """Commands of ours that stand in a block that nobody runs."""
    return [
        line
        for block in BLOCK.finditer(page.read_text(encoding="utf-8"))
        if block[1] in {"", "sh", "shell", "bash"}
        for line in block[2].splitlines()
        if line.removeprefix("$ ").split(" ")[0] in PROGRAMS
    ]


def unsaid(says: list[str], output: str) -> str | None:
    """The first line shown that the output does not hold after the one before it, or None."""
    at = 0
    flat = " ".join(output.split())
    for line in filter(str.strip, says):
        pieces = [re.escape(" ".join(piece.split())) for piece in line.split("…")]
        match = re.compile(" ?.*? ?".join(pieces)).search(flat, at)
        if match is None:
            return line
        at = match.end()
    return None

"""What is wrong in a policy file: every problem with its place, all of them at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from language.said import NOTHING, Said, SaidError, joined, said


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong (or doubtful) at one place of a policy file; line and column count from 1."""

    file: str
    line: int
    column: int
    rule: str | None
    message: Said

    def __str__(self) -> Said:
        place = f"{self.file}:{self.line}:{self.column}"
        if not self.rule:
            return said("{place}: {message}", place=place, message=self.message)
        return said(
            "{place}: rule {rule}: {message}", place=place, rule=self.rule, message=self.message
        )


class PolicyError(SaidError):
    """Anything that keeps a policy from being used; the message says what to do."""

    exit_code = 2


class PolicyRefused(PolicyError):
    """The policy file is wrong; ``problems`` names every place, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda one: (one.line, one.column))
        super().__init__(joined("\n", (one.__str__() for one in self.problems)))


class PolicyNotFound(PolicyError):
    """Neither a readable file nor the name of a shipped policy."""


class Problems:
    """Collects the problems of one file while it is read; ``rule`` is the rule being read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.rule: str | None = None
        self.found: list[Problem] = []

    def add(self, place: tuple[int, int], message: Said) -> None:
        """Note one problem at ``place`` (line, column, from 1)."""
        problem = Problem(self.file, place[0], place[1], self.rule, message)
        if problem not in self.found:
            self.found.append(problem)


def did_you_mean(word: str, known: Iterable[str]) -> Said:
    """``; did you mean …?`` with the nearest known word, or nothing when none is near."""
    choices = list(known)
    folded = {choice.casefold(): choice for choice in reversed(choices)}
    near = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    return meant(folded[near[0]]) if near else NOTHING


def meant(word: str) -> Said:
    """The same where it is certain what was meant."""
    return said("; did you mean {word}?", word=word)

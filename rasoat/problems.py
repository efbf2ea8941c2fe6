"""Errors as a person at the terminal meets them: one message, and the exit code of DESIGN §9."""

from __future__ import annotations

from language.said import Said, SaidError, said, spoken, verbatim
from language.system import reason

BAD_INPUT = 2
NOT_CARRIED_OUT = 3


class Problem(SaidError):
    """The command line's own refusals: what, where, and what to do."""

    exit_code = BAD_INPUT


class NotCarriedOut(Problem):
    """The input was right, but this machine could not do it."""

    exit_code = NOT_CARRIED_OUT


def exit_code(fault: Exception) -> int | None:
    """2 for bad input, 3 for what could not be carried out, None for a fault of ours.

    The parts' errors carry their own ``exit_code``, so that no table here has to follow them.
    """
    code: int | None = getattr(fault, "exit_code", None)
    if code is None and isinstance(fault, OSError):
        return NOT_CARRIED_OUT
    return code


def told(fault: Exception) -> Said:
    """The message of an error; an operating system's error names its file."""
    if isinstance(fault, OSError) and fault.strerror:
        why = reason(fault)
        return said("{file}: {why}", file=fault.filename, why=why) if fault.filename else why
    return verbatim(str(fault))


def described(fault: Exception, lang: str) -> str:
    """The same in the reader's language."""
    return spoken(told(fault), lang)

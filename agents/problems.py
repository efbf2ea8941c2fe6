"""What the agent could not do, in words for the person who asked: the message and the exit code."""

from __future__ import annotations

from agents.words import Said, SaidError, said

#: What systems usually say; the text is its own key. Anything else is shown as the system has it.
USUAL = (
    said("No such file or directory"),
    said("Permission denied"),
    said("Operation not permitted"),
    said("Is a directory"),
    said("Not a directory"),
    said("No space left on device"),
    said("Read-only file system"),
    said("Connection refused"),
    said("Connection reset by peer"),
    said("No route to host"),
    said("Network is unreachable"),
    said("timed out"),
)


class AgentProblem(SaidError):
    """The agent could not do what it was asked; the message says what to try."""

    exit_code = 3


class BadInput(AgentProblem):
    """What the user gave is wrong: an option, an enrolment file, a folder that is not enrolled."""

    exit_code = 2


def on_disk(fault: OSError) -> AgentProblem:
    """What the disk or the system would not do, in words."""
    place = fault.filename or said("the state folder")
    return AgentProblem(said("%s: %s", place, system_says(fault)))


def system_says(fault: OSError) -> Said:
    """Why the system refused something, in its own words."""
    text = fault.strerror or str(fault) or type(fault).__name__
    return next((one for one in USUAL if one == text), said("%s", text))

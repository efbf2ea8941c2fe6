"""What the agent could not do, in words for the person who asked: the message and the exit code."""

from __future__ import annotations


class AgentProblem(Exception):
    """The agent could not do what it was asked; the message says what to try."""

    exit_code = 3


class BadInput(AgentProblem):
    """What the user gave is wrong: an option, an enrolment file, a folder that is not enrolled."""

    exit_code = 2


def on_disk(fault: OSError) -> AgentProblem:
    """What the disk or the system would not do, in words."""
    return AgentProblem(f"{fault.filename or 'the state folder'}: {fault.strerror}")

"""What results, statements and states mean, in a sentence each."""

from __future__ import annotations

from language.texts import marked

RESULTS = {
    "pass": marked("What the machine reported, still fresh, is as the requirement asks."),
    "fail": marked("What the machine reported is not as the requirement asks."),
    "unknown": marked("It was not reported, could not be read, or is too old; never a pass."),
    "error": marked("The requirement could not be judged; counted with what is not known."),
    "not_applicable": marked("The requirement does not concern this machine; in no share."),
    "waived": marked("It fails, and an exception with an approver and a last day is in force."),
}
VERDICTS = {
    "met": marked("As many machines pass as are required, over all that are expected."),
    "not_met": marked("Even if all that is not known were a pass, too few would pass."),
    "undecided": marked("It depends on machines that nobody can speak of yet."),
    "not_applicable": marked("The requirement concerns none of these machines."),
}
STATES = {
    "managed": marked("In the register, and its agent reports."),
    "silent": marked("In the register, and its agent has been silent for over 7 days."),
    "no_agent": marked("In the register and on the network, but no agent speaks for it."),
    "missing": marked("In the register, and seen nowhere."),
    "unregistered": marked("Its agent reports, but the register does not have it; not counted."),
    "unknown_device": marked("Seen on the network; nobody's; not counted."),
}

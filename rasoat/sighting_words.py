"""The words of a scan's table; what has none is shown as the data has it."""

from __future__ import annotations

from language.texts import marked, sense

KINDS = {
    "pc": marked("pc"),
    "server": marked("server"),
    "printer": marked("printer"),
    "phone": marked("phone"),
    "router": marked("router"),
    "access_point": sense("a scan", "access point"),
    "nas": marked("nas"),
    "iot": marked("iot"),
    "unknown": marked("unknown"),
}
#: what a scan saw of a host's firewall
WALLS = {
    "drops": marked("drops"),
    "rejects": marked("rejects"),
    "open": marked("none seen"),
    "unknown": marked("unknown"),
}
#: why something could not be looked at
REASONS = {
    "failed": marked("it failed"),
    "fault": marked("a fault of ours, please report it"),
    "flooded": marked("more came than could be looked at"),
    "fragile": marked("left alone, for safety"),
    "incomplete": sense("a limit", "not seen"),
    "interrupted": marked("not all answers came"),
    "no_program": marked("a program is missing"),
    "no_rights": marked("no rights"),
    "no_time": marked("no believable time"),
    "not_possible": marked("not possible"),
    "not_private": sense("a limit", "left out"),
    "not_sent": marked("could not be sent"),
    "not_supported": marked("not supported"),
    "outside": sense("a limit", "left out"),
    "stopped": marked("stopped"),
    "timed_out": marked("out of time"),
    "too_many": marked("too many"),
    "unexplained": marked("not explained"),
    "unreadable": marked("not readable"),
}

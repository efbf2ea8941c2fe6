"""What is asked of passwords, as `pwpolicy -getaccountpolicies` prints it; part of accounts."""

from __future__ import annotations

import re

from agents.macos import plists
from agents.outcome import Answers, Facts, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DAY = 86400  #: seconds
#: policyAttributePassword matches '.{12,}+': at least twelve of any sign.
_LENGTH = re.compile(r"^policyAttributePassword matches '\^?(?:\(\?=)?\.\{([0-9]{1,4}),\}")
_CONTENT, _CHANGE, _SIGN_IN = (
    "policyCategoryPasswordContent",
    "policyCategoryPasswordChange",
    "policyCategoryAuthentication",
)
_DAYS = "policyAttributeExpiresEveryNDays"
_FAILURES = "policyAttributeMaximumFailedAuthentications"
_AGAIN = "autoEnableInSeconds"


def put(facts: Facts, answers: Answers) -> None:
    """Set the facts of accounts.password_policy."""
    facts.put("password_policy.minimum_length", _minimum_length, answers)
    facts.put("password_policy.maximum_age", _maximum_age, answers)
    facts.put("password_policy.lockout_after", _lockout_after, answers)
    facts.put("password_policy.lockout_for", _lockout_for, answers)


def _policies(answers: Answers, category: str) -> list[dict[str, Any]]:
    """The policies of a category for all accounts; none where nobody set one."""
    raw = answers.get("account_policies")
    place = raw.find(b"<?xml")
    if place < 0:
        if b"policies" in raw:  # its heading alone: nothing is set
            return []
        raise Unknown("unreadable", "pwpolicy prints no policies")
    policies = plists.table(raw[place:])
    return plists.rows(policies, category) if category in policies else []


def _parameters(answers: Answers, category: str, name: str) -> list[int]:
    found = []
    for policy in _policies(answers, category):
        parameters = policy.get("policyParameters")
        if isinstance(parameters, dict) and name in parameters:
            found.append(plists.number(parameters[name]))
    return found


def _minimum_length(answers: Answers) -> int:
    """The longest that any of the policies asks for; 0 where none asks."""
    lengths = [0]
    for policy in _policies(answers, _CONTENT):
        match = _LENGTH.match(str(policy.get("policyContent")))
        if match:
            lengths.append(int(match.group(1)))
    return max(lengths)


def _maximum_age(answers: Answers) -> int:
    days = _parameters(answers, _CHANGE, _DAYS)
    if not days:
        raise Unknown("not_found", "no policy lets passwords expire")
    return min(days) * _DAY


def _lockout_after(answers: Answers) -> int:
    """0 is never."""
    return min(_parameters(answers, _SIGN_IN, _FAILURES), default=0)


def _lockout_for(answers: Answers) -> int:
    """0 is until an administrator unlocks the account."""
    if not _parameters(answers, _SIGN_IN, _FAILURES):
        raise Unknown("not_found", "no policy locks accounts")
    return min(_parameters(answers, _SIGN_IN, _AGAIN), default=0)

"""Verdicts judged again, as lines for a person."""

from __future__ import annotations

from collections.abc import Sequence

from language.texts import Texts, texts
from policies.replay import Replay
from rasoat.terminal import console, styled, table
from reports.formats import local_time, parse_time
from reports.words import WORDS


def show(found: Sequence[Replay], lang: str) -> None:
    """A line for each turn: what was recorded, what comes out now, of which rule and facts."""
    say = texts(lang)
    heads = (say("At"), say("Recorded"), say("Judged again"), say("Rule"), say("Facts"))
    rows = [
        (
            local_time(parse_time(one.at), lang),
            styled(say(WORDS[one.recorded]), one.recorded),
            _again(one, say),
            one.rule_hash[:16],
            one.facts_hash[:16] or "–",
        )
        for one in found
    ]
    console().print(table(heads, rows))


def _again(one: Replay, say: Texts) -> str:
    if one.verdict is None:
        rule, facts = say("the rule was not kept"), say("the facts were not kept")
        return rule if one.missing == "rule" else facts
    word = say(WORDS[one.verdict.result])
    if one.agrees:
        return say("{result}: agrees", result=word)
    return say("{result}: differs", result=word)

"""A claim that the network contradicts is no pass (DESIGN §1): which of the two is true is unknown.

A pass rests on what the agent said of itself. Where a scan of the same days speaks of the very fact
that the rule requires, the pass is *confirmed*, or it becomes unknown and says what was seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from inventory.catalogue import catalogue
from inventory.witnesses.comparing import Comparison
from language.texts import marked, texts
from policies.judge import Verdict
from policies.phrases import label
from policies.tree import Policy, spots

CONTRADICTED, CONFIRMED = "contradicted", "confirmed"
_SHOWN = {
    "open": marked("no packet filter"),
    "drops": marked("packets dropped"),
    "rejects": marked("packets refused"),
    "on": marked("on"),
    "off": marked("off"),
}


def examined(
    policy: Policy, verdicts: Iterable[Verdict], compared: Mapping[str, Sequence[Comparison]]
) -> list[Verdict]:
    """The verdicts, each pass held against what the network says; ``compared`` is by device."""
    required = {rule.id: {spot.fact.path for spot in spots(rule.require)} for rule in policy.rules}
    return [_held(one, required[one.rule], compared.get(one.device, ())) for one in verdicts]


def _held(verdict: Verdict, required: set[str], compared: Sequence[Comparison]) -> Verdict:
    if verdict.result != "pass":
        return verdict
    about = [one for one in compared if any(_covers(one.path, path) for path in required)]
    against = [one for one in about if not one.confirmed]
    if not about:
        return verdict
    if not against:
        return msgspec.structs.replace(verdict, reason=CONFIRMED)
    return msgspec.structs.replace(
        verdict,
        result="unknown",
        reason=CONTRADICTED,
        explanation_vi=" ".join(sentence(one, "vi") for one in against),
        explanation_en=" ".join(sentence(one, "en") for one in against),
        evidence=tuple(msgspec.to_builtins(one) for one in against),
    )


def _covers(path: str, required: str) -> bool:
    return required == path or required.startswith(f"{path}.")


def shown_word(word: str, lang: str) -> str:
    """A witness's answer as a person says it."""
    return texts(lang)(_SHOWN[word]) if word in _SHOWN else word


def sentence(one: Comparison, lang: str) -> str:
    """One question with both answers: ``Effective firewall: the agent says on, the network …``."""
    name = label(catalogue().facts[one.path], lang, start=True)
    says, shows = (shown_word(word, lang) for word in (one.agent_says, one.network_shows))
    pattern = (
        marked("{name}: the agent says {says}, and the network shows {shows} ({evidence}).")
        if one.confirmed
        else marked("{name}: the agent says {says}, but the network shows {shows} ({evidence}).")
    )
    evidence = "; ".join(one.evidence)
    return texts(lang)(pattern, name=name, says=says, shows=shows, evidence=evidence)

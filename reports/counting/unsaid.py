"""What cannot be said, and why: every reason behind an unknown, over machines and results."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from inventory.devices import DeviceView
from language.forms import number
from language.texts import LANGUAGES, Words, marked, texts
from policies.fleet import Statement
from policies.judge import Verdict
from policies.wording import reason_words
from reports.figures import UnsaidLine

_UNKNOWN = marked("{machines} machines, {results} results: {why}.")
_CLAIMED = marked(
    "{machines} machines say themselves that they meet “{title}”; the network has not confirmed it."
)
_REFUSED = marked(
    "{machines} rows of the register were not understood; what stands behind them is not known."
)


def unsaid_lines(
    verdicts: Iterable[Verdict],
    machines: Mapping[str, DeviceView],
    headline: Statement,
    title: Words,
    refused: int,
) -> tuple[UnsaidLine, ...]:
    """Reasons by how many machines they concern; then what nobody but the machine has confirmed.

    Args:
        verdicts: of all rules on all machines.
        machines: device → what is known of it; those not expected are left out.
        headline: what may be said of the policy's first rule.
        title: that rule's.
        refused: rows of the register that were not understood.
    """
    results: Counter[str] = Counter()
    concerned: dict[str, set[str]] = defaultdict(set)
    for one in verdicts:
        if one.result in ("unknown", "error") and machines[one.device].expected:
            reason = one.reason or "not_reported"
            results[reason] += 1
            concerned[reason].add(one.device)
    lines = [
        UnsaidLine(reason, len(concerned[reason]), n, _said(reason, len(concerned[reason]), n))
        for reason, n in results.items()
    ]
    lines.sort(key=lambda one: (-one.machines, -one.results, one.reason))
    return (*lines, *_beside(headline, title, refused))


def _beside(headline: Statement, title: Words, refused: int) -> Sequence[UnsaidLine]:
    made = []
    alone = headline.counts.get("pass", 0) - headline.counts.get("pass: confirmed", 0)
    if alone:
        words = {
            lang: texts(lang)(_CLAIMED, machines=number(alone, lang), title=title[lang])
            for lang in LANGUAGES
        }
        made.append(UnsaidLine("claimed_only", alone, alone, words))
    if refused:
        words = {lang: texts(lang)(_REFUSED, machines=number(refused, lang)) for lang in LANGUAGES}
        made.append(UnsaidLine("refused_row", refused, 0, words))
    return made


def _said(reason: str, machines: int, results: int) -> Words:
    return {
        lang: texts(lang)(
            _UNKNOWN,
            machines=number(machines, lang),
            results=number(results, lang),
            why=reason_words(reason, lang),
        )
        for lang in LANGUAGES
    }

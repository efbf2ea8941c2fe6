"""What was seen beside a fact: the values that it was concluded from, as the catalogue names them.

``firewall.effective`` is off because there are no rules, or because the rules accept everything:
the catalogue's ``because`` lists the facts that tell, and they follow the explanation in both
languages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from inventory.catalogue import Fact, catalogue
from language.texts import texts
from policies.fetching import ABSENT, UNFIT, fetch
from policies.phrases import label
from policies.reference import Note
from policies.tree import Spot
from policies.wording import value_words


def seen_beside(notes: Iterable[Note], facts: Mapping[str, Any], lang: str) -> str:
    """`` Seen: nftables: empty; ufw: disabled.``, or nothing where the catalogue names nothing."""
    say = texts(lang)
    seen = [
        f"{label(fact, lang)}: {value_words(value, fact, lang)}"
        for fact, value in dict(_companions(notes, facts)).items()
    ]
    return say(" Seen: {seen}.", seen="; ".join(seen)) if seen else ""


def _companions(notes: Iterable[Note], facts: Mapping[str, Any]) -> Iterator[tuple[Fact, Any]]:
    known = catalogue().facts
    for note in notes:
        for path in known[note.path].because if note.path in known else ():
            value = fetch(facts, Spot(known[path], "", tuple(path.split("."))))
            if value is not ABSENT and value is not UNFIT:
                yield known[path], value

"""Differences between two scans as lines for people."""

from __future__ import annotations

from collections.abc import Sequence

from inventory.sighting_changes import Change
from language.texts import Texts, marked, sense, texts

_WHAT = {
    "new": marked("new"),
    "silent": marked("silent"),
    "moved": marked("moved"),
    "other_card": marked("other network card"),
    "ports": marked("open ports"),
    "filtering": marked("firewall seen"),
    "names": marked("names"),
    "kind": sense("a change", "kind"),
    "os_guess": marked("system"),
    "vendor": marked("vendor"),
}


def rows_of(changes: Sequence[Change], lang: str) -> tuple[Sequence[str], list[list[str]]]:
    """(heads, rows) of a table."""
    say = texts(lang)
    heads = (say("address"), say("change"), say("before"), say("now"))
    return heads, [[one.ip, _said(one, say), one.old, one.new] for one in changes]


def nothing_since(scan: str, lang: str) -> str:
    """The sentence where there are no rows."""
    say = texts(lang)
    return say("Nothing changed since scan {scan}.", scan=scan)


def _said(one: Change, say: Texts) -> str:
    if one.what == "silent" and one.probability is not None:
        return say("silent; not just loss with {probability:.2%}", probability=one.probability)
    return say(_WHAT[one.what])

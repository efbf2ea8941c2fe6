"""A verdict on a copy of a report as a person reads it at the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from language.texts import Texts, texts
from reports.formats import local_time, parse_time
from reports.signing.appearance import told
from reports.signing.verdict import Verdict
from reports.signing.who import Signature

Line = tuple[str, str]  #: the text, and the word whose style it has


def lines(found: Verdict, file: Path, lang: str) -> Iterator[Line]:
    """What the verdict says, its sentence first."""
    say = texts(lang)
    yield _sentence(found, say), "met" if found.good else "not_met"
    yield f"{file} (SHA-256 {found.sha256})", ""
    yield _issued(found, say), ""
    for one in found.signatures:
        yield from _signature(one, say)
    for fault in found.faults:
        yield f"✗ {fault.text[lang]}", "fail"
    for note in found.notes:
        yield f"• {note[lang]}", ""


def _sentence(found: Verdict, say: Texts) -> str:
    if found.good:
        return say("Signed, whole, and what was issued.")
    return say("Not good: {faults}.", faults=", ".join(one.code for one in found.faults))


def _issued(found: Verdict, say: Texts) -> str:
    one = found.issued
    if one is None:
        return say("Issued as: not known to this data folder")
    return say(
        "Issued as: {report}, {file}, {at}",
        report=one.report,
        file=one.file,
        at=local_time(parse_time(one.made_at), say.lang),
    )


def _signature(one: Signature, say: Texts) -> Iterator[Line]:
    mark, style = ("✓", "pass") if one.intact and one.trusted is not False else ("✗", "fail")
    kind = say("Time stamp") if one.kind == "timestamp" else say("Signature")
    yield f"{mark} {kind} {one.field}: {one.subject}", style
    yield say("  issuer {issuer}; serial {serial}", issuer=one.issuer, serial=one.serial), ""
    when = told(one.claimed_at, say.lang) if one.claimed_at else say("not said")
    yield say("  time claimed: {when}", when=when), ""
    yield f"  {_intact(one, say)}; {_covers(one, say)}; {_trusted(one, say)}", ""


def _intact(one: Signature, say: Texts) -> str:
    return say("intact") if one.intact else say("NOT intact")


def _covers(one: Signature, say: Texts) -> str:
    return {
        "all": say("covers the whole file"),
        "revision": say("covers all up to what was added behind it"),
    }.get(one.covers, say("covers a part of the file only"))


def _trusted(one: Signature, say: Texts) -> str:
    if one.trusted is None:
        return say("identity not checked against a CA")
    return say("identity from a CA that you trust") if one.trusted else say("identity NOT trusted")

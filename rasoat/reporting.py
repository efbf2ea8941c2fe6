"""Making a report from the command line: what it is compared with, where it is kept and written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from language.said import said
from language.texts import Words, texts
from policies.tree import Policy
from rasoat import judging
from rasoat.folder import kept_report
from rasoat.problems import Problem
from reports.faces import SUFFIXES
from reports.keeping import Kept, head, keep, kept, last, named, read
from reports.summary import Summary

LAST, NONE = "last", "none"  #: words of --since


def made(
    folder: Path, policy: Policy, now: datetime, *, unit: str = "", since: str = LAST
) -> Summary:
    """Judge now, beside an earlier report, and keep the figures.

    Raises:
        NotKept: the earlier report is not there, or its file was changed.
        Problem: there is no such unit; the earlier report is of another policy or unit.
    """
    series = Summary.series_of(policy.name, unit)
    moment = _free(folder, series, now)
    summary = judging.judged(folder, policy, moment, unit, _earlier(folder, series, moment, since))
    keep(folder, summary)
    return summary


def _free(folder: Path, series: str, now: datetime) -> datetime:
    """The first whole second of which no report of the series is kept: its name is its time."""
    taken = {one.at for one in kept(folder, series)}
    moment = now.replace(microsecond=0)
    while moment in taken:
        moment += timedelta(seconds=1)
    return moment


def as_kept(folder: Path, name: str) -> Summary:
    """A report as it stood when it was made.

    Raises:
        NotKept: no such report, or its file was changed.
    """
    return read(named(folder, name))[0]


def _earlier(folder: Path, series: str, now: datetime, since: str) -> tuple[Summary, str] | None:
    if since.casefold() == NONE:
        return None
    one = last(folder, series, now) if since.casefold() == LAST else named(folder, since)
    if one is not None and one.series != series:
        raise Problem(
            said(
                "--since {since}: a report of {other}, not of {series}",
                since=since,
                other=one.series,
                series=series,
            )
        )
    return read(one) if one else None


def targets(
    folder: Path, summary: Summary, faces: Sequence[str], lang: str, out: Path | None
) -> dict[str, Path]:
    """Where each face goes.

    Raises:
        Problem: several faces are to go into one file.
    """
    if out is None:
        return {face: kept_report(folder, summary.series, lang, SUFFIXES[face]) for face in faces}
    if len(faces) == 1 and not out.is_dir():
        return {faces[0]: out}
    if str(out) == "-" or out.is_file():
        raise Problem(
            said("--out {out}: {n} formats need a folder; name one", out=out, n=len(faces))
        )
    return {face: kept_report(out, summary.series, lang, SUFFIXES[face], "") for face in faces}


def digest_and_headline(one: Kept) -> tuple[str, Words]:
    """The hash of a kept report's figures, and its first sentence.

    Raises:
        NotKept: its file was changed.
    """
    found, digest = head(one)
    return digest, found.rules[0].sentence


def heads(lang: str) -> list[str]:
    """Of the list of kept reports."""
    say = texts(lang)
    return [say("Report"), say("Made at"), say("Hash of its figures"), say("What it says")]

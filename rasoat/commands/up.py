"""``rasoat up``: from nothing to a verdict about this machine, and what to do next."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import click

from language.texts import LANGUAGES, marked, texts
from policies.load import load_policy
from rasoat import first_run, judging
from rasoat.folder import REPORTS, kept_report
from rasoat.problems import NOT_CARRIED_OUT
from rasoat.settings import POLICY, Settings
from rasoat.terminal import console, harmless, step, styled
from reports.faces import write
from reports.summary import Summary

NEXT = marked(
    "Report: {report}\n"
    "Next:\n"
    "  another machine   rasoat --data '{data}' agent token --approve --out office.enrol\n"
    "                    rasoat --data '{data}' serve --host ADDRESS "
    "--url https://NAME:8443\n"
    "                    there: rasoat-agent enrol office.enrol; rasoat-agent run\n"
    "  judge again       rasoat --data '{data}' policy check\n"
    "  your own rules    rasoat policy facts; rasoat policy lint FILE\n"
    "  prove it          rasoat --data '{data}' verify\n"
    "  what should exist rasoat --data '{data}' register template\n"
    "  the network       rasoat --data '{data}' scan --help\n"
    "  on paper          rasoat --data '{data}' report --format pdf\n"
)


@click.command(epilog="Example: rasoat --data /srv/rasoat up")
@click.option("--once", is_flag=True, help="Do it once and exit; 0 all met, 1 something is not.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    envvar="RASOAT_PORT",
    help="Default: as before, 8443 at first.",
)
@click.pass_obj
def up(settings: Settings, port: int | None, *, once: bool) -> int:
    """Set up what is missing, collect on loopback, judge this machine, and say what next."""
    folder = settings.data
    say = texts(settings.lang)
    with step(say("data folder {folder}: database, private CA, keys", folder=folder)):
        first_run.prepared(folder)
    with first_run.collecting(folder, port) as collector:
        console(stderr=True).print(say("  collector at {url}", url=collector.url))
        with step(say("this machine enrolled")):
            first_run.enrolled(folder, collector.url)
        with step(say("this machine's facts read, signed, sent and acknowledged")):
            problem = first_run.reported(folder)
        summary = judging.judged(folder, load_policy(POLICY), datetime.now(UTC))
        with step(say("reports in {folder}", folder=folder / REPORTS)):
            written = _write(folder, summary)
        _tell(settings, summary, written, problem)
        if not once:
            _stay(settings.lang, collector.url)
    if problem:
        return NOT_CARRIED_OUT
    return 0 if summary.compliant or not once else 1


def _write(folder: Path, summary: Summary) -> dict[str, Path]:
    """The report in both languages, for people."""
    made = {lang: kept_report(folder, summary.policy, lang, "html") for lang in LANGUAGES}
    for lang, target in made.items():
        write(summary, "html", lang, target)
    return made


def _tell(settings: Settings, summary: Summary, written: dict[str, Path], problem: str) -> None:
    screen, say = console(), texts(settings.lang)
    screen.print()
    judging.show(summary, settings.lang)
    screen.print()
    if problem:
        said = say("This machine's report has not arrived: {problem}", problem=problem)
        screen.print(styled(said, "fail"))
    values = {"report": harmless(str(written[settings.lang])), "data": harmless(str(settings.data))}
    screen.print(say(NEXT, **values))


def _stay(lang: str, url: str) -> None:
    say = texts(lang)
    console(stderr=True).print(say("The collector goes on at {url}; Ctrl-C stops it.", url=url))
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        pass

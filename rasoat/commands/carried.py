"""``rasoat agent import``: reports that were carried here by hand, and the answers to take back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from agents import carried
from agents.durable import write_new
from language.said import said, spoken
from language.system import reason
from language.texts import texts
from rasoat.folder import opened
from rasoat.people import whoami
from rasoat.problems import BAD_INPUT, NotCarriedOut, Problem
from rasoat.settings import Settings
from rasoat.terminal import print_json

if TYPE_CHECKING:
    from server.by_hand import Imported, Importer

_UNDECIDED = 1  #: done, and a report is not taken as things stand
_AGAIN = said("import the same files again for the answers; nothing is stored twice")


@click.command("import", epilog="Example: rasoat agent import /media/stick --acks office.answers")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--acks",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the answers into this new file, for: rasoat-agent acknowledge FILE.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines, on stdout alone.")
@click.pass_obj
def import_(
    settings: Settings, files: tuple[Path, ...], acks: Path | None, *, as_json: bool
) -> int:
    """Take in reports that `rasoat-agent run --to-file` wrote: FILES, or folders of them.

    Every check of the HTTPS door is made, in its order. What is good is stored, what is not is
    named. Exit code 2 when a file or a report in it is damaged or forged, 1 when a report is not
    taken as things stand, such as of an agent that waits for approval.
    """
    if acks is not None and acks.exists():
        raise Problem(said("{acks}: exists already; name another file with --acks", acks=acks))
    named = [path for given in files for path in _files(given)]
    with opened(settings.data) as store:
        importer = _importer(settings, store)
        results = [(path, _taken(importer, path)) for path in named]
    answers = [one for _, found in results if not isinstance(found, str) for one in found.answers]
    if acks is not None and answers:
        _write(acks, answers)
    if as_json:
        print_json([_plain(path, found) for path, found in results])
    else:
        for path, found in results:
            _show(path, found, settings.lang)
    return _exit_code([found for _, found in results])


def _importer(settings: Settings, store: object) -> Importer:
    from server import keys  # a web server's imports: not for every command
    from server.by_hand import Importer

    return Importer(store, keys.prepare(settings.data))  # type: ignore[arg-type]


def _files(given: Path) -> list[Path]:
    """The file itself, or the files of reports in the folder."""
    if not given.is_dir():
        return [given]
    found = sorted(given.glob(f"*{carried.ENDING}"))
    if not found:
        raise Problem(
            said("{given}: holds no files that end in {ending}", given=given, ending=carried.ENDING)
        )
    return found


def _taken(importer: Importer, path: Path) -> Imported | str:
    """What became of a file, or why it was not read: the others are taken in nevertheless."""
    try:
        return importer.take(carried.read(str(path)), path.name, whoami())
    except OSError as fault:
        return reason(fault)
    except carried.BadFile as fault:
        return str(fault)


def _write(acks: Path, answers: list[bytes]) -> None:
    try:
        write_new(str(acks), carried.packed(carried.ANSWERS, answers))
    except FileExistsError:
        raise Problem(said("{acks}: exists already; {again}", acks=acks, again=_AGAIN)) from None
    except OSError as fault:
        raise NotCarriedOut(
            said("{acks}: {why}; {again}", acks=acks, why=reason(fault), again=_AGAIN)
        ) from None


def _plain(path: Path, found: Imported | str) -> dict[str, object]:
    if isinstance(found, str):
        return {"file": str(path), "problem": found}
    refusals = [
        {"report": name, "code": why.code, "why": why.message} for name, why in found.refusals
    ]
    return {"file": str(path), **dict(found.outcomes), "refusals": refusals}


def _show(path: Path, found: Imported | str, lang: str) -> None:
    say = texts(lang)
    if isinstance(found, str):
        why = spoken(found, lang)
        click.echo(say("{path}: nothing was taken: {why}", path=path, why=why), err=True)
        return
    counts = found.outcomes
    click.echo(
        say(
            "{path}: {stored} stored, {duplicate} here already, {refused} refused",
            path=path,
            stored=counts["stored"],
            duplicate=counts["duplicate"],
            refused=counts["refused"],
        )
    )
    for name, refused in found.refusals:
        click.echo(f"  {name}: {refused.message} [{refused.code}]", err=True)


def _exit_code(results: list[Imported | str]) -> int:
    if any(isinstance(found, str) or found.bad for found in results):
        return BAD_INPUT
    refused = any(not isinstance(found, str) and found.refusals for found in results)
    return _UNDECIDED if refused else 0

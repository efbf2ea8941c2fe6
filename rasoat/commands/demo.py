"""``rasoat demo``: a data folder of an invented district, to look at and to practise on."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import click

from inventory.errors import FolderExists, NotOurFolder
from inventory.store import Store
from language.said import said
from language.texts import texts
from rasoat.problems import Problem
from rasoat.settings import Settings
from rasoat.simulated import MARK
from rasoat.simulated.district import District, district
from rasoat.simulated.filling import Filled, fill
from rasoat.terminal import console, step


@click.command(epilog="Example: rasoat demo try-it")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--machines",
    type=click.IntRange(19, 1_000_000),
    default=568,
    show_default=True,
    help="How many PCs; more than 568 make several districts.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed: the same PCs.")
@click.pass_obj
def demo(settings: Settings, folder: Path, machines: int, seed: int) -> None:
    """Fill a new data FOLDER with a simulated district: units, register, agents, scans.

    It is marked as simulated wherever it is shown, and never mixed with real machines: FOLDER must
    be new or empty.
    """
    say = texts(settings.lang)
    made = district(seed, machines, datetime.now(UTC))
    said = say(
        "{mark}: {n} machines that do not exist, in {folder}", mark=MARK, n=machines, folder=folder
    )
    with step(said):
        filled = _filled(folder, made)
    screen = console(stderr=True)
    done = say(
        "Taken in: {rows} rows of the register, {reports} reports of {agents} agents, "
        "{scans} scans.",
        rows=filled.assets,
        reports=filled.reports["stored"],
        agents=filled.agents,
        scans=filled.scans,
    )
    screen.print(done)
    screen.print(
        say(
            "Look on: rasoat --data {folder} devices · "
            "rasoat --data {folder} report --out report.html",
            folder=folder,
        )
    )


def _filled(folder: Path, made: District) -> Filled:
    """The folder, whole or not at all; what was there before is never touched."""
    try:
        store = Store.create(folder)
    except (FolderExists, NotOurFolder) as fault:
        raise Problem(
            said(
                "{folder}: holds something already; simulated machines are never mixed with real "
                "ones; name a new or an empty folder",
                folder=folder,
            )
        ) from fault
    try:
        return fill(store, made)
    except BaseException:
        store.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        store.close()

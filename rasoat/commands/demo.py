"""``rasoat demo``: a data folder of an invented district, to look at and to practise on."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import click

from inventory.errors import FolderExists, NotOurFolder
from inventory.store import Store
from language.said import said
from rasoat.problems import Problem
from rasoat.settings import Settings
from rasoat.simulated import MARK
from rasoat.simulated.district import District, district
from rasoat.simulated.filling import Filled, fill
from rasoat.terminal import console, step

_WORDS = {
    "vi": {
        "made": "{}: {} máy không có thật trong {}",
        "done": "Đã nhận {} dòng sổ tài sản, {} báo cáo của {} máy trạm, {} lần quét mạng.",
        "next": "Xem tiếp: rasoat --data {0} devices · rasoat --data {0} report --out bao-cao.html",
    },
    "en": {
        "made": "{}: {} machines that do not exist, in {}",
        "done": "Taken in: {} rows of the register, {} reports of {} agents, {} scans.",
        "next": "Look on: rasoat --data {0} devices · rasoat --data {0} report --out report.html",
    },
}


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
    words = _WORDS[settings.lang]
    made = district(seed, machines, datetime.now(UTC))
    with step(words["made"].format(MARK, machines, folder)):
        filled = _filled(folder, made)
    screen = console(stderr=True)
    counts = (filled.assets, filled.reports["stored"], filled.agents, filled.scans)
    screen.print(words["done"].format(*counts))
    screen.print(words["next"].format(folder))


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

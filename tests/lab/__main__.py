"""The laboratory for use by hand: ``make lab``, or ``python -m tests.lab [--loss 0.05] …``."""

from __future__ import annotations

import shlex
import signal
import sys
from contextlib import ExitStack

import click

from tests.lab.far import far_lan
from tests.lab.lan import office_lan


@click.command()
@click.option("--hosts", default=568, show_default=True)
@click.option("--network", default="10.66.0.0/22", show_default=True)
@click.option("--loss", default=0.0, help="Share of packets lost in each direction.")
@click.option("--delay", default=0.0, help="Seconds that the cable takes in each direction.")
@click.option("--seed", default=1, show_default=True, help="Another office for another number.")
def main(hosts: int, network: str, loss: float, delay: float, seed: int) -> None:
    """Put a simulated office LAN up, say how to enter it, and take it down on ctrl-C."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with ExitStack() as stack:
        lan = stack.enter_context(office_lan(hosts, network, loss=loss, delay=delay, seed=seed))
        far = stack.enter_context(far_lan(lan))
        enter = ["ip", "netns", "exec", lan.scanner.name]
        scan = [*enter, sys.executable, "-m", "rasoat", "scan", str(lan.network)]
        click.echo(
            f"{len(lan.truth)} simulated hosts on {lan.network}; ground truth: {lan.truth_file}"
        )
        click.echo(f"{len(far.truth)} more behind a router, on {far.network}")
        click.echo("scan it:     " + shlex.join(scan))
        click.echo("look around: " + shlex.join([*enter, "sh"]))
        click.echo("ctrl-C takes it down")
        sys.stdout.flush()
        try:
            signal.pause()
        except KeyboardInterrupt:
            click.echo()
    click.echo("it is down")


if __name__ == "__main__":
    main()

"""``rasoat serve``: the collector, in the foreground."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from language.texts import texts
from policies.load import load_policy
from policies.tree import Policy
from rasoat import address
from rasoat.settings import DEFAULT_PORT, POLICY, Settings
from rasoat.terminal import console
from server.metrics import token_of
from server.run import LOOPBACK
from server.run import serve as run
from server.settings import Settings as Limits


@click.command(
    epilog="Example: rasoat serve --host 0.0.0.0 --url https://rasoat.office.example:8443"
)
@click.option("--host", default=LOOPBACK, show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    envvar="RASOAT_PORT",
    help="Default: as before, 8443 at first.",
)
@click.option("--url", default=None, help="How agents reach it (default: https://HOST:PORT).")
@click.option(
    "--metrics-token",
    "token",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Answer GET /metrics to whoever has the token in this file; it is made if it is not there."
    "  [default: no /metrics]",
)
@click.option(
    "--policy",
    "policies",
    multiple=True,
    default=[POLICY],
    show_default=True,
    help="Keep the verdicts of this policy current (a file or a shipped name); may be repeated.",
)
@click.pass_obj
def serve(
    settings: Settings,
    host: str,
    port: int | None,
    url: str | None,
    token: Path | None,
    policies: tuple[str, ...],
) -> None:
    """Take in reports until Ctrl-C, and judge again what they change.

    The data folder must exist: rasoat up makes it.
    """
    say = texts(settings.lang)
    judged = partial(_loaded, policies)
    judged()
    named = address.checked(url) if url else None
    door = port or address.port_of(address.known(settings.data), DEFAULT_PORT)

    def ready(at: str) -> None:
        address.remember(settings.data, named or at)
        said = say("collector at {at}; agents use {url}; Ctrl-C stops it", at=at, url=named or at)
        console(stderr=True).print(said)

    names = [address.host_of(named)] if named else []
    limits = Limits(metrics_token=token_of(token)) if token else Limits()
    run(
        settings.data,
        host,
        door,
        settings=limits,
        names=names,
        ready=ready,
        policies=judged,
    )


def _loaded(names: tuple[str, ...]) -> list[Policy]:
    """The policies as their files are now; what has not changed is not read anew."""
    return [load_policy(name) for name in names]

"""``rasoat metrics``: the fleet's figures for Prometheus."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from policies.load import load_policy
from rasoat import judging
from rasoat.settings import POLICY, Settings
from rasoat.writing import write_whole
from reports import metrics as figures


@click.command(epilog="Example: rasoat metrics --out /var/lib/prometheus/node-exporter/rasoat.prom")
@click.option(
    "--policy",
    "names",
    multiple=True,
    default=[POLICY],
    show_default=True,
    help="A policy file or a shipped name; may be given several times.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write, whole or not at all.  [default: stdout]",
)
@click.pass_obj
def metrics(settings: Settings, names: tuple[str, ...], out: Path | None) -> int:
    """Judge now and tell Prometheus; the collector's /metrics serves what was judged last."""
    now = datetime.now(UTC)
    policies = {policy.name: policy for policy in map(load_policy, names)}
    summaries = [judging.judged(settings.data, policy, now) for policy in policies.values()]
    text = figures.render(summaries)
    kept = settings.data / figures.FILE
    kept.parent.mkdir(parents=True, exist_ok=True)
    write_whole(text, kept)
    write_whole(text, out)
    return 0 if all(one.compliant for one in summaries) else 1

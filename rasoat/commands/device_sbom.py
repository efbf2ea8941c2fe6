"""``rasoat device sbom``: the software of one machine as a bill of materials."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from inventory import devices
from rasoat.folder import settled
from rasoat.settings import Settings
from rasoat.writing import write_whole


@click.command(epilog="Example: rasoat device sbom d-k3v7qm2xw5ra --out pc-12.cdx.json")
@click.argument("device_id")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write.  [default: stdout]",
)
@click.pass_obj
def sbom(settings: Settings, device_id: str, out: Path | None) -> None:
    """Write a machine's software as CycloneDX 1.6; exit code 3: what is installed is unknown."""
    from reports import cyclonedx  # 0.3 s that no other command of this group needs

    with settled(settings.data, datetime.now(UTC)) as store:
        made = cyclonedx.render(devices.show(store, device_id))
    write_whole(made, out)

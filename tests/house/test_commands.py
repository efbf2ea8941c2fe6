"""Every command has help with an example, and a fault of ours never looks like a verdict."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import click

from agents.cli import COMMANDS as AGENT_COMMANDS
from rasoat.cli import cli
from tests.conftest import ROOT


def commands(group: click.Group, name: str) -> Iterator[tuple[str, click.Command]]:
    """Every command below a group with its full name, the groups included."""
    context = click.Context(group)
    for child in group.list_commands(context):
        command = group.get_command(context, child)
        assert command is not None, f"{name} lists {child}, which is not there"
        yield f"{name} {child}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {child}")


def test_every_command_of_rasoat_has_an_example() -> None:
    found = dict(commands(cli, "rasoat"))
    assert len(found) >= 18
    help_of = {
        name: command.get_help(click.Context(command, info_name=name))
        for name, command in found.items()
    }
    assert [name for name, text in help_of.items() if "Example" not in text] == []
    assert [name for name, text in help_of.items() if name.split()[-1] not in text] == []


def test_every_command_of_the_agent_has_an_example() -> None:
    assert len(AGENT_COMMANDS) >= 5
    for name in AGENT_COMMANDS:
        done = subprocess.run(
            [sys.executable, "-m", "agents", name, "--help"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        assert f"Example: rasoat-agent {name}" in done.stdout


def test_a_fault_of_ours_is_not_a_verdict() -> None:
    """Python ends a crash with 1, which here would mean "something fails": it must be 3."""
    program = "import sys, rasoat.cli as c\nfrom rasoat.__main__ import main\n"
    program += "def boom(**_): raise RuntimeError('broken on purpose')\n"
    program += "c.cli.main = boom\nsys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert "broken on purpose" in done.stderr
    assert done.returncode == 3

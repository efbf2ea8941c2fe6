"""The command ``rasoat``; its commands stand in ``commands/``, errors get exit codes here."""

from __future__ import annotations

import sys
import traceback
from itertools import pairwise
from pathlib import Path

import click

import agents
from language.said import spoken
from language.texts import LANGUAGES, texts
from rasoat.help import speak, translate
from rasoat.problems import BAD_INPUT, NOT_CARRIED_OUT, described, exit_code
from rasoat.settings import DEFAULT_DATA, Settings, default_lang

#: command → the module of rasoat.commands that holds it, imported only when it is asked for
COMMANDS = {
    "up": "up",
    "demo": "demo",
    "serve": "serve",
    "agent": "agent",
    "devices": "devices",
    "device": "device",
    "changes": "changes",
    "units": "units",
    "register": "register",
    "policy": "policy",
    "waive": "waive",
    "waivers": "waivers",
    "framework": "framework",
    "attest": "attest",
    "report": "report",
    "metrics": "metrics",
    "backup": "store",
    "restore": "store",
    "verify": "store",
    "prune": "prune",
    "scan": "scan",
    "scans": "scans",
}


class LazyGroup(click.Group):
    """A group that imports a command when it is named: one command need not load a web server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order a new user meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, or None so that click can suggest the nearest name."""
        if cmd_name not in COMMANDS:
            return None
        module = __import__(f"rasoat.commands.{COMMANDS[cmd_name]}", fromlist=[cmd_name])
        command: click.Command = getattr(module, cmd_name)
        return translate(command, texts(_lang_of(ctx)))

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help of ``rasoat`` itself, in the reader's language."""
        translate(self, texts(_lang_of(ctx)))
        super().format_help(ctx, formatter)


def _lang_of(ctx: click.Context) -> str:
    """The language asked for on the command line, else the reader's own."""
    return ctx.find_root().params.get("lang") or default_lang()


@click.group(
    cls=LazyGroup,
    epilog="Example: rasoat up",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_DATA,
    envvar="RASOAT_DATA",
    show_default=True,
    help="The data folder: database, private CA, keys, reports.",
)
@click.option(
    "--lang",
    type=click.Choice(["vi", "en"]),
    default=None,
    is_eager=True,  # --help after it speaks it
    help="Language of what is printed and of reports (default: the locale's, else en).",
)
@click.version_option(agents.VERSION, prog_name="rasoat")
@click.pass_context
def cli(ctx: click.Context, data: Path, lang: str | None) -> None:
    """Rà Soát: what is on our networks, and does each machine meet our rules? With proof."""
    ctx.obj = Settings(data=data, lang=lang or default_lang())


def _lang_in(arguments: list[str]) -> str:
    """The same, before click has read the line: its own errors are told in it too."""
    for word, after in pairwise([*arguments, ""]):
        named = after if word == "--lang" else word.removeprefix("--lang=")
        if word.startswith("--lang") and named in LANGUAGES:
            return named
    return default_lang()


def run(arguments: list[str] | None = None) -> int:
    """Run one command and give its exit code; an error is one message on stderr."""
    lang = _lang_in(sys.argv[1:] if arguments is None else arguments)
    speak(lang)
    try:
        result = cli.main(args=arguments, prog_name="rasoat", standalone_mode=False)
    except click.exceptions.Abort:
        say = texts(lang)
        click.echo(say("rasoat: interrupted"), err=True)
        return 3
    except click.ClickException as fault:
        vars(fault)["message"] = spoken(fault.message, lang)  # a final attribute
        fault.show(file=sys.stderr)
        return BAD_INPUT
    except Exception as fault:  # noqa: BLE001 - the one edge where errors become messages
        code = exit_code(fault)
        if code is None:  # a fault of ours: told in full, and never taken for a verdict
            traceback.print_exc()
            return NOT_CARRIED_OUT
        click.echo(f"rasoat: {described(fault, lang)}", err=True)
        return code
    return result if isinstance(result, int) else 0

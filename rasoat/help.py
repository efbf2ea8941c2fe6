"""Help in the language of whoever asks for it: commands say it in English, catalogues translate.

click itself asks gettext for its own words, in the domain ``messages``: ours is bound to it.
"""

from __future__ import annotations

import gettext
import inspect
import os
from collections.abc import Iterator
from importlib import resources
from weakref import WeakKeyDictionary

import click

from language.texts import Texts, marked, plural

#: what click says by itself, and we translate
CLICKS_OWN = (
    marked("Usage:"),
    marked("Options"),
    marked("Commands"),
    marked("Arguments"),
    marked("Show this message and exit."),
    marked("Show the version and exit."),
    marked("Error: {message}"),
    marked("Try '{command} {option}' for help."),
    marked("No such command {name!r}."),
    marked("No such option {name!r}."),
    marked("Option {name!r} does not take a value."),
    marked("{value!r} is not a valid {number_type}."),
    marked("{value} is not in the range {range}."),
    marked("Missing argument"),
    marked("Missing option"),
    marked("Missing command."),
    marked("Invalid value: {message}"),
    marked("Invalid value for {param_hint}: {message}"),
    marked("default: {default}"),
    marked("required"),
    marked("{value!r} is not a valid boolean. Recognized values: {states}"),
    marked("{name} {filename!r} is a file."),
    marked("{name} {filename!r} is a directory."),
    marked("{name} {filename!r} is not readable."),
    marked("{name} {filename!r} is not writable."),
    marked("{name} {filename!r} does not exist."),
    marked("Missing {param_type}"),
    marked("Aborted!"),
)
#: the same of several things
CLICKS_PLURALS = (
    plural("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    plural("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    plural("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    plural("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    plural(
        "{value!r} does not match the format {format}.",
        "{value!r} does not match the formats {formats}.",
    ),
)
_EPILOG = "Example: "

_english: WeakKeyDictionary[object, dict[str, str]] = WeakKeyDictionary()


def speak(lang: str) -> None:
    """Let click say its own words in ``vi`` or ``en``."""
    os.environ["LANGUAGE"] = lang
    gettext.bindtextdomain("messages", str(resources.files("language")))


def translate(command: click.Command, say: Texts) -> click.Command:
    """The same command with its help, its options' and its parts' in that language."""
    _put(command, "help", say)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            _put(parameter, "help", say)
    _put_help_option(command, say)
    if command.epilog:
        own = _english.setdefault(command, {}).setdefault("epilog", command.epilog)
        example = own.removeprefix(_EPILOG)
        command.epilog = say("Example: {command}", command=example) if example != own else own
    if isinstance(command, click.Group):
        for part in command.commands.values():
            translate(part, say)
    return command


def _put_help_option(command: click.Command, say: Texts) -> None:
    """click makes ``--help`` once for each command, in the language of that moment."""
    option = command.get_help_option(click.Context(command))
    if option is not None:
        option.help = say("Show this message and exit.")


def _put(thing: click.Command | click.Option, name: str, say: Texts) -> None:
    text = getattr(thing, name)
    if text:
        english = _english.setdefault(thing, {}).setdefault(name, inspect.cleandoc(text))
        setattr(thing, name, say(english))


def sentences(command: click.Command) -> Iterator[str]:
    """Every text of a command that has to have a translation; of its parts too."""
    texts = [command.help, *(one.help for one in command.params if isinstance(one, click.Option))]
    for text in texts:
        if text:
            yield inspect.cleandoc(text)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            part = command.get_command(context, name)
            if part is not None:
                yield from sentences(part)

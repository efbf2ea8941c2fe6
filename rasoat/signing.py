"""Signing from the command line: which key, whence its passphrase, which field.

A passphrase or PIN comes from a file or from the terminal. It is no option: other users of the
machine can read the words of a command, and so can its history.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from language.said import said
from language.texts import texts
from rasoat.problems import Problem
from reports.signing.choices import FIELDS, Token

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

P12, PKCS11 = "p12:", "pkcs11:"
_SHAPES = said("p12:FILE or pkcs11:MODULE,id=HEX[,token=LABEL]")
Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Wish:
    """What the options say; ``key`` is None where nothing is to be signed."""

    key: Path | Token | None
    passphrase: Path | None
    field: str
    role: str


def options(*, required: bool) -> Callable[[Command], Command]:
    """The options of a command that signs; they arrive as `wish` takes them."""
    made = [
        click.option(
            "--sign",
            "key",
            required=required,
            default=None,
            metavar="KEY",
            help=f"The key to sign with: {_SHAPES}.",
        ),
        click.option(
            "--passphrase-file",
            type=click.Path(path_type=Path, dir_okay=False, exists=True),
            help="The file whose first line is the passphrase or PIN.  [default: asked for]",
        ),
        click.option(
            "--field",
            type=click.Choice(list(FIELDS)),
            default="person",
            show_default=True,
            help="Which of the two signatures it is.",
        ),
        click.option("--role", default="", help="The office held, shown below the name."),
    ]

    def added(command: Command) -> Command:
        for one in reversed(made):
            command = one(command)
        return command

    return added


def wish(key: str | None, passphrase_file: Path | None, field: str, role: str) -> Wish:
    """What the options say.

    Raises:
        Problem: --sign has another shape.
    """
    return Wish(None if key is None else _key(key), passphrase_file, field, role)


def signed(pdf: bytes, wanted: Wish, lang: str, now: datetime) -> tuple[bytes, str]:
    """The PDF with the signature that was wished for, and the name in its certificate.

    Raises:
        Problem, NoKey, CannotSign, NotReadable: it cannot be; the message says why.
    """
    from reports.signing.sign import name_of, sign

    with _signer(wanted, lang) as signer:
        made = sign(pdf, wanted.field, signer, lang, at=now, role=wanted.role)
        return made, name_of(signer)


def _key(text: str) -> Path | Token:
    if text.startswith(P12) and len(text) > len(P12):
        return Path(text.removeprefix(P12))
    if text.startswith(PKCS11):
        module, *parts = text.removeprefix(PKCS11).split(",")
        named = dict(part.partition("=")[::2] for part in parts)
        if module and named.get("id") and set(named) <= {"id", "token"}:
            return Token(Path(module), named["id"], named.get("token", ""))
    raise Problem(
        said(
            "--sign {kind}…: a key is {shape}",
            kind=text.partition(":")[0],
            shape=_SHAPES,
        )
    )


@contextmanager
def _signer(wanted: Wish, lang: str) -> Iterator[Signer]:
    from reports.signing import keys

    if isinstance(wanted.key, Token):
        with keys.of_token(wanted.key, _passphrase(wanted, lang)) as signer:
            yield signer
    elif wanted.key is not None:
        yield keys.of_file(wanted.key, _passphrase(wanted, lang).encode())
    else:
        raise Problem(said("--sign is missing: {shape}", shape=_SHAPES))


def _passphrase(wanted: Wish, lang: str) -> str:
    if wanted.passphrase is not None:
        try:
            lines = wanted.passphrase.read_text("utf-8-sig").splitlines()
        except UnicodeDecodeError as fault:
            raise Problem(said("{file}: is no text in UTF-8", file=wanted.passphrase)) from fault
        return lines[0] if lines else ""
    if not sys.stdin.isatty():
        raise Problem(
            said(
                "no terminal to ask for the passphrase at; put it in a file that nobody "
                "else can read and name it: --passphrase-file FILE"
            )
        )
    where = wanted.key.module if isinstance(wanted.key, Token) else wanted.key
    say = texts(lang)
    words = say("Passphrase or PIN for {where}", where=where)
    asked: str = click.prompt(words, hide_input=True, default="", show_default=False, err=True)
    return asked

"""``rasoat agent bundle``: everything that one kind of PC needs, for a USB stick or a policy."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from agents import VERSION
from inventory.times import moment, stamp
from language.said import said
from language.texts import texts
from rasoat.problems import Problem
from rasoat.settings import Settings
from rasoat.terminal import console, step
from server.bundles import unix, windows
from server.bundles.archives import zipped
from server.bundles.embedded import embedded
from server.bundles.msi import msi
from server.bundles.tree import Tree
from server.bundles.wheels import Target, packages

FORMATS = {"windows": ("zip", "folder", "msi"), "linux": ("tar", "deb"), "macos": ("tar",)}
#: The hashes of the agent's packages, beside this program's own code in a checkout.
_PINS = Path(__file__).resolve().parents[2] / "requirements"
_REQUIREMENTS = {"win32": "agent-win32.txt"}  #: architecture → pins; of the others: agent.txt
_PLATFORMS = {"amd64": "win_amd64", "win32": "win32"}
_SYSTEMS = {"linux": "manylinux", "macos": "macosx"}
_PROCESSORS = {"amd64": "x86_64", "arm64": "arm64", "aarch64": "aarch64", "win32": "win32"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line says, and the content of the enrolment file."""

    platform: str
    format: str
    arch: str
    python: str
    python_embed: Path | None
    python_sha256: str | None
    wheels: Path | None
    requirements: Path | None
    enrolment: bytes
    lang: str


@click.command(
    epilog="Example: rasoat agent bundle --platform linux --format deb --enrol office.enrol "
    "--out rasoat-agent.deb"
)
@click.option("--platform", required=True, type=click.Choice(list(FORMATS)))
@click.option(
    "--format",
    "face",
    type=click.Choice(sorted({one for names in FORMATS.values() for one in names})),
    help="windows: zip, folder, msi; linux: tar, deb; macos: tar.  [default: the first of these]",
)
@click.option("--enrol", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--out", required=True, type=click.Path(path_type=Path))
@click.option(
    "--python-embed",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Windows: python.org's embeddable package (a zip), as you downloaded it.",
)
@click.option("--python-sha256", help="Its SHA-256, copied from python.org's page of that release.")
@click.option(
    "--wheels",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder with the wheels of psutil, PyNaCl and cffi; must be given for windows, macos.",
)
@click.option(
    "--requirements",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="The hashed requirements that wheels must agree with.  [default: the program's own]",
)
@click.option(
    "--arch",
    type=click.Choice(list(_PROCESSORS)),
    default="amd64",
    show_default=True,
    help="The processor of the PCs (of the wheels, for linux and macos).",
)
@click.option("--python", default="3.11", show_default=True, help="Of the wheels: linux, macos.")
@click.pass_obj
def bundle(
    settings: Settings,
    /,
    platform: str,
    face: str | None,
    enrol: Path,
    out: Path,
    requirements: Path | None,
    **given: object,
) -> None:
    """Build what is carried to PCs: the agent, its enrolment, and what installs and removes it.

    Nothing is fetched. The same input gives the same bytes.
    """
    face = face or FORMATS[platform][0]
    if face not in FORMATS[platform]:
        raise Problem(
            said(
                "--format {face}: for {platform} there are: {formats}",
                face=face,
                platform=platform,
                formats=", ".join(FORMATS[platform]),
            )
        )
    if out.exists():
        raise Problem(said("{out}: exists already; name another file with --out", out=out))
    content, expires = enrolment(enrol)
    wanted = Wanted(
        platform=platform,
        format=face,
        requirements=requirements,
        enrolment=content,
        lang=settings.lang,
        **given,  # type: ignore[arg-type]  # click has checked them
    )
    say = texts(settings.lang)
    with step(say("bundle {file}", file=out)):
        made = _MAKERS[platform](wanted)
        if isinstance(made, Tree):
            made.write(out)
        else:
            written(out, made)
    warning = say(
        "Whoever holds {file} can enrol machines until {until:%Y-%m-%d %H:%M} UTC: "
        "hand it over like a key.",
        file=out,
        until=expires,
    )
    console(stderr=True).print(warning)


def enrolment(path: Path) -> tuple[bytes, datetime]:
    """The content of an enrolment file, and when it ends.

    Raises:
        Problem: it is none, or has ended.
    """
    content = path.read_bytes()
    try:
        told = json.loads(content)
        known = told["rasoat_enrolment"] == 1 and all(told[name] for name in ("url", "ca", "token"))
        expires = moment(told["expires_at"]).astimezone(UTC) if known else None
    except (ValueError, KeyError, TypeError):
        expires = None
    if expires is None:
        raise Problem(
            said(
                "{path}: no enrolment file; make one with: rasoat agent token --out FILE", path=path
            )
        )
    if expires <= datetime.now(UTC):
        raise Problem(
            said(
                "{path}: ended at {moment}; make a new one: rasoat agent token",
                path=path,
                moment=stamp(expires),
            )
        )
    return content, expires


def written(target: Path, content: bytes) -> None:
    """Write a file that holds a token: its owner's alone, whole or not at all."""
    part = target.with_name(target.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _windows(wanted: Wanted) -> bytes | Tree:
    if wanted.python_embed is None or wanted.python_sha256 is None:
        raise Problem(
            said(
                "--platform windows needs --python-embed ZIP, the embeddable package "
                "from python.org (3.8 for Windows 7, the newest else), and "
                "--python-sha256 HEX from the same page"
            )
        )
    python = embedded(wanted.python_embed, wanted.python_sha256)
    if python.arch != wanted.arch:
        raise Problem(
            said(
                "{file} is for {arch}, not for {wanted}",
                file=wanted.python_embed,
                arch=python.arch,
                wanted=wanted.arch,
            )
        )
    target = Target(python.python, _PLATFORMS[wanted.arch])
    found = packages(_wheels(wanted), _requirements(wanted), target)
    launcher = windows.compiled(wanted.arch)
    if launcher is None:
        say = texts(wanted.lang)
        warning = say(
            "No launcher: {maker} is not installed. The task starts python.exe itself, "
            "without limits of memory.",
            maker=windows.COMPILERS[wanted.arch],
        )
        console(stderr=True).print(warning)
    parts = windows.Parts(python, found, launcher, wanted.enrolment)
    if wanted.format == "msi":
        return msi(parts, VERSION)
    tree = windows.bundle(parts)
    return tree if wanted.format == "folder" else zipped(tree, "rasoat-agent")


def _unix(wanted: Wanted) -> bytes:
    if wanted.format == "deb":
        return unix.deb(VERSION, wanted.enrolment)
    found = None
    if wanted.wheels is not None or wanted.platform == "macos":
        system = Target(wanted.python, _SYSTEMS[wanted.platform], _PROCESSORS[wanted.arch])
        found = packages(_wheels(wanted), _requirements(wanted), system)
    return unix.tar(wanted.platform, found, wanted.enrolment)


def _requirements(wanted: Wanted) -> Path:
    """The pins that wheels must agree with; 32-bit Windows has an older psutil."""
    return wanted.requirements or _PINS / _REQUIREMENTS.get(wanted.arch, "agent.txt")


def _wheels(wanted: Wanted) -> Path:
    return wanted.wheels or Path("wheels")


_MAKERS = {"windows": _windows, "linux": _unix, "macos": _unix}

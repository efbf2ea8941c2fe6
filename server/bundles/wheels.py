"""The packages that the agent imports, taken from wheels that the administrator downloaded.

Every wheel must be one that the hashed requirements name; nothing else gets into a bundle.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from language.said import Said, said
from language.system import reason
from server.bundles.tree import BundleProblem, Tree

#: distribution: what an agent imports of it. cffi is there for its C part alone.
IMPORTED = {"psutil": r"psutil/", "pynacl": r"nacl/", "cffi": r"_cffi_backend[.\w-]*\.(pyd|so)$"}
_NOT_NEEDED = re.compile(r"(^|/)tests/|\.(pyi|h|c|cpp)$")
_LICENCE = re.compile(r"\.dist-info/(licenses/)?(LICENSE|COPYING|LICENCE)[^/]*$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_LARGEST = 64 << 20  #: bytes of one wheel unpacked


@dataclass(frozen=True, slots=True)
class Target:
    """What wheels must fit: Python "3.13"; "win_amd64", or "manylinux"/"macosx" and a processor."""

    python: str
    system: str
    processor: str = ""

    @property
    def platform(self) -> str:
        """The platform as pip's --platform takes it."""
        oldest = {"manylinux": "manylinux2014_", "macosx": "macosx_11_0_"}
        return oldest.get(self.system, self.system) + self.processor

    def runs(self, tags: str) -> bool:
        """Whether one of a wheel's platform tags is this system's (PEP 425, PEP 600)."""
        if not self.processor:
            return tags == self.system
        ends = (f"_{self.processor}", *(("_universal2",) if self.system == "macosx" else ()))
        return any(tag.startswith(self.system) and tag.endswith(ends) for tag in tags.split("."))

    def command(self, requirements: str, folder: str) -> str:
        """How to download them, on a machine with internet."""
        return (
            "python -m pip download --no-deps --require-hashes --only-binary :all: "
            f"--platform {self.platform} --python-version {self.python} "
            f"-r {requirements} -d {folder}"
        )


def packages(folder: Path, requirements: Path, target: Target) -> Tree:
    """What the wheels in ``folder`` hold of `IMPORTED`, with their licences.

    Raises:
        BundleProblem: one is missing, is for another system, or is not in ``requirements``.
    """
    hint = said(
        "; fill the folder with:\n  {command}",
        command=target.command(str(requirements), str(folder)),
    )
    allowed = set(_HASH.findall(requirements.read_text("utf-8")))
    tree = Tree()
    for name, wanted in IMPORTED.items():
        wheel = _only(folder, name, target, hint)
        content = wheel.read_bytes()
        if hashlib.sha256(content).hexdigest() not in allowed:
            raise BundleProblem(
                said(
                    "{wheel}: its hash is not in {requirements}{hint}",
                    wheel=wheel,
                    requirements=requirements,
                    hint=hint,
                )
            )
        _unpack(content, wheel, re.compile(wanted), tree)
    return tree


def _only(folder: Path, name: str, target: Target, hint: Said) -> Path:
    """The one wheel of that distribution which fits."""
    try:
        files = sorted(folder.glob("*.whl"))
    except OSError as fault:
        raise BundleProblem(
            said("{folder}: {why}{hint}", folder=folder, why=reason(fault), hint=hint)
        ) from None
    found = [file for file in files if _fits(file.stem, name, target)]
    if len(found) != 1:
        count = f"{len(found)} wheels" if found else "no wheel"
        raise BundleProblem(
            said(
                "{folder}: {n} of {name} for Python {python}, {platform}{hint}",
                folder=folder,
                n=count,
                name=name,
                python=target.python,
                platform=target.platform,
                hint=hint,
            )
        )
    return found[0]


def _fits(stem: str, name: str, target: Target) -> bool:
    """Compare the tags of a wheel's file name (PEP 427, PEP 425)."""
    parts = stem.split("-")
    if len(parts) < 5 or parts[0].lower().replace("_", "-") != name:  # noqa: PLR2004
        return False
    python, abi, platform = parts[-3:]
    exact = "cp" + target.python.replace(".", "")
    return target.runs(platform) and (python == exact or (abi == "abi3" and _older(python, target)))


def _older(python: str, target: Target) -> bool:
    """An abi3 wheel serves its own Python and all newer ones."""
    return int(python.removeprefix("cp")[1:]) <= int(target.python.split(".")[1])


def _unpack(content: bytes, wheel: Path, wanted: re.Pattern[str], tree: Tree) -> None:
    taken = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(member.file_size for member in packed.infolist()) > _LARGEST:
                raise BundleProblem(
                    said("{wheel}: unpacks to over {most} bytes", wheel=wheel, most=_LARGEST)
                )
            for name in packed.namelist():
                if name.endswith("/") or _NOT_NEEDED.search(name):
                    continue
                if wanted.match(name):
                    tree.add(name, packed.read(name))
                    taken += 1
                elif _LICENCE.search(name):
                    tree.add(f"licences/{name.replace('/', '-')}", packed.read(name))
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as fault:
        raise BundleProblem(
            said("{wheel}: not a wheel: {fault}", wheel=wheel, fault=fault)
        ) from None
    if not taken:
        raise BundleProblem(said("{wheel}: holds nothing that the agent imports", wheel=wheel))

"""A machine that passes every question on, and keeps the answers for a recording."""

from __future__ import annotations

import json
import os
import time

from agents.commands import COMMANDS, Ran
from agents.machine import FILE_LIMIT, Machine
from agents.outcome import Unknown
from agents.recorded import FORMAT, TIME_FORMAT, key_of, noted
from agents.scrubbing import scrubbed
from agents.words import Said, SaidError, said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


class FolderInUse(SaidError):
    """The folder to write to is not empty; name one that is, or that does not exist."""


class Recording:
    """Everything that a recording's folder holds, in memory."""

    def __init__(self, platform: str, recorded_at: float, elevated: bool | None) -> None:
        self.platform = platform
        self.recorded_at = recorded_at
        self.elevated = elevated
        self.files: dict[str, bytes] = {}
        self.notes: dict[str, dict[str, Any]] = {}
        self.commands: dict[str, tuple[list[str], Ran]] = {}
        self.values: dict[str, Any] = {}
        self.smbios: bytes | None = None
        self.registry: dict[str, dict[str, Any]] = {}
        self.redacted: list[str] = []
        self.about: dict[str, Any] = {}

    def note(self, path: str, **words: Any) -> None:
        """Say something of ``path`` that a file tree cannot."""
        self.notes.setdefault(path, {}).update(words)

    def write(self, folder: str) -> None:
        """Write the folder of `agents.recorded`.

        Raises:
            FolderInUse: there is something in ``folder`` already.
            OSError: it cannot be written.
        """
        check_empty(folder)
        os.makedirs(folder, exist_ok=True)
        for path, content in self.files.items():
            _write(
                os.path.join(folder, "files", *path.replace(":", "").strip("/").split("/")), content
            )
        for number, (argv, ran) in enumerate(self.commands.values()):
            place = os.path.join(folder, "commands", str(number))
            _write(os.path.join(place, "argv.json"), _json(argv))
            _write(os.path.join(place, "stdout"), ran.stdout)
            _write(os.path.join(place, "stderr"), ran.stderr)
            _write(os.path.join(place, "rc"), b"%d\n" % ran.code)
        if self.smbios is not None:
            _write(os.path.join(folder, "smbios.bin"), self.smbios)
        if self.platform == "windows":
            _write(os.path.join(folder, "registry", "machine.reg"), self._registry_file())
        _write(os.path.join(folder, "psutil.json"), _json(self.values))
        _write(os.path.join(folder, "paths.json"), _json(self.notes))
        _write(os.path.join(folder, "machine.json"), _json(self._machine()))

    def _registry_file(self) -> bytes:
        from agents import registry_file
        from agents.registry_value import of_plain

        return registry_file.write(
            {
                key: {name: of_plain(value) for name, value in values.items()}
                for key, values in self.registry.items()
            }
        )

    def size(self) -> Said:
        """How much there is, for people."""
        if self.platform == "windows":
            return said("%d registry keys and %d values", len(self.registry), len(self.values))
        return said("%d files and %d commands", len(self.files), len(self.commands))

    def _machine(self) -> dict[str, Any]:
        about: dict[str, Any] = {
            "recording": FORMAT,
            "platform": self.platform,
            "recorded_at": time.strftime(TIME_FORMAT, time.gmtime(self.recorded_at)),
        }
        if self.platform == "windows":
            about["registry"] = "asked"
        if self.elevated is not None:
            about["elevated"] = self.elevated
        if self.redacted:
            about["redacted"] = self.redacted
        about.update(self.about)
        return about


def check_empty(folder: str) -> None:
    """Raise `FolderInUse` unless ``folder`` is empty, or does not exist yet."""
    if os.path.lexists(folder) and (not os.path.isdir(folder) or os.listdir(folder)):
        raise FolderInUse(said("%s is not an empty folder; name a new one", folder))


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode(
        "utf-8"
    )


def _write(path: str, content: bytes) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "xb") as file:
        file.write(content)


class RecordingMachine(Machine):
    """Asks ``machine`` and keeps what it says, failures included.

    Secrets are scrubbed before they are kept.
    """

    def __init__(self, machine: Machine) -> None:
        self.platform = machine.platform
        self._machine = machine
        # Whole seconds, as machine.json keeps them: the recording must replay to the same ages.
        self._now = float(int(machine.now()))
        try:
            elevated: bool | None = machine.elevated()
        except Unknown:
            elevated = None
        self.recording = Recording(machine.platform, self._now, elevated)

    def elevated(self) -> bool:
        """Kept in machine.json."""
        return self._machine.elevated()

    def now(self) -> float:
        """One moment for the whole recording."""
        return self._now

    def read_file(self, path: str, limit: int = FILE_LIMIT) -> bytes:
        """Kept below files/."""
        content = scrubbed(path, self._ask(path, self._machine.read_file, path, limit))
        self.recording.files[path] = content
        return content

    def read_head(self, path: str, size: int) -> bytes:
        """Kept below files/, as long as it was asked for."""
        content: bytes = self._ask(path, self._machine.read_head, path, size)
        self.recording.files.setdefault(path, content)
        return content

    def list_dir(self, path: str) -> list[str]:
        """Kept in paths.json."""
        names: list[str] = self._ask(path, self._machine.list_dir, path)
        self.recording.note(path, entries=names)
        return names

    def read_link(self, path: str) -> str:
        """Kept in paths.json."""
        target: str = self._ask(path, self._machine.read_link, path)
        self.recording.note(path, link=target)
        return target

    def exists(self, path: str) -> bool:
        """Kept in paths.json."""
        found: bool = self._ask(path, self._machine.exists, path)
        if found:
            self.recording.note(path, exists=True)
        else:
            self.recording.note(path, absent=True)
        return found

    def modified(self, path: str) -> float:
        """Kept in paths.json."""
        moment: float = self._ask(path, self._machine.modified, path)
        self.recording.note(path, modified=moment)
        return moment

    def run(self, name: str) -> Ran:
        """Kept below commands/."""
        command = COMMANDS[name]
        try:
            ran = self._machine.run(name)
        except Unknown as why:
            place = "command " + command.program
            self.recording.note(place, refused=why.reason, detail=why.detail)
            raise
        self.recording.commands[name] = ([command.program, *command.arguments], ran)
        return ran

    def smbios(self) -> bytes:
        """Kept as smbios.bin."""
        self.recording.smbios = self._ask("smbios.bin", self._machine.smbios)
        return self.recording.smbios or b""

    def value(self, name: str, *arguments: str) -> Any:
        """Kept in psutil.json."""
        key = key_of(name, arguments)
        self.recording.values[key] = self._ask(
            "psutil.json " + key, self._machine.value, name, *arguments
        )
        return self.recording.values[key]

    def registry_values(self, key: str, view: int = 64) -> dict[str, Any]:
        """Kept in registry/machine.reg, without secrets."""
        found = self._ask(noted(key, view), self._machine.registry_values, key, view)
        from agents.recorded_registry import viewed
        from agents.registry_file import writable
        from agents.windows.registry_secrets import scrubbed as without_secrets

        if not writable(key):
            raise Unknown("unreadable", "a registry key whose name holds a line end")
        values = without_secrets(key, found)
        self.recording.registry[viewed(key, view)] = values
        return values

    def registry_keys(self, key: str, view: int = 64) -> list[str]:
        """Kept in paths.json."""
        names: list[str] = self._ask(noted(key, view), self._machine.registry_keys, key, view)
        self.recording.note(noted(key, view), entries=names)
        return names

    def _ask(self, path: str, question: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return question(*arguments)
        except Unknown as why:
            if why.reason == "not_found":
                self.recording.note(path, absent=True)
            else:
                self.recording.note(path, refused=why.reason, detail=why.detail)
            raise

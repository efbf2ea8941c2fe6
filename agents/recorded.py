"""A recorded machine: a folder that `rasoat-agent record` wrote, asked as a live one is.

The folder::

    machine.json        {"recording": 1, "platform": "linux", "recorded_at": "…Z",
                         "elevated": true, "redacted": […]}
    files/…             files by their absolute path, without a drive's colon
    commands/N/         argv.json, stdout, stderr, rc
    smbios.bin          the raw table
    registry/*.reg      keys of Windows' registry, as regedit writes them
    psutil.json         values that are neither file nor command
    paths.json          what a file tree cannot say, by path ("command NAME" for a program
                        that did not run, "registry KEY", "registry KEY (32)"), one or several of
                        {"link": …} {"absent": true} {"exists": true} {"entries": […]}
                        {"modified": seconds} {"refused": reason, "detail": …}

Only machine.json is required. What the folder lacks is a probe that failed: unknown, never a guess.
"""

from __future__ import annotations

import calendar
import json
import os
import time

from agents.commands import COMMANDS, Ran
from agents.machine import FILE_LIMIT, Machine
from agents.outcome import Unknown
from agents.problems import system_says
from agents.words import Said, SaidError, said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.recorded_registry import RecordedRegistry

FORMAT = 1  #: the "recording" number that this release reads and writes
PLATFORMS = ("windows", "linux", "macos")
TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def key_of(name: str, arguments: tuple[str, ...]) -> str:
    """The key of a value in ``psutil.json``: its name, and its arguments where it has any."""
    return " ".join((name, *arguments))


def _unreadable(path: str, fault: Exception) -> Said:
    why = system_says(fault) if isinstance(fault, OSError) else fault
    return said("%s: %s", path, why)


class NotARecording(SaidError):
    """The folder holds no recording that this release can replay.

    The message says what is wrong with it.
    """


def noted(key: str, view: int) -> str:
    """Where paths.json speaks of a registry key."""
    return "registry " + key + (" (32)" if view == 32 else "")  # noqa: PLR2004 - bits


class RecordedMachine(Machine):
    """Answers from a folder.

    Raises:
        NotARecording: machine.json, psutil.json or paths.json is missing or makes no sense.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        about = self._json("machine.json", required=True)
        if about.get("recording") != FORMAT:
            raise NotARecording(
                said(
                    "%s: recording %r; this release reads %d",
                    os.path.join(folder, "machine.json"),
                    about.get("recording"),
                    FORMAT,
                )
            )
        if about.get("platform") not in PLATFORMS:
            raise NotARecording(
                said(
                    "%s: platform %r is none of %s",
                    os.path.join(folder, "machine.json"),
                    about.get("platform"),
                    ", ".join(PLATFORMS),
                )
            )
        self.platform = about["platform"]
        self._elevated = about.get("elevated")
        self._now = self._time(about.get("recorded_at"))
        self._values = self._json("psutil.json")
        self._paths = self._json("paths.json")
        self._commands = self._recorded_commands()
        self._registry = self._recorded_registry(asked=about.get("registry") == "asked")

    def _json(self, name: str, *, required: bool = False) -> dict[str, Any]:
        path = os.path.join(self._folder, name)
        if not required and not os.path.exists(path):
            return {}
        try:
            with open(path, "rb") as file:
                content = json.loads(file.read().decode("utf-8-sig"))
        except (OSError, ValueError, RecursionError) as fault:
            raise NotARecording(_unreadable(path, fault)) from None
        if not isinstance(content, dict):
            raise NotARecording(said("%s: not a JSON object", path))
        return content

    def _time(self, text: Any) -> float:
        try:
            return float(calendar.timegm(time.strptime(text, TIME_FORMAT)))
        except (TypeError, ValueError):
            path = os.path.join(self._folder, "machine.json")
            raise NotARecording(
                said("%s: recorded_at %r is no time such as 2026-11-23T08:00:00Z", path, text)
            ) from None

    def _recorded_commands(self) -> dict[tuple[str, ...], str]:
        """The folder of each recorded command, by program name and arguments."""
        root = os.path.join(self._folder, "commands")
        found: dict[tuple[str, ...], str] = {}
        for name in sorted(os.listdir(root)) if os.path.isdir(root) else []:
            folder = os.path.join(root, name)
            try:
                with open(os.path.join(folder, "argv.json"), "rb") as file:
                    argv = json.loads(file.read().decode("utf-8-sig"))
            except (OSError, ValueError) as fault:
                raise NotARecording(_unreadable(os.path.join(folder, "argv.json"), fault)) from None
            if not isinstance(argv, list) or not argv or not all(isinstance(a, str) for a in argv):
                raise NotARecording(
                    said("%s: not a list of words", os.path.join(folder, "argv.json"))
                )
            found[(argv[0].replace("\\", "/").rpartition("/")[2], *argv[1:])] = folder
        return found

    def _recorded_registry(self, *, asked: bool) -> RecordedRegistry | None:
        """The files of registry/; None without that folder."""
        root = os.path.join(self._folder, "registry")
        if not os.path.isdir(root):
            return None
        from agents import recorded_registry, registry_file

        files = [os.path.join(root, name) for name in sorted(os.listdir(root))]
        try:
            contents = [(file, self._bytes(file)) for file in files]
            return recorded_registry.load(contents, asked=asked)
        except (registry_file.NotARegistryFile, Unknown) as fault:
            raise NotARecording(said("%s", getattr(fault, "detail", fault))) from None

    def elevated(self) -> bool:
        """As machine.json says."""
        if isinstance(self._elevated, bool):
            return self._elevated
        raise Unknown(
            "not_found", "machine.json does not say whether the recording agent was elevated"
        )

    def now(self) -> float:
        """The time of the recording: replayed facts are as old as they were then."""
        return self._now

    def read_file(self, path: str, limit: int = FILE_LIMIT) -> bytes:
        """The recorded bytes."""
        content = self._file(path)
        if len(content) > limit:
            raise Unknown("unreadable", "%s is longer than %d bytes" % (path, limit))
        return content

    def read_head(self, path: str, size: int) -> bytes:
        """The first of the recorded bytes."""
        return self._file(path)[:size]

    def list_dir(self, path: str) -> list[str]:
        """The recorded listing, or what files/ holds there."""
        entries = self._note(path).get("entries")
        if isinstance(entries, list):
            return sorted(str(entry) for entry in entries)
        place = self._place(path)
        if os.path.isdir(place):
            return sorted(os.listdir(place))
        self._refuse(path)
        raise Unknown("not_found", path + " is not in the recording")

    def read_link(self, path: str) -> str:
        """The recorded target."""
        target = self._note(path).get("link")
        if isinstance(target, str):
            return target
        self._refuse(path)
        raise Unknown("not_found", path + " is not in the recording")

    def exists(self, path: str) -> bool:
        """True for what is recorded, False for what is recorded as absent, else `Unknown`."""
        note = self._note(path)
        if note.get("absent"):
            return False
        if note or os.path.lexists(self._place(path)):
            self._refuse(path)
            return True
        raise Unknown("not_found", path + " is not in the recording")

    def modified(self, path: str) -> float:
        """The recorded time."""
        moment = self._note(path).get("modified")
        if isinstance(moment, (int, float)):
            return float(moment)
        self._refuse(path)
        raise Unknown("not_found", path + " has no time in the recording")

    def run(self, name: str) -> Ran:
        """What the command left when it was recorded."""
        command = COMMANDS[name]
        folder = self._commands.get((command.program, *command.arguments))
        if folder is None:
            self._refuse("command " + command.program)
            raise Unknown("not_found", command.program + " is not in the recording")
        try:
            code = int(self._bytes(os.path.join(folder, "rc")) or b"0")
        except ValueError:
            raise Unknown("unreadable", os.path.join(folder, "rc") + " is no number") from None
        output = self._bytes(os.path.join(folder, "stdout"))
        return Ran(code, output, self._bytes(os.path.join(folder, "stderr")))

    def smbios(self) -> bytes:
        """The recorded table."""
        path = os.path.join(self._folder, "smbios.bin")
        if os.path.exists(path):
            return self._bytes(path)
        self._refuse("smbios.bin")
        raise Unknown("not_found", "smbios.bin is not in the recording")

    def value(self, name: str, *arguments: str) -> Any:
        """The recorded value."""
        key = key_of(name, arguments)
        self._refuse("psutil.json " + key)
        if key not in self._values:
            raise Unknown("not_found", key + " is not in the recording")
        return self._values[key]

    def registry_values(self, key: str, view: int = 64) -> dict[str, Any]:
        """What the registry files hold."""
        try:
            return self._files_of_registry().values(key, view)
        except Unknown:
            self._refuse(noted(key, view))
            raise

    def registry_keys(self, key: str, view: int = 64) -> list[str]:
        """The recorded listing, or what the registry files hold."""
        entries = self._note(noted(key, view)).get("entries")
        if isinstance(entries, list):
            return sorted(str(entry) for entry in entries)
        self._refuse(noted(key, view))
        return self._files_of_registry().keys(key, view)

    def _files_of_registry(self) -> RecordedRegistry:
        if self._registry is not None:
            return self._registry
        if self.platform != "windows":
            raise Unknown("not_supported", "no registry on " + self.platform)
        raise Unknown("not_found", "the recording has no registry")

    def _file(self, path: str) -> bytes:
        place = self._place(path)
        if os.path.isfile(place):
            return self._bytes(place)
        self._refuse(path)
        raise Unknown("not_found", path + " is not in the recording")

    def _bytes(self, place: str) -> bytes:
        # A recording comes from somebody else: a link in it must not lead to files of this machine.
        if not os.path.realpath(place).startswith(os.path.realpath(self._folder) + os.sep):
            raise Unknown("unreadable", place + " leads out of the recording")
        try:
            with open(place, "rb") as file:
                return file.read()
        except FileNotFoundError:
            return b""
        except OSError as fault:
            raise Unknown("unreadable", "%s: %s" % (place, fault.strerror)) from None

    def _place(self, path: str) -> str:
        words = path.replace("\\", "/").replace(":", "").split("/")
        return os.path.join(
            self._folder, "files", *[word for word in words if word not in ("", "..")]
        )

    def _note(self, path: str) -> dict[str, Any]:
        note = self._paths.get(path)
        return note if isinstance(note, dict) else {}

    def _refuse(self, path: str) -> None:
        """Raise what the live machine raised, where the recording says so."""
        note = self._note(path)
        if note.get("absent"):
            raise Unknown("not_found", path + " does not exist")
        if "refused" in note:
            try:
                why = Unknown(str(note["refused"]), str(note.get("detail", "")))
            except ValueError:
                raise Unknown("unreadable", path + ": unknown reason in paths.json") from None
            raise why

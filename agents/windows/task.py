r"""The Windows scheduled task: its XML, and how it is registered, removed and asked for.

The format is Task Scheduler schema 1.2 ([MS-TSCH] 2.3.2; Windows Vista and newer). It runs as
SYSTEM (S-1-5-18): S4U has no network. Task Scheduler expands %NAME% and $(Arg0) in commands and
has no way to write them literally, so such paths are refused.
"""

from __future__ import annotations

import re

from agents.administration import may, must
from agents.outcome import Unknown, attempt
from agents.problems import AgentProblem
from agents.schedule import HOUR, RUN_LIMIT, Placed, Unplaceable, carried
from agents.words import said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from agents.administration import System
    from agents.machine import Machine
    from agents.schedule import Job

NAME = "rasoat-agent"
FILE = "rasoat-agent-task.xml"  #: as `agents.commands.ADMIN` names it, in the state folder
BOOT_DELAY = 300  #: seconds after the start of the machine, the machine's own offset on top
HOURS_OF_DAY = 24
CACHE = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache"
_LAST_RUN, _RESULT, _DYNAMIC_LENGTH = slice(12, 20), slice(24, 28), 28
_TICKS, _EPOCH = 10_000_000, 11_644_473_600  #: FILETIME: 100 ns since 1601, in seconds before 1970
#: SCHED_S_TASK_HAS_NOT_RUN and SCHED_S_TASK_RUNNING (winerror.h): no results of a run
_NO_RESULT = (0x41303, 0x41301)

#: Values of the settings: priority 8 is below normal (7 is a task's default, 10 would starve); a
#: run that could not be carried out is repeated three times, a quarter of an hour apart.
_TASK = """<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Author>Rà Soát</Author>
    <Description>Reports facts about this PC to its collector.</Description>
    <URI>\\rasoat-agent</URI>
  </RegistrationInfo>
  <Triggers>
    <BootTrigger>
      <Enabled>true</Enabled>
      <Delay>%(boot)s</Delay>
    </BootTrigger>
    <CalendarTrigger>
%(repetition)s      <StartBoundary>2020-01-01T%(start)s</StartBoundary>
      <Enabled>true</Enabled>
      <RandomDelay>%(spread)s</RandomDelay>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>S-1-5-18</UserId>
      <RunLevel>HighestAvailable</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>false</RunOnlyIfNetworkAvailable>
    <AllowStartOnDemand>true</AllowStartOnDemand>
    <Enabled>true</Enabled>
    <Hidden>false</Hidden>
    <RunOnlyIfIdle>false</RunOnlyIfIdle>
    <WakeToRun>false</WakeToRun>
    <ExecutionTimeLimit>%(limit)s</ExecutionTimeLimit>
    <Priority>8</Priority>
    <RestartOnFailure>
      <Interval>PT15M</Interval>
      <Count>3</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>%(command)s</Command>
      <Arguments>%(arguments)s</Arguments>
    </Exec>
  </Actions>
</Task>
"""
_REPETITION = """      <Repetition>
        <Interval>%s</Interval>
        <Duration>P1D</Duration>
        <StopAtDurationEnd>false</StopAtDurationEnd>
      </Repetition>
"""


def rendered(job: Job) -> list[Placed]:
    """The task's XML, as schtasks takes it: UTF-16 with a byte order mark."""
    return [Placed(_file(job.state), b"\xff\xfe" + xml(job).encode("utf-16-le"))]


def xml(job: Job) -> str:
    """The task as text.

    Raises:
        Unplaceable: a path holds what Task Scheduler would expand or cannot hold.
    """
    carried(job.words, '"%', said("the Task Scheduler"))
    if any("$(" in word for word in job.words):
        raise Unplaceable(said("a path holds $(, which the Task Scheduler expands"))
    hours, minutes = divmod(job.every, HOUR)
    every = "PT%dH" % hours if hours else "PT%dM" % minutes
    minute, second = divmod(job.offset, 60)
    text = _TASK % {
        "boot": _duration(BOOT_DELAY + job.offset),
        "repetition": _REPETITION % every if hours < HOURS_OF_DAY else "",
        "start": "00:%02d:%02d" % (minute, second),
        "spread": _duration(job.window),
        "limit": _duration(RUN_LIMIT),
        "command": _escaped(_quoted(job.program)),
        "arguments": _escaped(" ".join(_quoted(word) for word in job.arguments)),
    }
    return text.replace("\n", "\r\n")


def _file(folder: str) -> str:
    return folder.rstrip("\\/") + "\\" + FILE


def _quoted(word: str) -> str:
    r"""A word in quotes; CommandLineToArgvW reads ``\"`` as a quote, so a last ``\`` is doubled."""
    ends = len(word) - len(word.rstrip("\\"))
    return '"' + word + "\\" * ends + '"'


def _escaped(text: str) -> str:
    """Text of an XML element."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _duration(seconds: int) -> str:
    """An xs:duration."""
    minutes, rest = divmod(seconds, 60)
    return "PT%dM" % minutes + ("%dS" % rest if rest else "")


def install(job: Job, system: System) -> list[str]:
    """Register the task, in place of one of that name; gives what was done.

    Raises:
        AgentProblem: schtasks did not take it.
    """
    (placed,) = rendered(job)
    system.place(placed, 0o600)
    try:
        must(system, "task_create", said("registering the scheduled task"), job.state)
    finally:
        system.remove(placed.path)
    return [said("scheduled task %s registered", NAME)]


def uninstall(state: str, system: System) -> list[str]:
    """Remove the task; gives what was done, nothing where there was none."""
    try:
        shown = system.run("task_show")
    except Unknown as why:
        raise AgentProblem(said("%s", why.detail)) from None
    if shown.code != 0 or not _is_task(shown.stdout):
        return []
    may(system, "task_end")
    must(system, "task_delete", said("removing the scheduled task"))
    return [said("scheduled task %s removed", NAME)]


def status(system: System, machine: Machine) -> dict[str, Any]:
    """What the Task Scheduler knows of the task; None stands for what is in ``unknown``.

    Raises:
        Unknown: only an administrator may know, or schtasks cannot be started.
    """
    shown = system.run("task_show")
    if shown.code != 0 and not system.elevated():
        raise Unknown("not_elevated", "tasks of SYSTEM are shown to administrators alone")
    if shown.code != 0:
        return {"installed": False}
    if not _is_task(shown.stdout):
        raise Unknown("unreadable", "schtasks shows no task, and no error")
    found: dict[str, Any] = {"installed": True, "enabled": enabled(shown.stdout)}
    ran = attempt(lambda: dynamic(_dynamic_info(machine)))
    if isinstance(ran, Unknown):
        names = ("last_run", "last_result")
        entries = {name: ran.entry() for name in names}
        return {**found, **dict.fromkeys(names), "unknown": entries}
    return {**found, "last_run": ran[0], "last_result": ran[1]}


def _is_task(answer: bytes) -> bool:
    """Whether schtasks printed a task; Wine's prints nothing, and ends well."""
    return b"<Task" in answer.replace(b"\0", b"")


def enabled(answer: bytes) -> bool:
    """Whether the task's own settings let it start.

    ``answer`` is ``schtasks /Query /XML``, in whatever code page: the words sought are ASCII, and
    the same in every language. Absent means true, as the schema says.
    """
    settings = answer.replace(b"\0", b"").partition(b"<Settings>")[2]
    return re.search(rb"<Enabled>\s*false\s*</Enabled>", settings) is None


def _dynamic_info(machine: Machine) -> bytes:
    """The task's DynamicInfo; the texts of schtasks are translated, the registry is not."""
    identity = machine.registry_values(CACHE + "\\Tree\\" + NAME).get("Id")
    if not isinstance(identity, str):
        raise Unknown("not_found", "the task has no Id in " + CACHE)
    content = machine.registry_values(CACHE + "\\Tasks\\" + identity).get("DynamicInfo")
    if not isinstance(content, bytes):
        raise Unknown("not_found", "the task has no DynamicInfo in " + CACHE)
    return content


def dynamic(content: bytes) -> tuple[float | None, int | None]:
    """(seconds since 1970 of the last start, its result); None for a task that never ran.

    DynamicInfo is not documented by Microsoft. What its users agree on, little-endian: version,
    FILETIME of creation, FILETIME of the last start (12), state (20), last result (24).

    Raises:
        Unknown: it is too short.
    """
    if len(content) < _DYNAMIC_LENGTH:
        raise Unknown("unreadable", "DynamicInfo has %d bytes" % len(content))
    ticks = int.from_bytes(content[_LAST_RUN], "little")
    result = int.from_bytes(content[_RESULT], "little")
    if ticks == 0:
        return None, None
    return ticks / _TICKS - _EPOCH, None if result in _NO_RESULT else result

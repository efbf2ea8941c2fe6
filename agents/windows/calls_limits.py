"""The agent's own limits on Windows: the lowest priority, and a job that caps its memory.

Source: MS docs, "Job Objects", JOBOBJECT_EXTENDED_LIMIT_INFORMATION. Before Windows 8 a process
that is in a job already, as a scheduled task's is, cannot enter another.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p

from agents.outcome import attempt
from agents.windows.api import function, refused

_IDLE = 0x40  #: IDLE_PRIORITY_CLASS
_EXTENDED = 9  #: JobObjectExtendedLimitInformation
_PROCESS_MEMORY = 0x100  #: JOB_OBJECT_LIMIT_PROCESS_MEMORY


class Limits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION (MS docs, winnt.h), its basic part and I/O counters."""

    _fields_ = [
        ("process_time", c_int64),
        ("job_time", c_int64),
        ("flags", c_uint32),
        ("minimum_working_set", c_size_t),
        ("maximum_working_set", c_size_t),
        ("processes", c_uint32),
        ("affinity", c_size_t),
        ("priority_class", c_uint32),
        ("scheduling_class", c_uint32),
        ("counters", c_uint64 * 6),
        ("process_memory", c_size_t),
        ("job_memory", c_size_t),
        ("peak_process_memory", c_size_t),
        ("peak_job_memory", c_size_t),
    ]


def apply(most_memory: int) -> None:
    """Set both; what this Windows does not let us set stays as it is."""
    attempt(be_idle)
    attempt(cap_memory, most_memory)


def be_idle() -> None:
    """Run when nobody else wants the processor.

    Raises:
        Unknown: the system does not let us.
    """
    ask = function("kernel32", "SetPriorityClass", c_int32, c_void_p, c_uint32)
    if not ask(_this_process(), _IDLE):
        raise refused("SetPriorityClass")


def cap_memory(most: int) -> None:
    """No more than ``most`` bytes of committed memory; a request for more fails.

    Raises:
        Unknown: the system does not let us.
    """
    limits = Limits(flags=_PROCESS_MEMORY, process_memory=most)
    job = function("kernel32", "CreateJobObjectW", c_void_p, c_void_p, c_void_p)(None, None)
    types = (c_int32, c_void_p, c_int32, POINTER(Limits), c_uint32)
    limit = function("kernel32", "SetInformationJobObject", *types)
    if not job or not limit(job, _EXTENDED, byref(limits), ctypes.sizeof(limits)):
        raise refused("SetInformationJobObject")
    enter = function("kernel32", "AssignProcessToJobObject", c_int32, c_void_p, c_void_p)
    if not enter(job, _this_process()):
        raise refused("AssignProcessToJobObject")


def _this_process() -> int:
    return int(function("kernel32", "GetCurrentProcess", c_void_p)())

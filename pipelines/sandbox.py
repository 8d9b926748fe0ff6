"""A process that gives up for good what it does not need: memory, time, files, the network, other programs.

The operating system sets the limits (rlimits). On Linux a system-call filter (seccomp) also allows some forty calls,
none of which opens a file, a socket or a program.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
import sys

# Bytes that reading one file may take; on a smaller machine, half of its memory.
MOST_MEMORY = 2 * 2**30
# Processor seconds in its whole life, and how many more before one that does not end is killed.
MOST_SECONDS, GRACE = 3600, 5
PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, FILTER = 4, 22, 38, 2
ALLOWED, REFUSED, KILLED = 0x7FFF0000, 0x00050001, 0x80000000  # refused, as if permission were missing
# By machine: its audit number for system calls, and the calls that Python and a workbook reader need once loaded.
CALLS = {
    "x86_64": (
        0xC000003E,
        {
            "read": 0, "write": 1, "close": 3, "fstat": 5, "poll": 7, "lseek": 8, "mmap": 9, "mprotect": 10, "munmap": 11,
            "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "readv": 19,
            "writev": 20, "sched_yield": 24, "mremap": 25, "madvise": 28, "getpid": 39, "exit": 60, "getrusage": 98,
            "sigaltstack": 131, "gettid": 186, "futex": 202, "restart_syscall": 219, "clock_gettime": 228,
            "clock_nanosleep": 230, "exit_group": 231, "tgkill": 234, "getrandom": 318,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "close": 57, "lseek": 62, "read": 63, "write": 64, "readv": 65, "writev": 66, "ppoll": 73,
            "fstat": 80, "exit": 93, "exit_group": 94, "futex": 98, "clock_gettime": 113, "clock_nanosleep": 115,
            "restart_syscall": 128, "sched_yield": 124, "tgkill": 131, "sigaltstack": 132, "rt_sigaction": 134,
            "rt_sigprocmask": 135, "rt_sigreturn": 139, "getrusage": 165, "getpid": 172, "gettid": 178, "brk": 214,
            "munmap": 215, "mremap": 216, "mmap": 222, "mprotect": 226, "madvise": 233, "getrandom": 278,
        },
    ),
}  # fmt: skip


def enter(seconds: int = MOST_SECONDS) -> dict[str, bool]:
    """Gives up in this process all that this system lets it give up; returns whether memory, and files and network, were.
    `seconds`: its processor time."""
    return {"memory": _limit(seconds), "files and network": _filter()}


def _limit(seconds: int) -> bool:
    """Sets the system's limits; False if it has none, or none on memory."""
    try:
        import resource  # not on Windows
    except ImportError:  # Windows
        return False

    def most(which: int, value: int, beyond: int = 0) -> None:
        _, hard = resource.getrlimit(which)
        end = value + beyond if hard == resource.RLIM_INFINITY else min(value + beyond, hard)
        resource.setrlimit(which, (min(value, end), end))

    most(resource.RLIMIT_CORE, 0)
    most(resource.RLIMIT_FSIZE, 0)
    most(resource.RLIMIT_NOFILE, 16)
    most(resource.RLIMIT_CPU, seconds, GRACE)  # first a signal that gives the reason
    try:
        most(resource.RLIMIT_AS, memory())
    except (ValueError, OSError):  # macOS refuses it
        return False
    return True


def memory() -> int:
    """Bytes that reading may take on this machine."""
    try:
        return min(MOST_MEMORY, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2)
    except (AttributeError, ValueError, OSError):
        return MOST_MEMORY


def _filter() -> bool:
    """Installs the system-call filter; False if the system or this machine has none."""
    known = CALLS.get(platform.machine())
    if not sys.platform.startswith("linux") or not known or struct.calcsize("P") != 8:
        return False
    program = ctypes.create_string_buffer(_program(*known))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))

    told = Program(len(program) // 8, ctypes.addressof(program))
    with contextlib.suppress(OSError, AttributeError):
        control = ctypes.CDLL(None).prctl
        control(PR_SET_DUMPABLE, 0, 0, 0, 0)
        if control(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
            return control(PR_SET_SECCOMP, FILTER, ctypes.byref(told), 0, 0) == 0
    return False


def _program(architecture: int, calls: dict[str, int]) -> bytes:
    """The filter in the kernel's format: another machine's calls end the process, calls not on the list are refused."""
    load, equal, give = 0x20, 0x15, 0x06
    told = [(load, 0, 0, 4), (equal, 1, 0, architecture), (give, 0, 0, KILLED), (load, 0, 0, 0)]
    told += [(equal, len(calls) - place, 0, number) for place, number in enumerate(calls.values())]
    told += [(give, 0, 0, REFUSED), (give, 0, 0, ALLOWED)]
    return b"".join(struct.pack("=HBBI", *one) for one in told)

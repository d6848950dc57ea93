"""What keeps a submission where it is: the limits that its platform knows, set by the child before it runs any of it.

On Linux a filter of system calls (seccomp) takes away other processes and the network, and rules for files (Landlock)
everything on the disk but Python, its packages and a scratch folder. Neither needs a privilege. Elsewhere only the
limits of POSIX are there; on Windows none.
"""

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

LIMITS = ("clock", "processor time", "memory", "file size", "disk", "files", "processes", "network")
FILE_SIZE = 16 << 20
NO_NEW_PRIVILEGES, SET_FILTER, FILTER_MODE = 38, 22, 2  # of prctl
ALLOW, REFUSE, UNKNOWN = 0x7FFF0000, 0x50000 | 1, 0x50000 | 38  # what a filter returns: go on, EPERM, ENOSYS
LOAD, EQUAL, HAS_BITS, RETURN = 0x20, 0x15, 0x45, 0x06  # what a filter does with a number of the call
CALL, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # where these numbers are
THREAD = 0x10000

# By machine: its name for filters, clone, clone3, and two kinds of calls by their numbers. One may be about the calling
# process alone: kill tgkill prlimit64. Nobody needs the other here: fork vfork execve execveat, tkill *sigqueueinfo
# pidfd_*, ptrace process_vm_*, socket io_uring, *chmod* *chown* *setxattr, unshare setns mount umount reboot
# setpriority sched_setscheduler bpf.
SYSTEM_CALLS = {
    "x86_64": (
        (0xC000003E, 56, 435),
        "62 234 302",
        "57 58 59 322 200 129 297 424 434 438 101 310 311 41 425 90 91 268 452 92 93 94 260 188 189 190 "
        "272 308 165 166 169 141 144 321",
    ),
    "aarch64": (
        (0xC00000B7, 220, 435),
        "129 131 261",
        "221 281 130 138 240 424 434 438 117 270 271 198 425 52 53 452 54 55 5 6 7 97 268 40 39 142 140 119 280",
    ),
}
READ, LIST, RUN, EVERYTHING = 1 << 2, 1 << 3, 1 << 0, 0x1FFF  # of Landlock
READABLE = (
    *("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts", "/sys/devices", "/sys/fs/cgroup"),
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/dev/urandom", "/dev/zero"),
)


def confine(seconds: int, megabytes: int, scratch: Path, hidden: Iterable[Path]) -> list[str]:
    """Set what limits the platform knows; return the names of those `LIMITS` that are in force.

    Parameters
    ----------
    seconds, megabytes : int
        Processor time and memory.
    scratch : Path
        The only folder that may be written to.
    hidden : iterable of Path
        What must not be read although it lies among Python's packages.
    """
    in_force = ["clock", "disk", *_amounts(seconds, megabytes)]  # the parent keeps an eye on the first two
    if sys.platform.startswith("linux"):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        if _only_these_files(libc, scratch, [path.resolve() for path in hidden]):
            in_force.append("files")
        if _no_others(libc):
            in_force += ["processes", "network"]
    return in_force


def _amounts(seconds: int, megabytes: int) -> list[str]:
    try:
        import resource
    except ImportError:  # Windows knows none of these
        return []
    limits = [("processor time", resource.RLIMIT_CPU, seconds), ("file size", resource.RLIMIT_FSIZE, FILE_SIZE)]
    if sys.platform.startswith("linux"):  # macOS takes a limit of memory, and doesn't keep to it
        limits.append(("memory", resource.RLIMIT_DATA, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    in_force = []
    for name, what, amount in limits:
        try:
            resource.setrlimit(what, (amount, amount))
            in_force.append(name)
        except (ValueError, OSError):  # the limit that is set already is lower, or the platform doesn't know it
            continue
    return in_force


def _no_others(libc: ctypes.CDLL) -> bool:
    """Refuse to start processes, to signal or read others, and to open sockets; say whether that worked."""
    if platform.machine() not in SYSTEM_CALLS:
        return False
    (architecture, clone, clone3), about_oneself, refused = SYSTEM_CALLS[platform.machine()]
    program = [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, architecture), (RETURN, 0, 0, REFUSE), (LOAD, 0, 0, CALL)]
    program += [(0x35, 0, 1, 1 << 30), (RETURN, 0, 0, REFUSE)]  # the calls of other data models
    for number in map(int, refused.split()):
        program += [(EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE)]
    program += [(EQUAL, 0, 1, clone3), (RETURN, 0, 0, UNKNOWN)]  # its flags can't be seen; the C library takes clone
    argument = (LOAD, 0, 0, FIRST_ARGUMENT)
    program += [(EQUAL, 0, 4, clone), argument, (HAS_BITS, 0, 1, THREAD), (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE)]
    for number in map(int, about_oneself.split()):
        mine = [(EQUAL, 2, 0, os.getpid()), (EQUAL, 1, 0, 0), (RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW)]
        program += [(EQUAL, 0, 5, number), argument, *mine]
    program.append((RETURN, 0, 0, ALLOW))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    whole = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(program), ctypes.addressof(code)))
    return bool(libc.prctl(SET_FILTER, FILTER_MODE, whole, 0, 0) == 0)


def _only_these_files(libc: ctypes.CDLL, scratch: Path, hidden: list[Path]) -> bool:
    """Refuse all files but Python's, what they need, and the scratch folder; say whether that worked."""
    create, add, restrict = 444, 445, 446
    version = libc.syscall(create, None, 0, 1)
    if version < 1:
        return False
    everything = EVERYTHING | (1 << 13 if version > 1 else 0) | (1 << 14 if version > 2 else 0)
    rules = libc.syscall(create, ctypes.create_string_buffer(struct.pack("Q", everything)), 8, 0)
    if rules < 0:
        return False
    writable = [(scratch, everything), (Path(os.devnull), READ | 1 << 1)]
    roots = {Path(each).resolve() for each in (*READABLE, sys.prefix, sys.base_prefix, *filter(None, sys.path))}
    readable = [(path, READ | RUN | LIST) for root in roots for path in _without(root, hidden)]
    for path, access in readable + writable:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
        allowed = access if path.is_dir() else access & ~LIST
        libc.syscall(add, rules, 1, ctypes.create_string_buffer(struct.pack("=Qi", allowed, folder)), 0)
        os.close(folder)
    done = libc.syscall(restrict, rules, 0) == 0
    os.close(rules)
    return done


def _without(path: Path, hidden: list[Path]) -> Iterator[Path]:
    """Yield a path; where something hidden lies below it, what is beside that instead."""
    if path in hidden or not path.exists():
        return
    if any(each.is_relative_to(path) for each in hidden):
        for entry in path.iterdir():
            if not entry.is_symlink():
                yield from _without(entry, hidden)
    else:
        yield path

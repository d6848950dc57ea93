"""The child that runs a submission: definitions in, facts out. It judges nothing, so it can't be talked into anything.

``python -m chainrule.course.sandbox`` reads a job from stdin and writes what it observed to the file descriptor named
there. Its parent made it a process of its own, in a scratch folder, with limits.
"""

import json
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Any

PATIENCE = 10.0  # seconds for one exercise
PRIVATE = ("chainrule.course", "chainrule.mistakes")


def limit(seconds: int, megabytes: int) -> list[str]:
    """Set what limits the platform knows; return the names of those that are in force."""
    in_force: list[str] = []
    try:
        import resource
    except ImportError:  # Windows knows none of these
        return in_force
    for name, what, amount in (
        ("processor time", resource.RLIMIT_CPU, seconds),
        ("memory", resource.RLIMIT_DATA, megabytes << 20),
        ("file size", resource.RLIMIT_FSIZE, 16 << 20),
    ):
        try:
            resource.setrlimit(what, (amount, amount))
            in_force.append(name)
        except (ValueError, OSError):
            continue
    return in_force + (["network"] if _cut_off_network() else [])


def _cut_off_network() -> bool:
    """Move to a network of one's own, without any device in it; Linux alone knows that."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    new_user, new_network = 0x10000000, 0x40000000
    libc = ctypes.CDLL(None, use_errno=True)
    return any(libc.unshare(flags) == 0 for flags in (new_network, new_user | new_network))


class NotForSubmissions(ImportError):
    """A module that a submission can't have while it is graded."""


class _Closed(MetaPathFinder):
    """Refuses to import the grader's own rooms."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name.startswith(PRIVATE):
            raise NotForSubmissions(f"{name} is not available to a submission that is being graded")


def close_the_grader() -> None:
    """Take the grader's modules out of reach of the code that runs from now on."""
    import chainrule

    for name in [name for name in sys.modules if name.startswith(PRIVATE)]:
        del sys.modules[name]
    for name in ("course", "mistakes"):
        vars(chainrule).pop(name, None)
    vars(chainrule)["check"] = lambda *arguments, **settings: None
    sys.meta_path.insert(0, _Closed())


def namespace_from(definitions: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """Execute the definitions one by one; return the names they made, and the errors of those that failed."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    errors = []
    for each in definitions:
        try:
            exec(compile(each["source"], f"<{each['cell'] or 'script'}>", "exec"), namespace)
        except NotForSubmissions:  # such as a lesson's own helpers, which no answer needs
            continue
        except (Exception, SystemExit) as error:
            errors.append(f"{each['cell']}, line {each['line']}: {type(error).__name__}: {error}")
    return namespace, errors


def main() -> None:
    """Run one job."""
    job = json.load(sys.stdin)
    out = os.fdopen(job["descriptor"], "w", encoding="utf-8")
    from chainrule.course.exercise import load
    from chainrule.course.witness import testify  # before the grader is closed

    def say(message: dict[str, Any]) -> None:
        out.write(json.dumps({"key": key, **message}) + "\n")
        out.flush()

    key = job["key"]
    exercises = [exercise for exercise in load().values() if not job["only"] or exercise.name in job["only"]]
    limits = limit(job["seconds"], job["megabytes"])
    close_the_grader()
    namespace, errors = namespace_from(job["definitions"])
    say({"limits": limits, "errors": errors})
    testify(namespace, exercises, job["seeds"], min(PATIENCE, job["seconds"] / 2), say)
    say({"done": True})


if __name__ == "__main__":
    main()
